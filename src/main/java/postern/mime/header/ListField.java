package postern.mime.header;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header fields of mailing lists: List-Unsubscribe and its like (RFC 2369), and List-Id
 * (RFC 2919). Strangers wrote them. Takes linear time.
 */
public final class ListField {

    /** Upper bound on the URIs of a field; RFC 2369 §2 wants them in the order of preference. */
    public static final int MOST = 10;

    private static final int LONGEST_URI = 2_000;

    /** RFC 2919 §3. */
    private static final int LONGEST_ID = 255;

    /** Characters that real URIs contain although RFC 3986 does not allow them. */
    private static final String UNWISE = "\"\\^`{|}";

    private ListField() {}

    /**
     * The {@code https}, {@code http} and {@code mailto} URIs in angle brackets, or, where there
     * are no brackets, between commas. Comments are skipped, and so is {@code NO}. Each URI is in
     * ASCII, has its scheme in lower case, and is without control characters, white space, quotes
     * and brackets.
     */
    public static List<String> uris(byte[] value) {
        var uris = new ArrayList<String>();
        boolean brackets = false;
        for (int at = 0; at < value.length && uris.size() < MOST; ) {
            if (value[at] == '(') {
                at = endOfComment(value, at);
            } else if (value[at] == '<') {
                brackets = true;
                int end = endOfBrackets(value, at + 1);
                add(uris, value, at + 1, end);
                at = end + 1;
            } else {
                at++;
            }
        }
        return List.copyOf(brackets ? uris : bare(value));
    }

    private static List<String> bare(byte[] value) {
        var uris = new ArrayList<String>();
        int start = 0;
        for (int at = 0; at <= value.length && uris.size() < MOST; at++) {
            if (at == value.length || value[at] == ',') {
                add(uris, value, start, at);
                start = at + 1;
            }
        }
        return uris;
    }

    /** The place of the closing bracket, or the end. */
    private static int endOfBrackets(byte[] value, int from) {
        int at = from;
        while (at < value.length && value[at] != '>') {
            at++;
        }
        return at;
    }

    /** The place behind the comment, or of the URI in it: a comment that is not closed is none. */
    private static int endOfComment(byte[] value, int from) {
        int depth = 0;
        int at = from;
        do {
            switch (value[at]) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> at++;
                default -> {}
            }
            at++;
        } while (depth > 0 && at < value.length && value[at] != '<');
        return at;
    }

    private static void add(List<String> uris, byte[] value, int from, int to) {
        var uri = uri(value, from, to);
        if (uri != null && !uris.contains(uri)) {
            uris.add(uri);
        }
    }

    /** Null where it is none of these URIs. */
    private static @Nullable String uri(byte[] value, int from, int to) {
        if (to - from > LONGEST_URI) {
            return null;
        }
        var text = new StringBuilder();
        for (int i = from; i < to; i++) {
            int octet = value[i] & 0xff;
            if (octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n') {
                continue; // RFC 2369 §2: white space within the brackets is ignored
            }
            if (octet < 0x20 || octet == 0x7f || octet == '<') {
                return null;
            }
            if (octet > 0x7f || UNWISE.indexOf(octet) >= 0) {
                text.append("%%%02X".formatted(octet));
            } else {
                text.append((char) octet);
            }
        }
        int colon = Math.max(0, text.indexOf(":"));
        var lower = text.substring(0, colon).toLowerCase(Locale.ROOT) + text.substring(colon);
        return sound(lower) ? lower : null;
    }

    private static boolean sound(String text) {
        try {
            var uri = new URI(text);
            return switch (String.valueOf(uri.getScheme())) {
                case "https", "http" -> uri.getHost() != null && uri.getRawUserInfo() == null;
                case "mailto" -> uri.isOpaque() && uri.getRawSchemeSpecificPart().contains("@");
                default -> false;
            };
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /** The identifier of a List-Id, without the name before it; null where there is none. */
    public static @Nullable String id(byte[] value) {
        var text = new String(value, StandardCharsets.ISO_8859_1);
        int open = text.lastIndexOf('<');
        int close = text.indexOf('>', Math.max(open, 0));
        var id =
                (open >= 0 && close > open ? text.substring(open + 1, close) : text)
                        .replaceAll("\\s", "");
        boolean sound =
                !id.isEmpty()
                        && id.length() <= LONGEST_ID
                        && id.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '<' && c != '>');
        return sound ? id : null;
    }
}
