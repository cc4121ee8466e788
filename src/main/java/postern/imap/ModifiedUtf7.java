package postern.imap;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The encoding of mailbox names on the wire (RFC 3501 §5.1.3). */
final class ModifiedUtf7 {

    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private ModifiedUtf7() {}

    static String encode(String name) {
        var out = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); ) {
            char c = name.charAt(i);
            if (printable(c)) {
                out.append(c == '&' ? "&-" : String.valueOf(c));
                i++;
                continue;
            }
            int end = i;
            while (end < name.length() && !printable(name.charAt(end))) {
                end++;
            }
            var octets = name.substring(i, end).getBytes(StandardCharsets.UTF_16BE);
            out.append('&').append(ENCODER.encodeToString(octets).replace('/', ',')).append('-');
            i = end;
        }
        return out.toString();
    }

    /** The name, or null when the wire form is not an output of {@link #encode}. */
    static @Nullable String decode(String wire) {
        var out = new StringBuilder(wire.length());
        for (int i = 0; i < wire.length(); i++) {
            char c = wire.charAt(i);
            if (!printable(c)) {
                return null;
            }
            if (c != '&') {
                out.append(c);
                continue;
            }
            int end = wire.indexOf('-', i);
            if (end < 0) {
                return null;
            }
            if (end == i + 1) {
                out.append('&');
            } else {
                try {
                    var octets = DECODER.decode(wire.substring(i + 1, end).replace(',', '/'));
                    out.append(new String(octets, StandardCharsets.UTF_16BE));
                } catch (IllegalArgumentException _) {
                    return null;
                }
            }
            i = end;
        }
        var name = out.toString();
        return encode(name).equals(wire) ? name : null;
    }

    private static boolean printable(char c) {
        return c >= 0x20 && c <= 0x7e;
    }
}
