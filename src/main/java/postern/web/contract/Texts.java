package postern.web.contract;

/**
 * Patterns of texts in the contract. They document; the code that reads a text refuses others.
 *
 * <p>They work in all languages in which generated clients check patterns: none has {@code \}u, or
 * ranges above ASCII, which some languages compare with the octets of UTF-8.
 */
public final class Texts {

    /** One line, maybe an empty one. */
    public static final String LINE = "^[^\\x00-\\x1f\\x7f]*$";

    /** One line that is not blank. */
    public static final String NAME =
            "^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$";

    public static final String WITHOUT_NUL = "^[^\\x00]*$";

    /** A flag that a client may set: an atom of IMAP. */
    public static final String KEYWORD = "^[!#$&'+-\\[^-z|-~]+$";

    /** A flag in a list of a query, where a comma ends it. */
    public static final String LISTED_KEYWORD = "^[!#$&'+.-\\[^-z|-~-]+$";

    /** A Message-ID with angle brackets or without. */
    public static final String MESSAGE_ID = "^(<[!-;=?-~]{1,900}>|[!-;=?-~]{1,900})$";

    /** A Message-ID as bad as real messages have them, with angle brackets or without. */
    public static final String SOUGHT_MESSAGE_ID =
            "^(<[^\\x00-\\x20\\x7f<>][^\\x00-\\x1f\\x7f<>]{0,997}>"
                    + "|[^\\x00-\\x20\\x7f<>][^\\x00-\\x1f\\x7f<>]{0,997})$";

    /** The name of a header field, as far as mail servers are asked for it. */
    public static final String FIELD_NAME = "^[A-Za-z0-9_-]{1,100}$";

    /** An RFC 3339 date or date-time. */
    public static final String MOMENT =
            "^\\d{4}-\\d{2}-\\d{2}([Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2}))?$";

    public static final String PART_ID = "^[1-9][0-9]{0,8}(\\.[1-9][0-9]{0,8}){0,299}$";

    /** A Content-ID without angle brackets. */
    public static final String CONTENT_ID = "^[!-;=?-~]+$";

    private Texts() {}
}
