package postern.message.part;

import postern.imap.message.BodyPart;
import postern.imap.message.Section;

/** Which parts of a body are shown, as far as its octets have been read. */
public final class ShownParts {

    /**
     * Only shorter parts are checked for being blank; the empty page of any mail program is
     * shorter.
     */
    private static final long LONGEST_BLANK = 16 << 10;

    private ShownParts() {}

    /**
     * The body without alternatives that turned out to be blank. When more is read, other parts may
     * be shown.
     */
    public static BodySelection of(BodySelection body, SectionOctets read) {
        return Alternatives.withoutBlank(body, part -> blank(part, read));
    }

    /** Only parts that were read whole are checked; any other part counts as text. */
    private static boolean blank(BodyPart part, SectionOctets read) {
        if (part.size() == 0) {
            return true;
        }
        var section = Section.part(part.partId());
        return part.size() <= LONGEST_BLANK
                && read.whole(section)
                && PartText.of(part, read.of(section)).blank();
    }
}
