package postern.imap;

/** A data item of FETCH (RFC 9051 §6.4.5); the UID always comes along. */
public enum FetchItem {
    FLAGS("FLAGS"),
    INTERNAL_DATE("INTERNALDATE"),
    SIZE("RFC822.SIZE"),
    ENVELOPE("ENVELOPE"),
    BODY_STRUCTURE("BODYSTRUCTURE"),
    /** RFC 7162; left out where the server has no CONDSTORE. */
    MOD_SEQ("MODSEQ"),
    /** RFC 8970; left out where the server has no PREVIEW. */
    PREVIEW("PREVIEW");

    private final String word;

    FetchItem(String word) {
        this.word = word;
    }

    public String wire() {
        return word;
    }
}
