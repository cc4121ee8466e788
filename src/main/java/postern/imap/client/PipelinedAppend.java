package postern.imap.client;

import postern.account.AccountTag;
import postern.imap.AppendOutcome;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.client.command.AppendCommand;
import postern.imap.message.MessageToAppend;

/** One of several APPENDs, and how far it got. */
final class PipelinedAppend {

    private final MessageToAppend message;
    private final AppendCommand command;

    PipelinedAppend(MailboxName mailbox, MessageToAppend message) {
        this.message = message;
        this.command =
                AppendCommand.append(
                        mailbox, message.flags(), message.internalDate(), message.octets());
    }

    MessageToAppend message() {
        return message;
    }

    AppendCommand command() {
        return command;
    }

    /**
     * @param lost what became of the connection, where the server did not say what became of the
     *     message; one that it has not been sent to the very end is never stored
     * @param accountTag of the account that a message which was stored belongs to
     */
    AppendOutcome outcome(ImapException lost, AccountTag accountTag) {
        if (command.ok()) {
            return new AppendOutcome.Stored(command.appended(accountTag));
        }
        if (lost instanceof ImapException.ConnectionLost it && it.literalRefused()) {
            return new AppendOutcome.NotStored(lost);
        }
        if (command.ended()) {
            try {
                command.throwUnlessOk();
            } catch (ImapException e) {
                return new AppendOutcome.NotStored(e);
            }
        }
        return command.mayHaveChanged()
                ? new AppendOutcome.Unknown(lost)
                : new AppendOutcome.NotStored(
                        new ImapException.ConnectionLost(
                                "the connection was lost before the message was sent", lost));
    }
}
