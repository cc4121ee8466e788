package postern.imap.client.wire;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.Envelope;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/**
 * Builds an envelope and an approximate structure from a message's header, where those of the
 * server cannot be parsed.
 */
public final class HeaderFallback {

    // Upper bound on the size of a header.
    private static final long LONGEST_HEADER = 256 * 1024;

    /** The section from which the envelope is built. */
    public static final SectionRange HEADER = SectionRange.first(Section.HEADER, LONGEST_HEADER);

    private static final Pattern MEDIA_TYPE =
            Pattern.compile("\\s*([^\\s/;]+)\\s*/\\s*([^\\s;]+).*", Pattern.DOTALL);
    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

    private final InternetHeaders headers;

    private HeaderFallback(byte[] header) {
        this.headers = parsed(header);
    }

    private static InternetHeaders parsed(byte[] header) {
        var headers = new InternetHeaders();
        try {
            headers.load(new ByteArrayInputStream(header));
        } catch (MessagingException _) {
            // the header fields parsed so far are kept
        }
        return headers;
    }

    /**
     * The message, with a missing envelope or structure built from its header.
     *
     * @param kept whether the header itself was requested
     */
    public static FetchedMessage rebuilt(
            FetchedMessage message, boolean envelope, boolean structure, boolean kept) {
        var octets = message.sections().get(HEADER);
        var fallback = octets == null ? null : new HeaderFallback(octets);
        var sections = new HashMap<>(message.sections());
        if (!kept) {
            sections.remove(HEADER);
        }
        return new FetchedMessage(
                message.place(),
                message.uid(),
                message.flags(),
                message.modSeq(),
                message.internalDate(),
                message.size(),
                envelope && fallback != null ? fallback.envelope() : message.envelope(),
                structure && fallback != null
                        ? fallback.structure(message.size())
                        : message.bodyStructure(),
                message.preview(),
                message.emailId(),
                message.threadId(),
                sections,
                true);
    }

    private Envelope envelope() {
        return new Envelope(
                text("Date"),
                text("Subject"),
                // Addresses are read from the header fields themselves.
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                text("In-Reply-To"),
                text("Message-ID"));
    }

    /** A single part with the type in the header. The parts of a multipart are unknown. */
    private BodyPart structure(@Nullable Long size) {
        var contentType = value("Content-Type");
        var matcher = MEDIA_TYPE.matcher(contentType == null ? "text/plain" : contentType);
        boolean readable = matcher.matches();
        var type = readable ? matcher.group(1).toLowerCase(Locale.ROOT) : "text";
        var subtype = readable ? matcher.group(2).toLowerCase(Locale.ROOT) : "plain";
        var encoding = value("Content-Transfer-Encoding");
        return new BodyPart(
                type.equals("multipart") ? "" : "1",
                new BodyPart.Type(type, subtype, charset(contentType)),
                null,
                null,
                encoding == null ? "7bit" : encoding.strip().toLowerCase(Locale.ROOT),
                size == null ? 0 : size,
                BodyPart.Disposition.NONE,
                null,
                List.of(),
                null);
    }

    private static Map<String, RawText> charset(@Nullable String contentType) {
        var matcher = CHARSET.matcher(contentType == null ? "" : contentType);
        return matcher.find() ? Map.of("charset", RawText.of(matcher.group(1))) : Map.of();
    }

    private @Nullable RawText text(String field) {
        var value = value(field);
        return value == null ? null : raw(value);
    }

    private @Nullable String value(String field) {
        return headers.getHeader(field, null);
    }

    /** Jakarta Mail keeps one character per octet, unless told that the header is UTF-8. */
    private static RawText raw(String latin1) {
        return new RawText(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
