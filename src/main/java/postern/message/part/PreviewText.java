package postern.message.part;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import postern.imap.message.BodyPart;
import postern.imap.message.Section;
import postern.mime.text.BlankText;
import postern.mime.text.QuotedText;

/** Makes a one-line preview of the beginning of a message's text. */
public final class PreviewText {

    /** Read at first, before decoding: enough for a preview in most charsets. */
    public static final long OCTETS = 2 << 10;

    /** Read when the first octets have no text: HTML often begins with a long style sheet. */
    public static final long MORE_OCTETS = 32 << 10;

    // RFC 8970 §3.1 allows 256 characters; 200 are enough.
    private static final int LONGEST = 200;

    /** Upper bound on the blank parts looked at for the preview of one message. */
    public static final int MOST_TEXTS = 2;

    private PreviewText() {}

    /** The parts to read in turn until one of them is not blank. */
    public static List<BodyPart> candidates(BodySelection body) {
        return Stream.concat(
                        body.text().stream().limit(MOST_TEXTS),
                        body.html().stream().limit(MOST_TEXTS))
                .filter(part -> Section.validPartId(part.partId()))
                .distinct()
                .toList();
    }

    /** The text in the first octets of a part, in one line. */
    public static String of(BodyPart part, byte[] octets) {
        var text = PartText.of(part, octets).asText();
        var own = line(withoutQuotes(text));
        var line = own.isEmpty() ? line(text) : own;
        return BlankText.is(line) ? "" : line;
    }

    /** As {@link #of}, for long texts: decodes only as much as the preview needs. */
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
     * At most {@code longest} characters of the text; runs of white space and invisible fillers
     * become one space.
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

    /**
     * Zero-width joiners within words, as in Persian, and within emoji are kept; elsewhere they are
     * fillers.
     */
    private static boolean joins(int c) {
        return Character.getType(c) == Character.FORMAT || c >= 0xFE00 && c <= 0xFE0F;
    }

    private static boolean wordGoesOn(String text, int at) {
        return at < text.length()
                && (!BlankText.unseen(text.codePointAt(at)) || joins(text.codePointAt(at)));
    }
}
