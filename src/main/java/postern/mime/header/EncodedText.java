package postern.mime.header;

import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.mime.charset.OctetText;

/**
 * Decodes, in one pass, a header value with encoded words, 8-bit text, folding or control
 * characters.
 */
public final class EncodedText {

    private static final byte ESCAPE = 0x1B;

    private final byte[] raw;
    private final StringBuilder out;

    // The octets of adjacent encoded words: a character may be split between two words.
    private final byte[] octets;
    private int count;
    private @Nullable Charset charset;
    private boolean afterWord;

    public EncodedText(byte[] raw) {
        this.raw = raw;
        this.out = new StringBuilder(raw.length);
        this.octets = new byte[raw.length];
    }

    public String decode() {
        int textStart = 0;
        int at = 0;
        while ((at = nextWord(at)) < raw.length) {
            var word = EncodedWord.at(raw, at);
            if (word == null) {
                at += 2;
                continue;
            }
            text(textStart, at);
            word(word);
            at = word.end();
            textStart = at;
        }
        text(textStart, raw.length);
        flush();
        return out.toString();
    }

    /** The position of the next "=?", or the end. */
    private int nextWord(int from) {
        for (int i = from; i + 1 < raw.length; i++) {
            if (raw[i] == '=' && raw[i + 1] == '?') {
                return i;
            }
            if (raw[i] == ESCAPE && raw[i + 1] == '$') {
                i = endOfShift(i);
            }
        }
        return raw.length;
    }

    // Between ESC $ and ESC ( each pair of ISO-2022-JP octets is one character, which may look like
    // "=?".
    private int endOfShift(int from) {
        for (int i = from + 2; i + 1 < raw.length; i++) {
            if ((raw[i] == ESCAPE && raw[i + 1] == '(') || raw[i] == '\n') {
                return i;
            }
        }
        return raw.length;
    }

    private void word(EncodedWord word) {
        if (afterWord && !Objects.equals(charset, word.charset())) {
            flush();
        }
        charset = word.charset();
        count += word.decode(raw, octets, count);
        afterWord = true;
    }

    private void text(int from, int to) {
        if (from == to || (afterWord && to < raw.length && isWhitespace(from, to))) {
            return;
        }
        flush();
        HeaderText.appendPrintable(out, OctetText.decode(raw, from, to));
    }

    private void flush() {
        if (count > 0) {
            HeaderText.appendPrintable(out, OctetText.decode(octets, 0, count, charset));
        }
        count = 0;
        afterWord = false;
    }

    private boolean isWhitespace(int from, int to) {
        for (int i = from; i < to; i++) {
            if (raw[i] != ' ' && raw[i] != '\t' && raw[i] != '\r' && raw[i] != '\n') {
                return false;
            }
        }
        return true;
    }
}
