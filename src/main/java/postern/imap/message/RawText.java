package postern.imap.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Octets that are text in a charset which is not known yet, such as an undecoded header value. */
public record RawText(byte[] octets) {

    public static RawText of(String text) {
        return new RawText(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawText(byte[] theirs) && Arrays.equals(octets, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** One character per octet (ISO-8859-1): exact for ASCII, for everything else only a key. */
    @Override
    public String toString() {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
