package postern.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.RawText;
import postern.message.change.MessageETag;
import postern.message.metadata.AddressFields;
import postern.message.metadata.AutomaticKind;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.Include;
import postern.message.metadata.Keywords;
import postern.message.metadata.MailingList;
import postern.message.metadata.MessageAttachment;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.RequestedReceipt;
import postern.message.part.AttachedFile;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.HtmlContent;
import postern.message.part.MessageIds;
import postern.message.part.TextContent;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/// A message.
///
/// @param keywords The flags (RFC 8621 §4.1.1): each is `true`. Absent where the mail server does
///   not tell them in a way that can be read.
/// @param receivedAt When it arrived in the mailbox.
/// @param size Its size in octets, attachments included.
/// @param sender Who sent it, where its header says so.
/// @param replyTo Who gets the answers, where its header says so.
/// @param sentAt When the sender says to have sent it, with the offset from UTC that was written;
///   absent where it does not say.
/// @param internetMessageId Its Message-ID header, without angle brackets.
/// @param inReplyTo The Message-IDs that it answers.
/// @param references The Message-IDs of its thread, the oldest first.
/// @param threadId Its thread in the whole account, where the mail server itself knows threads (RFC
///   8474, or Gmail).
/// @param emailId The mail server's id of the message itself, where it has one (RFC 8474, or
///   Gmail): the same for the copies in other mailboxes, and after a move, where `id` is another
///   one.
/// @param preview The beginning of its text in one line; absent where none of the text was read.
/// @param automatic How it tells that it should get no automatic answer; empty where it tells
///   nothing of the kind.
/// @param list The mailing list that it came by; absent where it tells of none.
/// @param receiptRequested The receipt that its sender asks for, which `sendReceipt` sends.
/// @param hasAttachment Whether it has a file that is not shown within its text.
/// @param structure Absent where the mail server cannot tell.
/// @param calendar Present when an invitation or another calendar object came with it.
/// @param deliveryReport Present when it tells what became of a message that was sent.
/// @param readReceipt Present when it tells that a message was displayed or deleted.
/// @param feedbackReport Present when it is a complaint about a message.
/// @param security Present when it is signed or encrypted.
/// @param text With `include=text`.
/// @param html With `include=html`.
/// @param headers With `include=headers`: all of them, in their order.
/// @param degraded Present and true when the mail server's description of the message was
///   unreadable, so that some fields may be missing; or when a field has more than 5,000 addresses,
///   of which the rest is left out.
@Schema(name = "Message")
record MessageDetail(
        MessageId id,
        MailboxId mailboxId,
        @Nullable Keywords keywords,
        @Nullable Instant receivedAt,
        @Nullable Long size,
        @Nullable String subject,
        List<EmailAddress> from,
        List<EmailAddress> sender,
        List<EmailAddress> replyTo,
        List<EmailAddress> to,
        List<EmailAddress> cc,
        List<EmailAddress> bcc,
        @Nullable OffsetDateTime sentAt,
        @Schema(example = "20260301.4711@example.org") @Nullable String internetMessageId,
        List<String> inReplyTo,
        List<String> references,
        @Nullable ThreadId threadId,
        @Schema(example = "M00000001") @Nullable String emailId,
        @Nullable String preview,
        @Nullable List<AutomaticKind> automatic,
        @Nullable MailingList list,
        @Nullable RequestedReceipt receiptRequested,
        boolean hasAttachment,
        List<MessageAttachment> attachments,
        @Nullable MessagePart structure,
        @Nullable Calendar calendar,
        @Nullable DeliveryReport deliveryReport,
        @Nullable ReadReceipt readReceipt,
        @Nullable FeedbackReport feedbackReport,
        @Nullable MessageSecurity security,
        @Nullable TextContent text,
        @Nullable HtmlContent html,
        @Nullable List<HeaderField> headers,
        @Nullable Boolean degraded,
        @JsonIgnore ReplyFields replyFields,
        @JsonIgnore MessageETag eTag) {

    static MessageDetail of(
            MessageId id, ReadMessage read, MessageMetadata metadata, Set<Include> include) {
        var message = read.message();
        var addresses = AddressFields.of(message);
        var structure = message.bodyStructure();
        var text = text(read);
        return new MessageDetail(
                id,
                MailboxId.of(id.message().mailbox()),
                Keywords.ofKnown(id.within() ? Set.of() : message.flags()),
                metadata.receivedAt(),
                metadata.size(),
                metadata.header().subject(),
                metadata.addresses().from(),
                addresses.sender(),
                addresses.replyTo(),
                metadata.addresses().to(),
                metadata.addresses().cc(),
                addresses.bcc(),
                metadata.header().sentAt(),
                metadata.header().internetMessageId(),
                metadata.header().inReplyTo(),
                references(read.header()),
                MessageSummary.threadId(metadata),
                id.within() ? null : metadata.emailId(),
                metadata.preview(),
                MessageSummary.automatic(metadata),
                metadata.origin().list(),
                MessageSummary.receipt(metadata, id.within() ? null : message.flags()),
                metadata.parts().hasAttachment(),
                attachments(id, read),
                structure == null ? null : MessagePart.of(structure),
                Calendar.of(read.objects(), read.sections()),
                DeliveryReport.of(read.objects(), read.sections()),
                ReadReceipt.of(read.objects(), read.sections()),
                FeedbackReport.of(read.objects(), read.sections()),
                MessageSecurity.of(structure, text),
                text,
                html(read),
                include.contains(Include.HEADERS) ? decoded(read.header()) : null,
                metadata.degraded() ? true : null,
                ReplyFields.of(read.header()),
                MessageETag.of(message));
    }

    static @Nullable TextContent text(ReadMessage read) {
        return read.text() == null ? null : TextContent.of(read.text(), read.sections());
    }

    static @Nullable HtmlContent html(ReadMessage read) {
        return read.html() == null
                ? null
                : HtmlContent.of(
                        read.html(),
                        read.sections(),
                        read.message().bodyStructure(),
                        read.body().pictures());
    }

    private static List<MessageAttachment> attachments(MessageId id, ReadMessage read) {
        return read.body().files().stream()
                .map(file -> MessageAttachment.of(id, AttachedFile.of(file), contained(file, read)))
                .toList();
    }

    /** The files in a winmail.dat; null of another file. */
    private static @Nullable List<String> contained(BodySelection.FilePart file, ReadMessage read) {
        return read.objects().tnef().contains(file.part())
                ? read.objects().filesIn(file.part(), read.sections())
                : null;
    }

    private static List<String> references(List<HeaderField.Raw> header) {
        return HeaderField.first(header, "references")
                .map(raw -> MessageIds.parse(new RawText(raw)))
                .orElse(List.of());
    }

    static List<HeaderField> decoded(List<HeaderField.Raw> header) {
        return header.stream().map(HeaderField.Raw::decoded).toList();
    }
}
