package postern.mime.header;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Content-Type (RFC 2045 section 5): type and subtype in lower case, and parameters. */
public record MediaType(String type, String subtype, MimeParameters parameters) {

    /** RFC 6838 section 4.2, in lower case. */
    private static final Pattern VALID =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}");

    /** Upper bound on the octets before the parameters. */
    private static final int LONGEST = 300;

    private static final Set<String> TYPES =
            Set.of(
                    "application",
                    "audio",
                    "chemical",
                    "example",
                    "font",
                    "haptics",
                    "image",
                    "message",
                    "model",
                    "multipart",
                    "text",
                    "video");

    /** Wrong names for types that programs write. */
    private static final Map<String, String> MISTAKES =
            Map.of(
                    "application/octet", "application/octet-stream",
                    "application/octetstream", "application/octet-stream",
                    "html/text", "text/html",
                    "plain/text", "text/plain");

    /** Single words that programs write instead of a media type. */
    private static final Map<String, String> WORDS =
            Map.of("html", "text/html", "htm", "text/html", "plain", "text/plain");

    /** Never throws; a value without a valid type is text/plain (section 5.2). */
    public static MediaType parse(byte[] headerValue) {
        var scanner = new HeaderScanner(headerValue);
        var type = scanner.token();
        var subtype = scanner.skip('/') ? scanner.token() : "";
        var parameters = MimeParameters.decode(scanner.parameters());
        return type.isEmpty() || subtype.isEmpty()
                ? new MediaType("text", "plain", parameters)
                : new MediaType(lowerCase(type), lowerCase(subtype), parameters);
    }

    /**
     * Whether it is a media type: {@code type/subtype} in lower case, with a known top-level type,
     * and not a common mistake for another one.
     */
    public static boolean valid(String mediaType) {
        int slash = mediaType.indexOf('/');
        if (slash < 0 || MISTAKES.containsKey(mediaType) || !VALID.matcher(mediaType).matches()) {
            return false;
        }
        var type = mediaType.substring(0, slash);
        return TYPES.contains(type) || type.startsWith("x-");
    }

    /** The media type that a malformed Content-Type probably means; null if that is unclear. */
    public static @Nullable String meant(byte[] headerValue) {
        var value = sound(headerValue);
        int end = Math.min(firstOf(value, ";,"), LONGEST);
        var head = withoutComments(value.substring(0, end)).strip();
        var words = head.replaceAll("\\s*/\\s*", "/").split("\\s+", 2);
        var first = known(words[0]);
        return first != null ? first : known(head.replaceAll("\\s+", ""));
    }

    /** The raw parameters of a Content-Type, parsed leniently, by their original names. */
    public static Map<String, byte[]> parametersOf(byte[] headerValue) {
        var value = sound(headerValue);
        var parameters = ";" + value.substring(Math.min(value.length(), endOfType(value)));
        return new HeaderScanner(parameters.getBytes(StandardCharsets.ISO_8859_1)).parameters();
    }

    private static @Nullable String known(String type) {
        var word = type.startsWith("/") ? type.substring(1) : type;
        int second = word.indexOf('/', word.indexOf('/') + 1);
        var one = second > 0 ? word.substring(0, second) : word;
        var known = MISTAKES.getOrDefault(one, WORDS.getOrDefault(one, one));
        if (valid(known)) {
            return known;
        }
        if (one.equals("text") || one.equals("text/")) {
            return "text/plain";
        }
        return one.indexOf('/') < 0 ? FileName.typeOf("." + one) : null;
    }

    /**
     * Removes surrounding quotation marks and decodes an encoded word, which must not occur here.
     */
    private static String sound(byte[] headerValue) {
        var raw = new String(headerValue, StandardCharsets.ISO_8859_1).strip();
        var value = raw.startsWith("=?") ? HeaderText.decode(headerValue).strip() : raw;
        if (value.startsWith("\"")) {
            int end = value.indexOf('"', 1);
            value =
                    end < 0
                            ? value.substring(1)
                            : value.substring(1, end) + value.substring(end + 1);
        }
        int head = firstOf(value, ";,");
        return value.substring(0, head).toLowerCase(Locale.ROOT) + value.substring(head);
    }

    /** The start of the parameters: a semicolon, a comma, or the blank before a name. */
    private static int endOfType(String value) {
        int end = firstOf(value, ";,");
        int equals = value.indexOf('=');
        if (equals >= 0 && equals < end) {
            int blank = equals;
            while (blank > 0 && Character.isWhitespace(value.charAt(blank - 1))) {
                blank--;
            }
            while (blank > 0 && !Character.isWhitespace(value.charAt(blank - 1))) {
                blank--;
            }
            return blank;
        }
        return end < value.length() && value.charAt(end) == ',' ? end + 1 : end;
    }

    private static int firstOf(String value, String characters) {
        for (int i = 0; i < value.length(); i++) {
            if (characters.indexOf(value.charAt(i)) >= 0) {
                return i;
            }
        }
        return value.length();
    }

    private static String withoutComments(String head) {
        var kept = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < head.length(); i++) {
            char c = head.charAt(i);
            depth += c == '(' ? 1 : 0;
            if (depth == 0) {
                kept.append(c);
            }
            depth -= c == ')' && depth > 0 ? 1 : 0;
        }
        return kept.toString();
    }

    private static String lowerCase(String token) {
        return token.toLowerCase(Locale.ROOT);
    }
}
