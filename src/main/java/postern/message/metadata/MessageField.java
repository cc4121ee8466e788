package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItem;

/// A field of a message in a list.
public enum MessageField {
    ID("id"),
    MAILBOX_ID("mailboxId"),
    KEYWORDS("keywords"),
    RECEIVED_AT("receivedAt", FetchItem.INTERNAL_DATE),
    SIZE("size", FetchItem.SIZE),
    SUBJECT("subject", FetchItem.ENVELOPE),
    FROM("from", FetchItem.FROM, FetchItem.ENVELOPE),
    TO("to", FetchItem.TO, FetchItem.ENVELOPE),
    CC("cc", FetchItem.CC, FetchItem.ENVELOPE),
    SENT_AT("sentAt", FetchItem.ENVELOPE),
    INTERNET_MESSAGE_ID("internetMessageId", FetchItem.ENVELOPE),
    IN_REPLY_TO("inReplyTo", FetchItem.ENVELOPE),
    HAS_ATTACHMENT("hasAttachment", FetchItem.BODY_STRUCTURE),
    ATTACHMENTS("attachments", FetchItem.BODY_STRUCTURE),
    PREVIEW("preview", FetchItem.PREVIEW),
    THREAD_ID("threadId", FetchItem.THREAD_ID),
    EMAIL_ID("emailId", FetchItem.EMAIL_ID),
    AUTOMATIC("automatic", FetchItem.AUTOMATIC),
    LIST("list", FetchItem.LIST),
    RECEIPT_REQUESTED("receiptRequested", FetchItem.RECEIPT);

    /** All but those that cost more, and are answered only when they are named. */
    public static final Set<MessageField> ALL =
            Set.copyOf(
                    EnumSet.complementOf(
                            EnumSet.of(ATTACHMENTS, AUTOMATIC, LIST, RECEIPT_REQUESTED)));

    private final String id;
    private final Set<FetchItem> items;

    MessageField(String id, FetchItem... items) {
        this.id = id;
        this.items = Set.of(items);
    }

    @JsonValue
    String id() {
        return id;
    }

    /** The fields that a request asks for, all when it names none. */
    public static Set<MessageField> of(@Nullable Collection<MessageField> asked) {
        return asked == null || asked.isEmpty() ? ALL : Set.copyOf(asked);
    }

    /** The FETCH items for these fields, without those that can change. */
    public static Set<FetchItem> items(Collection<MessageField> fields) {
        return Stream.concat(Stream.of(RECEIVED_AT), fields.stream())
                .flatMap(field -> field.items.stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
