package postern.imap.angus;

import postern.imap.AppendOutcome;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.NewMessage;

/** One of several APPENDs, and how far it got. */
final class PipelinedAppend {

    private final NewMessage message;
    private final AppendCommand command;
    private boolean sent;

    PipelinedAppend(MailboxName mailbox, NewMessage message) {
        this.message = message;
        this.command =
                AppendCommand.append(
                        mailbox, message.flags(), message.internalDate(), message.octets());
    }

    NewMessage message() {
        return message;
    }

    AppendCommand command() {
        return command;
    }

    /**
     * @param whole whether the server has been sent the message to its very end; one that it has
     *     not is never stored
     */
    void sent(boolean whole) {
        sent = whole;
    }

    /**
     * @param lost what became of the connection, where the server did not say what became of the
     *     message
     */
    AppendOutcome outcome(ImapException lost) {
        if (command.ok()) {
            return new AppendOutcome.Stored(command.appended());
        }
        if (command.ended()) {
            try {
                command.throwUnlessOk();
            } catch (ImapException e) {
                return new AppendOutcome.NotStored(e);
            }
        }
        return sent
                ? new AppendOutcome.Unknown(lost)
                : new AppendOutcome.NotStored(
                        new ImapException.ConnectionLost(
                                "the connection was lost before the message was sent", lost));
    }
}
