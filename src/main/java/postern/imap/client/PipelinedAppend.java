package postern.imap.client;

import postern.account.AccountTag;
import postern.imap.AppendOutcome;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.client.command.AppendCommand;
import postern.imap.message.MessageToAppend;

/** One of several pipelined APPENDs, and its progress. */
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
     * @param lost why the connection ended, for a message without a result; a message that was not
     *     sent completely is never stored
     * @param accountTag the tag of the account to which a stored message belongs
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
