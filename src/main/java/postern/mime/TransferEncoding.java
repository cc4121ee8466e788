package postern.mime;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.Locale;

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
     * About how many octets so many encoded ones hold.
     *
     * @param type such as {@code "text"}: in quoted-printable a text grows little, anything else
     *     more than twofold
     */
    public long estimateDecoded(long encoded, String type) {
        return switch (this) {
            case IDENTITY -> encoded;
            // Lines hold 57 octets in 76 digits and a line end (RFC 2045 section 6.8).
            case BASE64 -> encoded * 57 / 78;
            case QUOTED_PRINTABLE -> type.equals("text") ? encoded * 9 / 10 : encoded * 4 / 10;
            // Lines hold 45 octets in 61 digits and a line end, between a first and two last ones.
            case UUENCODE -> encoded * 7 / 10;
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
