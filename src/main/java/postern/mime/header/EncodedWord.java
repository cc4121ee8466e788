package postern.mime.header;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import postern.mime.charset.CharsetLabels;
import postern.mime.charset.Utf8;
import postern.mime.encoding.Base64Alphabet;
import postern.mime.encoding.Hex;

/**
 * An encoded word (RFC 2047) and the position of its text in the header.
 *
 * @param end the first octet after the word
 */
record EncodedWord(
        @Nullable Charset charset, Encoding encoding, int textStart, int textEnd, int end) {

    /** How the text is encoded. */
    enum Encoding {
        B,
        Q,
        /** Not encoded: 8-bit text where base64 is declared. */
        NONE
    }

    private static final int LONGEST_CHARSET = 80;

    /** Parses the encoded word that starts here; null if it is not one. */
    static @Nullable EncodedWord at(byte[] raw, int start) {
        int mark = endOfCharset(raw, start + 2);
        if (mark < 0 || mark + 2 >= raw.length || raw[mark + 2] != '?') {
            return null;
        }
        boolean base64 = raw[mark + 1] == 'B' || raw[mark + 1] == 'b';
        if (!base64 && raw[mark + 1] != 'Q' && raw[mark + 1] != 'q') {
            return null;
        }
        var charset = charset(raw, start + 2, mark);
        int text = mark + 3;
        int end = endOfText(raw, text);
        if (end + 1 < raw.length && raw[end] == '?' && raw[end + 1] == '=') {
            return base64 && Utf8.nextNonAscii(raw, text, end) < end
                    ? new EncodedWord(null, Encoding.NONE, text, end, end + 2)
                    : new EncodedWord(charset, encoding(base64), text, end, end + 2);
        }
        int cut = base64 ? firstWhitespace(raw, text, end) : end;
        boolean halfClosed = cut == raw.length - 1 && raw[cut] == '?';
        int wordEnd = halfClosed ? raw.length : cut;
        return base64 && Utf8.nextNonAscii(raw, text, cut) < cut
                ? new EncodedWord(null, Encoding.NONE, text, cut, wordEnd)
                : new EncodedWord(charset, encoding(base64), text, cut, wordEnd);
    }

    private static Encoding encoding(boolean base64) {
        return base64 ? Encoding.B : Encoding.Q;
    }

    /**
     * Writes the decoded octets, which are never more than the word's own; returns the next write
     * position.
     */
    int decode(byte[] raw, byte[] into, int at) {
        return switch (encoding) {
            case B -> Base64Alphabet.decode(raw, textStart, textEnd, into, at);
            case Q -> decodeQ(raw, into, at) - at;
            case NONE -> {
                System.arraycopy(raw, textStart, into, at, textEnd - textStart);
                yield textEnd - textStart;
            }
        };
    }

    private int decodeQ(byte[] raw, byte[] into, int at) {
        int out = at;
        for (int i = textStart; i < textEnd; i++) {
            byte octet = raw[i];
            int coded = octet == '=' ? Hex.octetAt(raw, i + 1, textEnd) : -1;
            if (coded >= 0) {
                into[out++] = (byte) coded;
                i += 2;
            } else if (octet != '\r' && octet != '\n') {
                into[out++] = octet == '_' ? (byte) ' ' : octet;
            }
        }
        return out;
    }

    private static int endOfCharset(byte[] raw, int from) {
        int limit = Math.min(raw.length, from + LONGEST_CHARSET);
        for (int i = from; i < limit; i++) {
            if (raw[i] == '?') {
                return i;
            }
            if (raw[i] <= ' ') {
                return -1;
            }
        }
        return -1;
    }

    /**
     * The position of the closing "?="; if it is missing, the start of the next word or the end.
     */
    private static int endOfText(byte[] raw, int from) {
        for (int i = from; i + 1 < raw.length; i++) {
            if (raw[i] == '?' && raw[i + 1] == '=') {
                return i;
            }
            // Not the base64 padding before "?=".
            if (raw[i] == '=' && raw[i + 1] == '?' && (i + 2 == raw.length || raw[i + 2] != '=')) {
                return i;
            }
        }
        boolean halfClosed = raw.length > from && raw[raw.length - 1] == '?';
        return halfClosed ? raw.length - 1 : raw.length;
    }

    private static int firstWhitespace(byte[] raw, int from, int to) {
        int i = from;
        while (i < to && (raw[i] < 0 || raw[i] > ' ')) {
            i++;
        }
        return i;
    }

    private static @Nullable Charset charset(byte[] raw, int from, int to) {
        if (to - from == 5
                && (raw[from] | 0x20) == 'u'
                && raw[to - 1] == '8'
                && isUtf8(raw, from)) {
            return StandardCharsets.UTF_8;
        }
        int end = from;
        while (end < to && raw[end] != '*') {
            end++;
        }
        return CharsetLabels.resolve(
                new String(raw, from, end - from, StandardCharsets.ISO_8859_1));
    }

    private static boolean isUtf8(byte[] raw, int from) {
        return (raw[from + 1] | 0x20) == 't'
                && (raw[from + 2] | 0x20) == 'f'
                && raw[from + 3] == '-';
    }
}
