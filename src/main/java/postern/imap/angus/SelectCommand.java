package postern.imap.angus;

import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;

/** SELECT or EXAMINE (RFC 9051 §6.3.2, §6.3.3). */
final class SelectCommand extends Command {

    private final MailboxName mailbox;
    private final Access access;
    private final boolean condStore;
    private final Selection selection;

    SelectCommand(MailboxName mailbox, Access access, Capabilities capabilities) {
        super("SELECT");
        this.mailbox = mailbox;
        this.access = access;
        this.condStore = capabilities.condStore();
        this.selection = new Selection(mailbox, access);
    }

    @Override
    void write(CommandLine line) {
        line.words(access == Access.READ_ONLY ? "EXAMINE " : "SELECT ").mailbox(mailbox);
        if (condStore) {
            line.words(" (CONDSTORE)");
        }
    }

    @Override
    boolean take(Response response) {
        return selection.take(response);
    }

    @Override
    void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        if (hasCode("READ-ONLY")) {
            selection.onlyToRead();
        }
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        var exception = super.refusal(code, text);
        // A plain NO to SELECT nearly always means this; servers phrase it in many ways.
        return exception instanceof ImapException.NotPossible
                ? new ImapException.MailboxNotFound(code)
                : exception;
    }

    Selection selection() {
        return selection;
    }
}
