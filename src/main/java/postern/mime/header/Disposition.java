package postern.mime.header;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * A leniently parsed Content-Disposition (RFC 2183).
 *
 * @param kind such as {@code attachment}; empty if there is none
 * @param parameters raw, by their original names
 */
public record Disposition(String kind, Map<String, byte[]> parameters) {

    /** Never throws. */
    public static Disposition parse(byte[] headerValue) {
        var text = new String(headerValue, StandardCharsets.ISO_8859_1).strip();
        var value = text.startsWith("\"") ? text.substring(1).replaceFirst("\"", "") : text;
        var scanner = new HeaderScanner(value.getBytes(StandardCharsets.ISO_8859_1));
        var kind = scanner.token().toLowerCase(Locale.ROOT);
        return new Disposition(kind, scanner.parameters());
    }
}
