package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Locale;
import java.util.Optional;
import postern.mime.header.MailAddress;

/**
 * The message that a {@code mailto} URI of a stranger describes (RFC 6068): to one address, with a
 * subject and a text. All else that such a URI may ask for is left out.
 *
 * @param subject in one line; empty where there is none
 * @param body with LF
 */
record Mailto(MailAddress to, String subject, String body) {

    private static final String SCHEME = "mailto:";
    private static final int LONGEST_SUBJECT = 500;
    private static final int LONGEST_BODY = 2_000;

    /** Empty where it is no such URI, or has not exactly one address. */
    static Optional<Mailto> parse(String uri) {
        if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        var parts = uri.substring(SCHEME.length()).split("\\?", 2);
        var to = new StringBuilder(parts[0]);
        var subject = "";
        var body = "";
        try {
            for (var field : (parts.length == 2 ? parts[1] : "").split("&", 20)) {
                var pair = field.split("=", 2);
                var value = pair.length == 2 ? pair[1] : "";
                switch (pair[0].toLowerCase(Locale.ROOT)) {
                    case "to" -> to.append(to.isEmpty() ? "" : ",").append(value);
                    case "subject" -> subject = line(decoded(value));
                    case "body" -> body = lines(decoded(value));
                    default -> {} // RFC 6068 §4: others may do harm
                }
            }
            // a comma between addresses is not encoded, one within an address is
            return to.indexOf(",") >= 0
                            || subject.length() > LONGEST_SUBJECT
                            || body.length() > LONGEST_BODY
                    ? Optional.empty()
                    : Optional.of(
                            new Mailto(
                                    MailAddress.of(null, decoded(to.toString())), subject, body));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Throws IllegalArgumentException. A plus sign is one here, unlike in forms. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static String lines(String text) {
        return text.replace("\r\n", "\n")
                .replace('\r', '\n')
                .replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", " ")
                .stripTrailing();
    }
}
