package postern.mime.charset;

import java.lang.Character.UnicodeScript;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Detects UTF-8 that is labelled as another charset. All of the text must be valid UTF-8, and its
 * characters must be plausible: a few octets of another charset can be valid UTF-8 by chance, such
 * as "ÓŁ" in ISO-8859-2, but they then decode to letters of one script inside words of another.
 */
final class MislabelledUtf8 {

    /** Number of characters to examine; more would not change the result. */
    private static final int SAMPLE = 2_000;

    /** Minimum number of Latin letters and signs, each of two octets or more. */
    private static final int ENOUGH_LATIN = 2;

    /** Minimum number of letters of other scripts, each of two octets. */
    private static final int ENOUGH_LETTERS = 4;

    /**
     * Minimum number of characters of three or more octets, which are unlikely by chance in other
     * charsets.
     */
    private static final int ENOUGH_LONG = 2;

    /** Double-byte charsets: their pairs of octets above 0x7F can be valid UTF-8 by chance. */
    private static final Set<String> OF_PAIRS =
            Set.of(
                    "GB18030",
                    "GBK",
                    "GB2312",
                    "x-mswin-936",
                    "Big5",
                    "Big5-HKSCS",
                    "x-windows-950",
                    "x-windows-949",
                    "EUC-KR",
                    "EUC-JP",
                    "EUC-TW",
                    "x-euc-jp-linux",
                    "x-eucJP-Open",
                    "Shift_JIS",
                    "windows-31j",
                    "x-Johab");

    private MislabelledUtf8() {}

    static boolean is(byte[] octets, int from, int to, Utf8 scanned, Charset declared) {
        var name = declared.name();
        if (!scanned.valid() || scanned.ascii() || name.startsWith("UTF-")) {
            return false;
        }
        int first = Utf8.nextNonAscii(octets, from, to);
        int end = (int) Math.min(to - scanned.cutOff(), (long) first + 4 * SAMPLE);
        int start = Math.max(from, first - 1);
        var text = new String(octets, start, end - start, StandardCharsets.UTF_8);
        return makesSense(text, OF_PAIRS.contains(name));
    }

    private static boolean makesSense(String text, boolean ofPairs) {
        int latin = 0;
        int letters = 0;
        int longer = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (c >= 0x80 && !(next == text.length() && c == 0xFFFD)) {
                boolean inLatinWord = latinAt(text, i - 1) || latinAt(text, next);
                if (Character.getType(c) == Character.CONTROL || !Character.isDefined(c)) {
                    return false;
                }
                if (latin(c)) {
                    latin += inLatinWord || !ofPairs ? 1 : 0;
                } else if (foreign(c) && c < 0x800 && (inLatinWord || ofPairs)) {
                    return false;
                } else if (ofPairs && c >= 0x800 && !likelyBesidePairs(c)) {
                    return false;
                } else if (c >= 0x800) {
                    longer++;
                } else if (Character.isLetter(c)) {
                    letters++;
                }
            }
            i = next;
        }
        return longer >= ENOUGH_LONG
                || latin >= ENOUGH_LATIN && letters == 0
                || letters >= ENOUGH_LETTERS;
    }

    /** Whether the character is common in Chinese, Japanese or Korean text. */
    private static boolean likelyBesidePairs(int c) {
        return c >= 0x2000 && c < 0x2800
                || c >= 0x3000 && c < 0x3130
                || c >= 0x4E00 && c < 0xA000
                || c >= 0xAC00 && c < 0xD7A4
                || c >= 0xFF00 && c < 0xFFF0
                || c >= 0x1F000 && c < 0x20000;
    }

    private static boolean latin(int c) {
        return c < 0x800
                && Character.isLetter(c)
                && UnicodeScript.of(c) == UnicodeScript.LATIN
                && !(c >= 0x250 && c < 0x2B0); // phonetic signs
    }

    /** Whether it is a letter that does not occur in words with Latin letters. */
    private static boolean foreign(int c) {
        return Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean latinAt(String text, int at) {
        if (at < 0 || at >= text.length()) {
            return false;
        }
        char c = text.charAt(at);
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
