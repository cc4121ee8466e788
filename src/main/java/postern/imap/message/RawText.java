package postern.imap.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Undecoded text whose charset is not known yet, such as a header value. */
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

    /** One character per octet (ISO-8859-1): correct for ASCII, otherwise usable only as a key. */
    @Override
    public String toString() {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
