package postern.imap.message;

/**
 * A section and the requested range of its octets, counted before decoding.
 *
 * @param offset of the first octet
 * @param octets the maximum length
 */
public record SectionRange(Section section, long offset, long octets) {

    public SectionRange {
        if (offset < 0 || octets < 1) {
            throw new IllegalArgumentException("offset %d, octets %d".formatted(offset, octets));
        }
    }

    /** The first octets of a section. */
    public static SectionRange first(Section section, long octets) {
        return new SectionRange(section, 0, octets);
    }
}
