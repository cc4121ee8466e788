package postern.imap.client.command;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;

/** STATUS (RFC 9051 §6.3.11). */
public final class StatusCommand extends Command {

    private final MailboxName mailbox;
    private final Capabilities capabilities;
    private @Nullable MailboxStatus status;

    public StatusCommand(MailboxName mailbox, Capabilities capabilities) {
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
    public void write(CommandLine line) {
        line.words("STATUS ").mailbox(mailbox).space().words(items(capabilities));
    }

    /** The extension whose item may be what the server does not understand; null for none. */
    public @Nullable String suspect() {
        if (!misunderstood()) {
            return null;
        }
        if (capabilities.statusSize()) {
            return RefusedCapabilities.STATUS_SIZE;
        }
        return capabilities.condStore() ? RefusedCapabilities.CONDSTORE : null;
    }

    public MailboxName mailbox() {
        return mailbox;
    }

    /** What cannot be read says nothing, and costs neither the connection nor other mailboxes. */
    @Override
    public boolean take(Response response) {
        int start = response.position();
        if (response.skipWord("STATUS")) {
            try {
                if (mailbox.equals(nameBeforeList(response))) {
                    status = parse(response);
                    return true;
                }
            } catch (MalformedResponse _) {
                return true;
            }
        }
        response.seek(start);
        return false;
    }

    /** A server may not count a mailbox for many reasons: that it is gone is only one of them. */
    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        var without = ServerRefusals.withoutName(text, mailbox);
        var exception = super.refusal(code, without);
        return exception instanceof ImapException.MailboxNotFound
                        && !ServerRefusals.saysThereIsNone(code, without)
                ? new ImapException.NotPossible("the mail server does not count this mailbox", code)
                : exception;
    }

    public @Nullable MailboxStatus status() {
        return status;
    }

    /** A mailbox name in a response; null for one that no mailbox can have. */
    static @Nullable MailboxName mailboxName(Response response) {
        response.skipSpaces();
        return nameOf(response.latin1());
    }

    /** The same where a list follows: some servers have names with blanks without quotes. */
    static @Nullable MailboxName nameBeforeList(Response response) {
        response.skipSpaces();
        return nameOf(response.bareName(rest -> rest.lastIndexOf(" (")));
    }

    /** The same where it is the last of the response, or a list of strings follows. */
    static @Nullable MailboxName nameAtEnd(Response response) {
        response.skipSpaces();
        return nameOf(response.bareName(rest -> rest.indexOf(" (\"")));
    }

    private static @Nullable MailboxName nameOf(@Nullable String wire) {
        try {
            return wire == null ? new MailboxName("NIL") : new MailboxName(wire);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Reads the items behind the name; what is not told, or is no number, stays unknown. */
    static MailboxStatus parse(Response response) {
        var told = new HashMap<String, Long>();
        response.skipSpaces();
        if (!response.skip('(')) {
            return MailboxStatus.UNTOLD;
        }
        response.skipSpaces();
        try {
            while (!response.skip(')') && !response.atEnd()) {
                item(response, told);
                response.skipSpaces();
            }
        } catch (MalformedResponse _) {
            // what was told before holds
        }
        return new MailboxStatus(
                told.get("MESSAGES"),
                told.get("UNSEEN"),
                told.get("UIDNEXT"),
                told.get("UIDVALIDITY"),
                told.get("HIGHESTMODSEQ"),
                told.get("SIZE"));
    }

    private static void item(Response response, Map<String, Long> told) {
        var item = response.itemName();
        response.skipSpaces();
        int next = response.peek();
        if (next >= '0' && next <= '9') {
            told.put(item, response.number());
        } else {
            response.skipValue();
        }
    }
}
