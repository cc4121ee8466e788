package postern.mime;

import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a body part's octets were written down for transport (RFC 2045 section 6). */
public enum TransferEncoding {
    IDENTITY,
    BASE64,
    QUOTED_PRINTABLE,
    UUENCODE;

    /**
     * The encoding a Content-Transfer-Encoding names; one nobody knows leaves the octets as they
     * are.
     */
    public static TransferEncoding of(@Nullable String cte) {
        if (cte == null) {
            return IDENTITY;
        }
        return switch (cte.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> BASE64;
            case "quoted-printable" -> QUOTED_PRINTABLE;
            case "uuencode", "x-uuencode", "uue", "x-uue" -> UUENCODE;
            default -> IDENTITY;
        };
    }

    /**
     * Decodes while reading, in fixed buffers, whatever the octets hold; closing it closes the
     * source. A read may wait until the source has filled a buffer.
     */
    public InputStream decode(InputStream encoded) {
        return switch (this) {
            case IDENTITY -> encoded;
            case BASE64 -> new Base64Stream(encoded);
            case QUOTED_PRINTABLE -> new QuotedPrintableStream(encoded);
            case UUENCODE -> new UuencodedStream(encoded);
        };
    }
}
