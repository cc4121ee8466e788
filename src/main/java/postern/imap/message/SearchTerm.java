package postern.imap.message;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import postern.imap.Capabilities;

/** A search criterion (RFC 9051 §6.4.4). Text is Unicode and matches substrings, ignoring case. */
public sealed interface SearchTerm {

    /** Every message. */
    record All() implements SearchTerm {}

    /** All of the terms must match; an empty list matches every message. */
    record And(List<SearchTerm> terms) implements SearchTerm {}

    record Or(SearchTerm left, SearchTerm right) implements SearchTerm {}

    record Not(SearchTerm term) implements SearchTerm {}

    record Uids(UidSet uids) implements SearchTerm {}

    record HasFlag(Flag flag) implements SearchTerm {}

    record From(String text) implements SearchTerm {}

    record To(String text) implements SearchTerm {}

    record Cc(String text) implements SearchTerm {}

    record Bcc(String text) implements SearchTerm {}

    record Subject(String text) implements SearchTerm {}

    /** A header field of any name; an empty text matches any message that has the field. */
    record Header(String name, String text) implements SearchTerm {}

    /** Text anywhere in the header or body. */
    record Text(String text) implements SearchTerm {}

    /** Text anywhere in the body. */
    record Body(String text) implements SearchTerm {}

    /** INTERNALDATE on this day or later, in the server's time zone. */
    record Since(LocalDate day) implements SearchTerm {}

    /** INTERNALDATE before this day, in the server's time zone. */
    record Before(LocalDate day) implements SearchTerm {}

    /**
     * Messages of this thread, by {@link FetchedMessage#threadId()}. Requires {@link
     * Capabilities#objectId()} or {@link Capabilities#gmail()}.
     */
    record InThread(String threadId) implements SearchTerm {

        private static final Pattern OBJECT_ID = Pattern.compile("[A-Za-z0-9_-]{1,255}");

        /** Throws IllegalArgumentException for an identifier that RFC 8474 does not allow. */
        public InThread {
            if (!OBJECT_ID.matcher(threadId).matches()) {
                throw new IllegalArgumentException("not a thread's identifier");
            }
        }
    }

    /** Date header on this day or later, ignoring time and zone. */
    record SentSince(LocalDate day) implements SearchTerm {}

    /** Date header before this day, ignoring time and zone. */
    record SentBefore(LocalDate day) implements SearchTerm {}

    /** Larger than this number of octets. */
    record Larger(long octets) implements SearchTerm {}

    /** Smaller than this number of octets. */
    record Smaller(long octets) implements SearchTerm {}

    /** A query in Gmail's own search syntax. Requires {@link Capabilities#gmail()}. */
    record GmailRaw(String query) implements SearchTerm {}

    /** Whether the term can be sent without a charset. */
    default boolean ascii() {
        return fits(StandardCharsets.US_ASCII);
    }

    /** Whether all texts of the term can be encoded in this charset. */
    default boolean fits(Charset charset) {
        return switch (this) {
            case And(var terms) -> terms.stream().allMatch(term -> term.fits(charset));
            case Or(var left, var right) -> left.fits(charset) && right.fits(charset);
            case Not(var not) -> not.fits(charset);
            case From(var text) -> fits(text, charset);
            case To(var text) -> fits(text, charset);
            case Cc(var text) -> fits(text, charset);
            case Bcc(var text) -> fits(text, charset);
            case Subject(var text) -> fits(text, charset);
            case Header(var _, var text) -> fits(text, charset);
            case Text(var text) -> fits(text, charset);
            case Body(var text) -> fits(text, charset);
            case GmailRaw(var query) -> fits(query, charset);
            case All _,
                    Uids _,
                    HasFlag _,
                    Since _,
                    Before _,
                    InThread _,
                    SentSince _,
                    SentBefore _,
                    Larger _,
                    Smaller _ ->
                    true;
        };
    }

    private static boolean fits(String text, Charset charset) {
        return charset.newEncoder().canEncode(text);
    }
}
