package postern.message.part;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import postern.imap.message.BodyPart;
import postern.imap.message.Section;
import postern.mime.text.BlankText;
import postern.mime.text.QuotedText;

/** Makes a preview of the beginning of a message's text, in one line. */
public final class PreviewText {

    /** Before decoding: enough in most charsets, and little for a long page. */
    public static final long OCTETS = 2 << 10;

    /** Where those say nothing: pages begin with what they should look like. */
    public static final long MORE_OCTETS = 32 << 10;

    // RFC 8970 §3.1: at most 256 characters, and 200 do.
    private static final int LONGEST = 200;

    /** Upper bound on the blank parts looked at for the preview of one message. */
    public static final int MOST_TEXTS = 2;

    private PreviewText() {}

    /** The parts whose beginnings make up a preview: the first one that says something. */
    public static List<BodyPart> candidates(BodySelection body) {
        return Stream.concat(
                        body.text().stream().limit(MOST_TEXTS),
                        body.html().stream().limit(MOST_TEXTS))
                .filter(part -> Section.validPartId(part.partId()))
                .distinct()
                .toList();
    }

    /** What the first octets of a text part say, in one line. */
    public static String of(BodyPart part, byte[] octets) {
        var text = PartText.of(part, octets).asText();
        var own = line(withoutQuotes(text));
        var line = own.isEmpty() ? line(text) : own;
        return BlankText.is(line) ? "" : line;
    }

    /** The same of a text that may be long: of as little of it as says something. */
    public static String ofBeginning(BodyPart part, byte[] octets) {
        var preview = of(part, beginning(octets, OCTETS));
        return preview.isEmpty() && octets.length > OCTETS
                ? of(part, beginning(octets, MORE_OCTETS))
                : preview;
    }

    private static byte[] beginning(byte[] octets, long most) {
        return Arrays.copyOf(octets, (int) Math.min(octets.length, most));
    }

    private static String withoutQuotes(String text) {
        var own = new StringBuilder(text.length());
        int end = 0;
        for (var quote : QuotedText.of(text).quotes()) {
            if (quote.depth() == 1) {
                own.append(text, end, quote.start()).append(' ');
                end = quote.end();
            }
        }
        return own.append(text, end, text.length()).toString();
    }

    private static String line(String text) {
        return line(text, LONGEST);
    }

    /**
     * At most {@code longest} characters of the text, with runs of white space and fillers made one
     * space.
     */
    public static String line(String text, int longest) {
        var line = new StringBuilder();
        int characters = 0;
        boolean gap = false;
        for (int i = 0; i < text.length() && characters < longest; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean inWord = characters > 0 && !gap && joins(c) && wordGoesOn(text, i);
            if (BlankText.unseen(c) && !inWord) {
                gap = characters > 0;
                continue;
            }
            if (gap) {
                line.append(' ');
                characters++;
                gap = false;
            }
            if (characters < longest) {
                line.appendCodePoint(c);
                characters++;
            }
        }
        return line.toString().stripTrailing();
    }

    /** Signs within words, as Persian has them, and within emoji; elsewhere they are fillers. */
    private static boolean joins(int c) {
        return Character.getType(c) == Character.FORMAT || c >= 0xFE00 && c <= 0xFE0F;
    }

    private static boolean wordGoesOn(String text, int at) {
        return at < text.length()
                && (!BlankText.unseen(text.codePointAt(at)) || joins(text.codePointAt(at)));
    }
}
