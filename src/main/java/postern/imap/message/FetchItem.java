package postern.imap.message;

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
    THREAD_ID("THREADID"),
    /**
     * A field of the header as it stands there: servers make up addresses in an ENVELOPE, and cut
     * them. All such fields are told together, as the section {@link FetchItems#headerFields()}.
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
