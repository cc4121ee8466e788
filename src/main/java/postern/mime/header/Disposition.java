package postern.mime.header;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * What a Content-Disposition says (RFC 2183), whatever is wrong with it.
 *
 * @param kind such as {@code attachment}; empty for none
 * @param parameters named as they came
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
