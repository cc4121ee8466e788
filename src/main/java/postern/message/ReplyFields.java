package postern.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import postern.message.metadata.EmailAddress;
import postern.message.part.HeaderField;
import postern.mime.header.AddressField;

/**
 * Header fields that direct replies, other than Reply-To.
 *
 * @param mailReplyTo where replies to the author go
 * @param mailFollowupTo where replies to everybody go
 * @param list the posting address of the mailing list (RFC 2369 §3.4)
 * @param deliveredTo for whom it came here, as mail servers have noted
 */
public record ReplyFields(
        List<EmailAddress> mailReplyTo,
        List<EmailAddress> mailFollowupTo,
        List<EmailAddress> list,
        List<EmailAddress> deliveredTo) {

    public static final ReplyFields NONE =
            new ReplyFields(List.of(), List.of(), List.of(), List.of());

    private static final Pattern MAILTO =
            Pattern.compile("<\\s*mailto:([^<>?\\s]{3,500})[^<>]*>", Pattern.CASE_INSENSITIVE);
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

    static ReplyFields of(List<HeaderField.Raw> header) {
        return new ReplyFields(
                addresses(header, "mail-reply-to"),
                addresses(header, "mail-followup-to"),
                HeaderField.first(header, "list-post").map(ReplyFields::posting).orElse(List.of()),
                Stream.of("x-original-to", "delivered-to", "envelope-to")
                        .flatMap(name -> addresses(header, name).stream())
                        .toList());
    }

    private static List<EmailAddress> addresses(List<HeaderField.Raw> header, String name) {
        return HeaderField.first(header, name)
                .map(AddressField::recipients)
                .map(EmailAddress::listOf)
                .orElse(List.of());
    }

    /** The first mailto address; {@code NO} means that posting is not allowed. */
    private static List<EmailAddress> posting(byte[] value) {
        var uris = MAILTO.matcher(new String(value, StandardCharsets.ISO_8859_1));
        if (!uris.find()) {
            return List.of();
        }
        var address =
                ESCAPE.matcher(uris.group(1))
                        .replaceAll(escape ->
                                java.util.regex.Matcher.quoteReplacement(
                                        String.valueOf(
                                                (char) Integer.parseInt(escape.group(1), 16))));
        return EmailAddress.listOf(
                AddressField.recipients(address.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
