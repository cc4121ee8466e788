package postern.message;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.Include;
import postern.message.metadata.MessageAttachment;

/**
 * A message that is being answered or forwarded.
 *
 * @param sentAt its Date, else its internal date
 * @param text as plain text, converted from HTML if need be
 * @param html sanitised; null when it has no HTML
 * @param whole whether neither text nor HTML was cut
 */
public record OriginalMessage(
        @Nullable Instant sentAt,
        @Nullable String subject,
        List<EmailAddress> from,
        List<EmailAddress> replyTo,
        List<EmailAddress> to,
        List<EmailAddress> cc,
        @Nullable String internetMessageId,
        List<String> inReplyTo,
        List<String> references,
        String text,
        @Nullable String html,
        boolean whole,
        List<File> files,
        ReplyFields replyFields) {

    static final Set<Include> INCLUDE = Set.of(Include.TEXT, Include.HTML);

    /** A file of the message. */
    public record File(String partId, @Nullable String cid, boolean inline, boolean letter) {}

    static OriginalMessage of(MessageDetail message) {
        var text = Objects.requireNonNull(message.text());
        var html = Objects.requireNonNull(message.html());
        return new OriginalMessage(
                message.sentAt() != null ? message.sentAt().toInstant() : message.receivedAt(),
                message.subject(),
                message.from(),
                message.replyTo(),
                message.to(),
                message.cc(),
                message.internetMessageId(),
                message.inReplyTo(),
                message.references(),
                text.content(),
                written(message.structure(), 0) ? html.written() : null,
                !text.truncated() && !html.truncated(),
                message.attachments().stream().map(OriginalMessage::file).toList(),
                message.replyFields());
    }

    /** Whether the message has an HTML body, other than attached HTML files. */
    private static boolean written(@Nullable MessagePart part, int depth) {
        if (part == null || part.type().equals("message/rfc822") && depth > 0) {
            return false;
        }
        return part.type().equals("text/html") && !"attachment".equals(part.disposition())
                || part.subParts() != null
                        && part.subParts().stream().anyMatch(sub -> written(sub, depth + 1));
    }

    private static File file(MessageAttachment file) {
        boolean letter =
                file.type().equals("message/rfc822") || file.type().equals("message/global");
        return new File(file.partId(), file.cid(), file.inline(), letter);
    }
}
