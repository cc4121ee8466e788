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
    PREVIEW("PREVIEW"),
    /**
     * The server's own identifier of the message in the whole account (RFC 8474, or Gmail's
     * X-GM-MSGID); left out where it has none.
     */
    EMAIL_ID("EMAILID"),
    /** The same of the message's thread (RFC 8474, or Gmail's X-GM-THRID). */
    THREAD_ID("THREADID");

    private final String word;

    FetchItem(String word) {
        this.word = word;
    }

    public String wire() {
        return word;
    }
}
