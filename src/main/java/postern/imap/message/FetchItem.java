package postern.imap.message;

/** A data item of FETCH (RFC 9051 §6.4.5); the UID is always included. */
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
     * The server's identifier of the message, unique in the account (RFC 8474, or Gmail's
     * X-GM-MSGID); left out where the server has none.
     */
    EMAIL_ID("EMAILID"),
    /**
     * The server's identifier of the message's thread (RFC 8474, or Gmail's X-GM-THRID); left out
     * where the server has none.
     */
    THREAD_ID("THREADID"),
    /**
     * A header field as written in the message: in an ENVELOPE servers make up addresses and
     * truncate lists. All such fields are returned together, as the section {@link
     * FetchItems#headerFields()}.
     */
    FROM("FROM"),
    TO("TO"),
    CC("CC");

    private final String word;

    FetchItem(String word) {
        this.word = word;
    }

    boolean headerField() {
        return this == FROM || this == TO || this == CC;
    }

    public String wire() {
        return word;
    }
}
