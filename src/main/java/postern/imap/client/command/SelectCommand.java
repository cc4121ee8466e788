package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;
import postern.imap.SelectedState;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;

/** SELECT or EXAMINE (RFC 9051 §6.3.2, §6.3.3). */
public final class SelectCommand extends Command {

    private final MailboxName mailbox;
    private final Access access;
    private final boolean condStore;
    private final SelectionState selection;
    private @Nullable SelectedState opened;

    public SelectCommand(MailboxName mailbox, Access access, Capabilities capabilities) {
        super("SELECT");
        this.mailbox = mailbox;
        this.access = access;
        this.condStore = capabilities.condStore();
        this.selection = new SelectionState(mailbox, access);
    }

    @Override
    public void write(CommandLine line) {
        line.words(access == Access.READ_ONLY ? "EXAMINE " : "SELECT ").mailbox(mailbox);
        if (condStore) {
            line.words(" (CONDSTORE)");
        }
    }

    @Override
    public boolean take(Response response) {
        return selection.take(response);
    }

    @Override
    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        if (hasCode("READ-ONLY")) {
            selection.openedReadOnly();
        }
        opened = selection.state();
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return notFoundOnlyIfStated(super.refusal(code, withoutName(text)), code, text);
    }

    @Override
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        return notFoundOnlyIfStated(super.misunderstanding(code, withoutName(text)), code, text);
    }

    private String withoutName(String text) {
        return ServerRefusals.withoutName(text, mailbox);
    }

    /**
     * Servers refuse to open mailboxes for many reasons, so that MailboxNotFound is only for those
     * that say so.
     */
    private ImapException notFoundOnlyIfStated(
            ImapException exception, @Nullable ResponseCode code, String text) {
        return exception instanceof ImapException.NotPossible
                        || exception instanceof ImapException.MailboxNotFound
                                && !ServerRefusals.saysNonexistent(code, withoutName(text))
                ? new ImapException.NotPossible("the mail server does not open this mailbox", code)
                : exception;
    }

    /** The counters when the mailbox was opened; null before that. */
    public @Nullable SelectedState opened() {
        return opened;
    }

    public SelectionState selection() {
        return selection;
    }
}
