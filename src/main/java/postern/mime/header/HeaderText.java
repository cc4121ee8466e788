package postern.mime.header;

import java.nio.charset.StandardCharsets;

/** Decodes the raw unstructured text of a header (RFC 2047, RFC 2231 section 5). */
public final class HeaderText {

    private static final int DELETE = 0x7F;
    private static final int LAST_C1 = 0x9F;

    private HeaderText() {}

    /** Never throws; text that cannot be decoded is kept, control characters are dropped. */
    public static String decode(byte[] raw) {
        return isPlain(raw)
                ? new String(raw, StandardCharsets.ISO_8859_1)
                : new EncodedText(raw).decode();
    }

    /** Appends text as a single line: tabs become spaces, other control characters are dropped. */
    static void appendPrintable(StringBuilder out, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                out.append(' ');
            } else if (c >= ' ' && (c < DELETE || c > LAST_C1)) {
                out.append(c);
            }
        }
    }

    static String printable(CharSequence text) {
        var out = new StringBuilder(text.length());
        appendPrintable(out, text);
        return out.toString();
    }

    private static boolean isPlain(byte[] raw) {
        byte previous = 0;
        for (byte octet : raw) {
            // Octets above 0x7F are negative.
            if (octet < ' ' || octet == DELETE || (octet == '?' && previous == '=')) {
                return false;
            }
            previous = octet;
        }
        return true;
    }
}
