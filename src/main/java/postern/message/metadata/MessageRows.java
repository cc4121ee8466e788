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
        return of(messages, epoch, loader, fields, ChosenHeaders.NONE);
    }

    /**
     * As above, with chosen header fields, which the loader has fetched {@linkplain
     * ChosenHeaders#items() alongside}.
     */
    public static List<MessageSummary> of(
            List<FetchedMessage> messages,
            MailboxEpoch epoch,
            MetadataLoader loader,
            Set<MessageField> fields,
            ChosenHeaders chosen) {
        loader.preview(messages);
        if (fields.contains(MessageField.ATTACHMENTS)) {
            loader.files(messages);
        }
        var headers = loader.headers(chosen, messages);
        var mailboxId = MailboxId.of(epoch.mailbox());
        var rows = new ArrayList<MessageSummary>(messages.size());
        for (var message : messages) {
            var metadata = loader.of(message.uid());
            if (metadata != null) {
                var id = MessageId.of(epoch.message(message.uid()));
                var row = MessageSummary.of(id, mailboxId, message.flags(), metadata, fields);
                var content = content(message, metadata, headers, fields);
                rows.add(content.equals(RowContent.NONE) ? row : row.with(content));
            }
        }
        return rows;
    }

    private static RowContent content(
            FetchedMessage message,
            MessageMetadata metadata,
            HeaderLoader headers,
            Set<MessageField> fields) {
        boolean lacksFiles =
                fields.contains(MessageField.ATTACHMENTS) && metadata.parts().files() == null;
        return new RowContent(
                null,
                headers.of(message.uid()),
                null,
                null,
                lacksFiles || headers.lacks(message.uid()));
    }
}
