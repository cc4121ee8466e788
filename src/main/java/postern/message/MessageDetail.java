package postern.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.RawText;
import postern.message.change.MessageETag;
import postern.message.metadata.AddressFields;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.Keywords;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageSummary;
import postern.message.part.HeaderField;
import postern.message.part.MessageIds;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/** A message as its endpoint returns it. */
@Schema(name = "Message", description = "A message.")
record MessageDetail(
        MessageId id,
        MailboxId mailboxId,
        @Schema(
                        description =
                                "The flags (RFC 8621 §4.1.1): each is `true`. Absent where the mail"
                                        + " server does not tell them in a way that can be read.")
                @Nullable Keywords keywords,
        @Schema(description = "When it arrived in the mailbox.") @Nullable Instant receivedAt,
        @Schema(description = "Its size in octets, attachments included.") @Nullable Long size,
        @Nullable String subject,
        List<EmailAddress> from,
        @Schema(description = "Who sent it, where its header says so.") List<EmailAddress> sender,
        @Schema(description = "Who gets the answers, where its header says so.")
                List<EmailAddress> replyTo,
        List<EmailAddress> to,
        List<EmailAddress> cc,
        List<EmailAddress> bcc,
        @Schema(description = "When the sender says to have sent it; absent where it does not.")
                @Nullable Instant sentAt,
        @Schema(
                        description = "Its Message-ID header, without angle brackets.",
                        example = "20260301.4711@example.org")
                @Nullable String internetMessageId,
        @Schema(description = "The Message-IDs that it answers.") List<String> inReplyTo,
        @Schema(description = "The Message-IDs of its thread, the oldest first.")
                List<String> references,
        @Schema(
                        description =
                                "Its thread in the whole account, where the mail server itself"
                                        + " knows threads (RFC 8474, or Gmail).")
                @Nullable ThreadId threadId,
        @Schema(
                        description =
                                "The beginning of its text in one line; absent where none of the"
                                        + " text was read.")
                @Nullable String preview,
        @Schema(description = "Whether it has a file that is not shown within its text.")
                boolean hasAttachment,
        List<MessageAttachment> attachments,
        @Schema(description = "Absent where the mail server cannot tell.")
                @Nullable MessagePart structure,
        @Schema(description = "Present when an invitation or another calendar object came with it.")
                @Nullable Calendar calendar,
        @Schema(description = "Present when it tells what became of a message that was sent.")
                @Nullable DeliveryReport deliveryReport,
        @Schema(description = "Present when it tells that a message was displayed or deleted.")
                @Nullable ReadReceipt readReceipt,
        @Schema(description = "Present when it is a complaint about a message.")
                @Nullable FeedbackReport feedbackReport,
        @Schema(description = "Present when it is signed or encrypted.")
                @Nullable MessageSecurity security,
        @Schema(description = "With `include=text`.") @Nullable TextContent text,
        @Schema(description = "With `include=html`.") @Nullable HtmlContent html,
        @Schema(description = "With `include=headers`: all of them, in their order.")
                @Nullable List<HeaderField> headers,
        @Schema(
                        description =
                                "Present and true when the mail server's description of the message"
                                        + " was unreadable, so that some fields may be missing; or when"
                                        + " a field has more than 5,000 addresses, of which the rest is"
                                        + " left out.")
                @Nullable Boolean degraded,
        @JsonIgnore ReplyFields replyFields,
        @JsonIgnore MessageETag eTag) {

    static MessageDetail of(
            MessageId id, ReadMessage read, MessageMetadata metadata, Set<Include> include) {
        var message = read.message();
        var addresses = AddressFields.of(message);
        var structure = message.bodyStructure();
        var text = read.text() == null ? null : TextContent.of(read.text(), read.sections());
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
                metadata.preview(),
                metadata.parts().hasAttachment(),
                attachments(id, read),
                structure == null ? null : MessagePart.of(structure),
                Calendar.of(read.objects(), read.sections()),
                DeliveryReport.of(read.objects(), read.sections()),
                ReadReceipt.of(read.objects(), read.sections()),
                FeedbackReport.of(read.objects(), read.sections()),
                MessageSecurity.of(structure, text),
                text,
                read.html() == null ? null : HtmlContent.of(read, read.html()),
                include.contains(Include.HEADERS) ? decoded(read.header()) : null,
                metadata.degraded() ? true : null,
                ReplyFields.of(read.header()),
                MessageETag.of(message));
    }

    private static List<MessageAttachment> attachments(MessageId id, ReadMessage read) {
        return read.body().files().stream()
                .map(file -> MessageAttachment.of(id, file, read.objects(), read.sections()))
                .toList();
    }

    private static List<String> references(List<HeaderField.Raw> header) {
        return HeaderField.first(header, "references")
                .map(raw -> MessageIds.parse(new RawText(raw)))
                .orElse(List.of());
    }

    private static List<HeaderField> decoded(List<HeaderField.Raw> header) {
        return header.stream().map(HeaderField.Raw::decoded).toList();
    }
}
