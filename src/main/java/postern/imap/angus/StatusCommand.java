package postern.imap.angus;

import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.ResponseCode;

/** STATUS (RFC 9051 §6.3.11). */
final class StatusCommand extends Command {

    private final MailboxName mailbox;
    private final Capabilities capabilities;
    private @Nullable MailboxStatus status;

    StatusCommand(MailboxName mailbox, Capabilities capabilities) {
        super("STATUS");
        this.mailbox = mailbox;
        this.capabilities = capabilities;
    }

    static String items(Capabilities capabilities) {
        return "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
                + (capabilities.condStore() ? " HIGHESTMODSEQ" : "")
                + (capabilities.statusSize() ? " SIZE)" : ")");
    }

    @Override
    void write(CommandLine line) {
        line.words("STATUS ").mailbox(mailbox).space().words(items(capabilities));
    }

    MailboxName mailbox() {
        return mailbox;
    }

    @Override
    boolean take(Response response) {
        int start = response.position();
        if (response.skipWord("STATUS")) {
            var name = mailboxName(response);
            if (mailbox.equals(name)) {
                status = parse(response);
                return true;
            }
        }
        response.seek(start);
        return false;
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        var exception = super.refusal(code, text);
        return exception instanceof ImapException.NotPossible
                ? new ImapException.MailboxNotFound(code)
                : exception;
    }

    @Nullable MailboxStatus status() {
        return status;
    }

    /** A mailbox name in a response; null for one that no mailbox can have. */
    static @Nullable MailboxName mailboxName(Response response) {
        response.skipSpaces();
        var wire = response.latin1();
        try {
            return wire == null ? new MailboxName("NIL") : new MailboxName(wire);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Reads the items behind the name. */
    static MailboxStatus parse(Response response) {
        long messages = 0;
        long unseen = 0;
        long uidNext = 0;
        long uidValidity = 0;
        Long highestModSeq = null;
        Long size = null;
        response.skipSpaces();
        response.expect('(');
        response.skipSpaces();
        while (!response.skip(')')) {
            var item = response.itemName();
            response.skipSpaces();
            switch (item) {
                case "MESSAGES" -> messages = response.number();
                case "UNSEEN" -> unseen = response.number();
                case "UIDNEXT" -> uidNext = response.number();
                case "UIDVALIDITY" -> uidValidity = response.number();
                case "HIGHESTMODSEQ" -> highestModSeq = response.number();
                case "SIZE" -> size = response.number();
                default -> response.skipValue();
            }
            response.skipSpaces();
        }
        return new MailboxStatus(messages, unseen, uidNext, uidValidity, highestModSeq, size);
    }
}
