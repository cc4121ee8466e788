package postern.imap.message;

/** A sort key (RFC 5256, RFC 5957). */
public enum SortKey {
    ARRIVAL("ARRIVAL"),
    /** The Date header; INTERNALDATE where it cannot be parsed. */
    DATE("DATE"),
    SIZE("SIZE"),
    /** The base subject, without {@code Re:} and the like (RFC 5256 §2.1). */
    SUBJECT("SUBJECT"),
    /** The display name of the first From address, or the address (RFC 5957). */
    DISPLAY_FROM("DISPLAYFROM"),
    /** The display name of the first To address, or the address (RFC 5957). */
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
