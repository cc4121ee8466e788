package postern.imap.client;

import java.io.InputStream;
import postern.account.AccountTag;
import postern.imap.AppendOutcome;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.client.command.AppendCommand;
import postern.imap.message.MessageToAppend;

/** An APPEND or REPLACE and the message that is its literal. */
record PipelinedAppend(AppendCommand command, InputStream content) {

    static PipelinedAppend of(MailboxName mailbox, MessageToAppend message) {
        return new PipelinedAppend(
                AppendCommand.append(
                        mailbox, message.flags(), message.internalDate(), message.octets()),
                message.content());
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
        var refusal = command.failure();
        if (refusal != null) {
            return new AppendOutcome.NotStored(refusal);
        }
        return command.mayHaveChanged()
                ? new AppendOutcome.Unknown(lost)
                : new AppendOutcome.NotStored(
                        new ImapException.ConnectionLost(
                                "the connection was lost before the message was sent", lost));
    }
}
