package postern.message;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.message.metadata.Include;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.RowContent;
import postern.message.part.HeaderField;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/**
 * One of many messages as it was read; it is decoded later, when the connection is given back.
 *
 * @param id as the caller sent it
 * @param headers the chosen header fields; null when none were chosen, or all are asked for
 * @param read null when no content was asked for
 * @param degraded whether something that was asked for could not be read
 */
record FoundMessage(
        MessageId id,
        @Nullable Set<Flag> flags,
        MessageMetadata metadata,
        @Nullable List<HeaderField> headers,
        @Nullable ReadMessage read,
        boolean degraded) {

    MessageSummary row(MessagesQuery query) {
        var row =
                MessageSummary.of(
                        id, MailboxId.of(id.message().mailbox()), flags, metadata, query.fields());
        return row.with(
                new RowContent(
                        null,
                        read != null && query.include().contains(Include.HEADERS)
                                ? MessageDetail.decoded(read.header())
                                : headers,
                        read == null ? null : MessageDetail.text(read),
                        read == null ? null : MessageDetail.html(read),
                        degraded));
    }
}
