package postern.mime.charset;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The charset that a page declares itself, in a meta element or an XML declaration. */
public final class HtmlCharset {

    /**
     * Octets to search. The HTML standard says 1,024, but some programs write more before the meta
     * element.
     */
    private static final int LOOKED_AT = 8 << 10;

    private HtmlCharset() {}

    /** Null if none is declared. */
    public static @Nullable String named(byte[] octets) {
        int length = Math.min(octets.length, LOOKED_AT);
        var page =
                new String(octets, 0, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (page.startsWith("<?xml")) {
            var encoding = value(page, 0, endOfTag(page, 0), "encoding");
            if (encoding != null) {
                return encoding;
            }
        }
        for (int at = page.indexOf('<'); at >= 0; at = page.indexOf('<', at)) {
            if (page.startsWith("<!--", at)) {
                int end = page.indexOf("-->", at + 4);
                if (end < 0) {
                    return null;
                }
                at = end;
            } else if (page.startsWith("<meta", at)) {
                int end = endOfTag(page, at);
                var charset = value(page, at, end, "charset");
                if (charset != null) {
                    return narrow(charset);
                }
                at = end;
            } else {
                at++;
            }
        }
        return null;
    }

    private static int endOfTag(String page, int from) {
        int end = page.indexOf('>', from);
        return end < 0 ? page.length() : end;
    }

    /** The value after this name and an equals sign, even inside a quoted string. */
    private static @Nullable String value(String page, int from, int to, String name) {
        for (int at = page.indexOf(name, from); at >= 0 && at < to; ) {
            int i = skip(page, at + name.length(), to, " \t\r\n");
            if (i < to && page.charAt(i) == '=') {
                int start = skip(page, i + 1, to, " \t\r\n\"'");
                int end = start;
                while (end < to && " \t\r\n\"';/?>".indexOf(page.charAt(end)) < 0) {
                    end++;
                }
                return end > start ? page.substring(start, end) : null;
            }
            at = page.indexOf(name, at + name.length());
        }
        return null;
    }

    private static int skip(String page, int from, int to, String characters) {
        int at = from;
        while (at < to && characters.indexOf(page.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    /**
     * A page whose declaration could be read as ASCII is not UTF-16, even if it says so (HTML
     * standard, 13.2.3.3).
     */
    private static String narrow(String charset) {
        return charset.startsWith("utf-16") ? "utf-8" : charset;
    }
}
