package postern.message.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.imap.message.FetchedMessage;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** Makes rows of messages whose metadata a loader knows. */
public final class MessageRows {

    private MessageRows() {}

    /** A message that was expunged between two commands has no metadata; it is left out. */
    public static List<MessageSummary> of(
            List<FetchedMessage> messages,
            MailboxEpoch epoch,
            MetadataLoader loader,
            Set<MessageField> fields) {
        loader.preview(messages);
        var mailboxId = MailboxId.of(epoch.mailbox());
        var rows = new ArrayList<MessageSummary>(messages.size());
        for (var message : messages) {
            var metadata = loader.of(message.uid());
            if (metadata != null) {
                var id = MessageId.of(epoch.message(message.uid()));
                rows.add(MessageSummary.of(id, mailboxId, message.flags(), metadata, fields));
            }
        }
        return rows;
    }
}
