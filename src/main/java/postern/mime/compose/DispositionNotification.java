package postern.mime.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.header.MailAddress;

/**
 * Says what became of a message at its recipient (RFC 8098).
 *
 * @param text for people
 * @param recipient who has got the message; in ASCII, since others have a type of their own (RFC
 *     6533)
 * @param originalRecipient the field Original-Recipient of the message; null where it has none
 * @param messageId of the message, without angle brackets; null where it has none
 * @param disposition the modes and the type, such as {@code
 *     manual-action/MDN-sent-manually;displayed}
 * @param fields header fields of the message to return, in ASCII with CRLF; null for none
 */
public record DispositionNotification(
        String text,
        MailAddress recipient,
        @Nullable String originalRecipient,
        @Nullable String messageId,
        String disposition,
        @Nullable String fields) {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern MAIL_RECIPIENT =
            Pattern.compile("rfc822 ?; ?[!-~]{1,320}", Pattern.CASE_INSENSITIVE);

    private static final Pattern MESSAGE_ID = Pattern.compile("[!-;=?-~]{1,900}");

    /** Writes a message with this as its body; every line ends with CRLF. */
    public void writeTo(HeaderWriter header, OutputStream out) throws IOException {
        var boundary = boundary();
        var type = new LinkedHashMap<String, String>();
        type.put("report-type", "disposition-notification");
        type.put("boundary", boundary);
        header.parameters("Content-Type", "multipart/report", type);
        var message = new StringBuilder(header.toString()).append("MIME-Version: 1.0\r\n\r\n");
        var written = WrittenText.of(text);
        part(
                message,
                boundary,
                "text/plain; charset=" + written.charset(),
                written.encoding(),
                written.body() + "\r\n");
        part(
                message,
                boundary,
                "message/disposition-notification",
                "7bit",
                notification().toString());
        if (fields != null) {
            part(message, boundary, "text/rfc822-headers", "7bit", fields);
        }
        message.append("--").append(boundary).append("--\r\n");
        out.write(message.toString().getBytes(UTF_8));
    }

    private HeaderWriter notification() {
        var report = new HeaderWriter().text("Reporting-UA", "Postern");
        if (originalRecipient != null && MAIL_RECIPIENT.matcher(originalRecipient).matches()) {
            report.text("Original-Recipient", originalRecipient);
        }
        report.text("Final-Recipient", "rfc822;" + recipient.email());
        if (messageId != null && MESSAGE_ID.matcher(messageId).matches()) {
            report.ids("Original-Message-ID", List.of(messageId));
        }
        return report.text("Disposition", disposition);
    }

    private static void part(
            StringBuilder message, String boundary, String type, String encoding, String body) {
        message.append("--").append(boundary).append("\r\n");
        message.append("Content-Type: ").append(type).append("\r\n");
        message.append("Content-Transfer-Encoding: ").append(encoding).append("\r\n\r\n");
        message.append(body).append("\r\n");
    }

    /** It occurs in no text that is encoded, and random octets do not occur in other text. */
    private static String boundary() {
        var octets = new byte[15];
        RANDOM.nextBytes(octets);
        return "=_" + Base64.getUrlEncoder().encodeToString(octets);
    }
}
