package postern.mime.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import postern.mime.charset.CharsetLabels;
import postern.mime.charset.HtmlCharset;
import postern.mime.charset.OctetText;
import postern.mime.charset.Utf8;

/** Decodes the text of a body part; the octets take precedence over the charset label. */
public final class TextBody {

    private static final int LOOKED_AT = 256;

    private TextBody() {}

    /** Never throws; in the result lines end with LF and there is no U+0000. */
    public static String decode(byte[] octets, @Nullable String charsetLabel) {
        var mark = ByteOrderMark.of(octets);
        if (mark != null) {
            int start = mark.length();
            return tidy(new String(octets, start, octets.length - start, mark.charset()));
        }
        var charset = CharsetLabels.resolve(charsetLabel);
        if (charset != null && isWide(charset)) {
            charset = wide(charset, octets);
        } else if (charset == null) {
            charset = unlabelledWide(octets);
        }
        return tidy(OctetText.decode(octets, 0, octets.length, charset));
    }

    /**
     * Decodes HTML. Without a usable label, the charset that the page declares itself is used,
     * unless the octets are UTF-8, as in pages that were converted in transport.
     */
    public static String decodeHtml(byte[] octets, @Nullable String charsetLabel) {
        boolean labelled = CharsetLabels.resolve(charsetLabel) != null;
        if (labelled || Utf8.scan(octets, 0, octets.length).valid()) {
            return decode(octets, charsetLabel);
        }
        return decode(octets, HtmlCharset.named(octets));
    }

    /** Whether the text is UTF-8 that was wrongly decoded with the charset of this label. */
    public static boolean misread(String text, @Nullable String charsetLabel) {
        var charset = CharsetLabels.resolve(charsetLabel);
        if (charset == null || !charset.canEncode() || charset.name().startsWith("UTF-")) {
            return false;
        }
        var octets = text.getBytes(charset);
        return Utf8.nextNonAscii(octets, 0, octets.length) < octets.length
                && !OctetText.decode(octets, 0, octets.length, charset)
                        .equals(new String(octets, charset));
    }

    /** UTF-16 of mostly ASCII characters, without a BOM or a label: every other octet is zero. */
    private static @Nullable Charset unlabelledWide(byte[] octets) {
        int looked = Math.min(octets.length, LOOKED_AT) & ~1;
        int even = 0;
        int odd = 0;
        for (int i = 0; i < looked; i += 2) {
            even += octets[i] == 0 ? 1 : 0;
            odd += octets[i + 1] == 0 ? 1 : 0;
        }
        int most = looked / 2 * 3 / 4;
        if (looked < 4 || Math.max(even, odd) <= most || Math.min(even, odd) > 0) {
            return null;
        }
        return odd > even ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    }

    private static boolean isWide(Charset charset) {
        return charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32");
    }

    /**
     * The byte order that octets without a BOM indicate, or UTF-8 if they were converted but not
     * relabelled.
     */
    private static Charset wide(Charset declared, byte[] octets) {
        int even = 0;
        int odd = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == 0) {
                even += 1 - (i & 1);
                odd += i & 1;
            }
        }
        if (even + odd == 0 && Utf8.scan(octets, 0, octets.length).valid()) {
            return StandardCharsets.UTF_8;
        }
        boolean unordered = declared.equals(StandardCharsets.UTF_16);
        return unordered && odd > even ? StandardCharsets.UTF_16LE : declared;
    }

    private static String tidy(String text) {
        var dropped = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
        return dropped.indexOf('\r') < 0 ? dropped : withLineFeeds(dropped);
    }

    private static String withLineFeeds(String text) {
        var lines = new StringBuilder(text.length());
        int start = 0;
        int end;
        while ((end = text.indexOf('\r', start)) >= 0) {
            lines.append(text, start, end).append('\n');
            start = end + (text.startsWith("\n", end + 1) ? 2 : 1);
        }
        return lines.append(text, start, text.length()).toString();
    }

    private record ByteOrderMark(Charset charset, int length) {

        static @Nullable ByteOrderMark of(byte[] octets) {
            if (startsWith(octets, 0xEF, 0xBB, 0xBF)) {
                return new ByteOrderMark(StandardCharsets.UTF_8, 3);
            }
            if (startsWith(octets, 0xFF, 0xFE, 0, 0)) {
                return new ByteOrderMark(StandardCharsets.UTF_32LE, 4);
            }
            if (startsWith(octets, 0, 0, 0xFE, 0xFF)) {
                return new ByteOrderMark(StandardCharsets.UTF_32BE, 4);
            }
            if (startsWith(octets, 0xFF, 0xFE)) {
                return new ByteOrderMark(StandardCharsets.UTF_16LE, 2);
            }
            if (startsWith(octets, 0xFE, 0xFF)) {
                return new ByteOrderMark(StandardCharsets.UTF_16BE, 2);
            }
            return null;
        }

        private static boolean startsWith(byte[] octets, int... mark) {
            if (octets.length < mark.length) {
                return false;
            }
            for (int i = 0; i < mark.length; i++) {
                if ((octets[i] & 0xFF) != mark[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
