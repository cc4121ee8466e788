package postern.message.metadata;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.imap.message.FetchItem;
import postern.imap.message.Flag;
import postern.message.part.HeaderField;
import postern.message.part.HtmlContent;
import postern.message.part.TextContent;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/// A message as a list shows it. `id`, `mailboxId`, `order`, `keywords` and `receivedAt` always
/// come; other fields that were not asked for are absent.
///
/// @param order Its place in the mailbox: a message with a higher number came into it later. The
///   number stays until the mailbox is numbered anew, which voids the id as well.
/// @param keywords The flags (RFC 8621 §4.1.1): each is `true`. Absent as well where the mail
///   server does not tell them in a way that can be read.
/// @param receivedAt When it arrived in the mailbox.
/// @param size Its size in octets, attachments included.
/// @param subject Absent as well where the message has none.
/// @param sentAt When the sender says to have sent it, with the offset from UTC that was written;
///   absent as well where it does not say.
/// @param internetMessageId Its Message-ID header, without angle brackets.
/// @param inReplyTo The Message-IDs that it answers.
/// @param hasAttachment Whether it has a file that is not shown within its text.
/// @param attachments Its files; only when `fields` names them.
/// @param preview The beginning of its text in one line.
/// @param threadId Its thread in the whole account, where the mail server itself knows threads (RFC
///   8474, or Gmail).
/// @param emailId The mail server's id of the message itself, where it has one (RFC 8474, or
///   Gmail): the same for the copies in other mailboxes, and after a move, where `id` is another
///   one.
/// @param automatic How it tells that it should get no automatic answer; empty where it tells
///   nothing of the kind. Only when `fields` names it.
/// @param list The mailing list that it came by; absent as well where it tells of none. Only when
///   `fields` names it.
/// @param receiptRequested The receipt that its sender asks for; absent as well where none is asked
///   for. Only when `fields` names it.
/// @param matchedIn Where the texts of a search were found, as far as the message's line shows it,
///   and `bcc` and `header` where that is certain; absent in lists, and empty when they are further
///   down in the message.
/// @param headers The fields of its header that `headerFields` asks for, or all of them with
///   `include=headers`, in their order; empty where it has none of them.
/// @param text With `include=text`.
/// @param html With `include=html`.
/// @param degraded Present and true when the mail server's description of the message was
///   unreadable, so that some fields may be missing; or when a field has more than 5,000 addresses,
///   of which the rest is left out.
public record MessageSummary(
        MessageId id,
        MailboxId mailboxId,
        long order,
        @Nullable Keywords keywords,
        @Nullable Instant receivedAt,
        @Nullable Long size,
        @Nullable String subject,
        @Nullable List<EmailAddress> from,
        @Nullable List<EmailAddress> to,
        @Nullable List<EmailAddress> cc,
        @Nullable OffsetDateTime sentAt,
        @Schema(example = "20260301.4711@example.org") @Nullable String internetMessageId,
        @Nullable List<String> inReplyTo,
        @Nullable Boolean hasAttachment,
        @Nullable List<MessageAttachment> attachments,
        @Nullable String preview,
        @Nullable ThreadId threadId,
        @Schema(example = "M00000001") @Nullable String emailId,
        @Nullable List<AutomaticKind> automatic,
        @Nullable MailingList list,
        @Nullable RequestedReceipt receiptRequested,
        @Nullable List<MatchedField> matchedIn,
        @Nullable List<HeaderField> headers,
        @Nullable TextContent text,
        @Nullable HtmlContent html,
        @Nullable Boolean degraded) {

    public static MessageSummary of(
            MessageId id,
            MailboxId mailboxId,
            @Nullable Collection<Flag> flags,
            MessageMetadata metadata,
            Set<MessageField> fields) {
        var only = new Only(fields);
        return new MessageSummary(
                id,
                mailboxId,
                id.message().uid(),
                Keywords.ofKnown(flags),
                metadata.receivedAt(),
                only.of(MessageField.SIZE, metadata.size()),
                only.of(MessageField.SUBJECT, metadata.header().subject()),
                only.of(MessageField.FROM, metadata.addresses().from()),
                only.of(MessageField.TO, metadata.addresses().to()),
                only.of(MessageField.CC, metadata.addresses().cc()),
                only.of(MessageField.SENT_AT, metadata.header().sentAt()),
                only.of(MessageField.INTERNET_MESSAGE_ID, metadata.header().internetMessageId()),
                only.of(MessageField.IN_REPLY_TO, metadata.header().inReplyTo()),
                only.of(MessageField.HAS_ATTACHMENT, metadata.parts().hasAttachment()),
                only.of(MessageField.ATTACHMENTS, attachments(id, metadata)),
                only.of(MessageField.PREVIEW, metadata.preview()),
                only.of(MessageField.THREAD_ID, threadId(metadata)),
                only.of(MessageField.EMAIL_ID, id.within() ? null : metadata.emailId()),
                only.of(MessageField.AUTOMATIC, automatic(metadata)),
                only.of(MessageField.LIST, metadata.origin().list()),
                only.of(
                        MessageField.RECEIPT_REQUESTED,
                        receipt(metadata, id.within() ? null : flags)),
                null,
                null,
                null,
                null,
                metadata.degraded() || lacksOrigin(metadata, fields) ? true : null);
    }

    /** Null where the mail server does not tell the header. */
    public static @Nullable List<AutomaticKind> automatic(MessageMetadata metadata) {
        return metadata.items().contains(FetchItem.AUTOMATIC)
                ? metadata.origin().automatic()
                : null;
    }

    /**
     * @param flags null where they are not known
     */
    public static @Nullable RequestedReceipt receipt(
            MessageMetadata metadata, @Nullable Collection<Flag> flags) {
        var receipt = metadata.origin().receipt();
        return receipt == null ? null : receipt.inStateOf(flags);
    }

    private static boolean lacksOrigin(MessageMetadata metadata, Set<MessageField> fields) {
        return fields.contains(MessageField.AUTOMATIC)
                        && !metadata.items().contains(FetchItem.AUTOMATIC)
                || fields.contains(MessageField.LIST) && !metadata.items().contains(FetchItem.LIST)
                || fields.contains(MessageField.RECEIPT_REQUESTED)
                        && !metadata.items().contains(FetchItem.RECEIPT);
    }

    /** With all of its fields. */
    public static MessageSummary of(
            MessageRef ref, @Nullable Collection<Flag> flags, MessageMetadata metadata) {
        var mailboxId = MailboxId.of(ref.mailbox());
        return of(MessageId.of(ref), mailboxId, flags, metadata, MessageField.ALL);
    }

    /** The metadata items that are needed for all fields, without flags. */
    public static Set<FetchItem> items() {
        return MessageField.items(MessageField.ALL);
    }

    public static @Nullable ThreadId threadId(MessageMetadata metadata) {
        return metadata.threadId() == null ? null : ThreadId.ofServer(metadata.threadId());
    }

    public MessageSummary with(Keywords otherKeywords) {
        return new MessageSummary(
                id,
                mailboxId,
                order,
                otherKeywords,
                receivedAt,
                size,
                subject,
                from,
                to,
                cc,
                sentAt,
                internetMessageId,
                inReplyTo,
                hasAttachment,
                attachments,
                preview,
                threadId,
                emailId,
                automatic,
                list,
                receipt(otherKeywords),
                matchedIn,
                headers,
                text,
                html,
                degraded);
    }

    public MessageSummary with(List<MatchedField> matches) {
        return new MessageSummary(
                id,
                mailboxId,
                order,
                keywords,
                receivedAt,
                size,
                subject,
                from,
                to,
                cc,
                sentAt,
                internetMessageId,
                inReplyTo,
                hasAttachment,
                attachments,
                preview,
                threadId,
                emailId,
                automatic,
                list,
                receiptRequested,
                matches,
                headers,
                text,
                html,
                degraded);
    }

    public MessageSummary with(RowContent content) {
        return new MessageSummary(
                id,
                mailboxId,
                order,
                keywords,
                receivedAt,
                size,
                subject,
                from,
                to,
                cc,
                sentAt,
                internetMessageId,
                inReplyTo,
                hasAttachment,
                content.attachments() == null ? attachments : content.attachments(),
                preview,
                threadId,
                emailId,
                automatic,
                list,
                receiptRequested,
                matchedIn,
                content.headers(),
                content.text(),
                content.html(),
                content.degraded() ? Boolean.TRUE : degraded);
    }

    private @Nullable RequestedReceipt receipt(Keywords known) {
        return receiptRequested == null
                ? null
                : receiptRequested.with(known.has(RequestedReceipt.SENT));
    }

    private static @Nullable List<MessageAttachment> attachments(
            MessageId id, MessageMetadata metadata) {
        var files = metadata.parts().files();
        return files == null
                ? null
                : files.stream().map(file -> MessageAttachment.of(id, file)).toList();
    }

    private record Only(Set<MessageField> fields) {
        <T> @Nullable T of(MessageField field, @Nullable T value) {
            return fields.contains(field) ? value : null;
        }
    }
}
