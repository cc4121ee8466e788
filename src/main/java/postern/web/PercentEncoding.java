package postern.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Checks the percent-encoding of a URL (RFC 3986 §2.1). */
final class PercentEncoding {

    /** What the container makes of octets that are sent as they are and are not UTF-8. */
    private static final char UNDECODABLE = '\ufffd';

    private PercentEncoding() {}

    /** Whether each percent sign begins an encoded octet, and the octets are UTF-8. */
    static boolean valid(String text) {
        var octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == UNDECODABLE) {
                return false;
            }
            if (c != '%') {
                octets.write(c < 0x80 ? c : '?'); // a character that the container has decoded
            } else if (i + 2 < text.length()
                    && HexFormat.isHexDigit(text.charAt(i + 1))
                    && HexFormat.isHexDigit(text.charAt(i + 2))) {
                octets.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                return false;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray()));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
