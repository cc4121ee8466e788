package postern.imap.message;

/** What SORT can order by (RFC 5256, RFC 5957). */
public enum SortKey {
    ARRIVAL("ARRIVAL"),
    /** The Date header; the arrival where that cannot be read. */
    DATE("DATE"),
    SIZE("SIZE"),
    /** The subject without {@code Re:} and the like (RFC 5256 §2.1). */
    SUBJECT("SUBJECT"),
    /** The name of the first author as people see it, or the address (RFC 5957). */
    DISPLAY_FROM("DISPLAYFROM"),
    /** The same of the first recipient. */
    DISPLAY_TO("DISPLAYTO");

    private final String word;

    SortKey(String word) {
        this.word = word;
    }

    public String wire() {
        return word;
    }

    public boolean display() {
        return this == DISPLAY_FROM || this == DISPLAY_TO;
    }
}
