package postern.imap.message;

import java.util.List;

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
    FROM("FROM", List.of("FROM")),
    TO("TO", List.of("TO")),
    CC("CC", List.of("CC")),
    /** The header fields that tell that a program has written or distributed a message. */
    AUTOMATIC(
            "AUTOMATIC",
            List.of(
                    "AUTO-SUBMITTED",
                    "CONTENT-TYPE",
                    "LIST-ID",
                    "LIST-POST",
                    "LIST-UNSUBSCRIBE",
                    "PRECEDENCE",
                    "RETURN-PATH",
                    "X-AUTO-RESPONSE-SUPPRESS",
                    "X-AUTOREPLY",
                    "X-AUTORESPOND")),
    /** The header fields of a mailing list, and those that vouch for them. */
    LIST(
            "LIST",
            List.of(
                    "AUTHENTICATION-RESULTS",
                    "DKIM-SIGNATURE",
                    "LIST-ARCHIVE",
                    "LIST-HELP",
                    "LIST-ID",
                    "LIST-POST",
                    "LIST-SUBSCRIBE",
                    "LIST-UNSUBSCRIBE",
                    "LIST-UNSUBSCRIBE-POST")),
    /** The header fields that ask for a receipt (RFC 8098 §2). */
    RECEIPT(
            "RECEIPT",
            List.of(
                    "DISPOSITION-NOTIFICATION-OPTIONS",
                    "DISPOSITION-NOTIFICATION-TO",
                    "RETURN-PATH"));

    private final String word;
    private final List<String> fields;

    FetchItem(String word) {
        this(word, List.of());
    }

    /**
     * @param fields the header fields that it consists of
     */
    FetchItem(String word, List<String> fields) {
        this.word = word;
        this.fields = fields;
    }

    /** The header fields that it consists of; empty for an item of another kind. */
    public List<String> fields() {
        return fields;
    }

    public String wire() {
        return word;
    }
}
