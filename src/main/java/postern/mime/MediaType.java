package postern.mime;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a Content-Type says (RFC 2045 section 5): type and subtype in lower case, and parameters.
 */
public record MediaType(String type, String subtype, MimeParameters parameters) {

    private static final int MOST_PARAMETERS = 1000;

    /** Never throws; a value that names no type is text/plain, as section 5.2 has it. */
    public static MediaType parse(byte[] headerValue) {
        var scanner = new HeaderScanner(headerValue);
        var type = scanner.token();
        var subtype = scanner.skip('/') ? scanner.token() : "";
        var parameters = MimeParameters.decode(parameters(scanner));
        return type.isEmpty() || subtype.isEmpty()
                ? new MediaType("text", "plain", parameters)
                : new MediaType(lowerCase(type), lowerCase(subtype), parameters);
    }

    /** The parameters after a type or a disposition, named as they came. */
    private static Map<String, byte[]> parameters(HeaderScanner scanner) {
        var raw = new LinkedHashMap<String, byte[]>();
        while (raw.size() < MOST_PARAMETERS && scanner.nextParameter()) {
            var name = lowerCase(scanner.token());
            if (!name.isEmpty() && scanner.skip('=')) {
                raw.putIfAbsent(name, scanner.value());
            }
        }
        return raw;
    }

    private static String lowerCase(String token) {
        return token.toLowerCase(Locale.ROOT);
    }
}
