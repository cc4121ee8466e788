package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.message.SearchTerm;

/**
 * SEARCH or SORT, which have the same responses: UIDs one by one, or ranges in an ESEARCH response
 * (RFC 4731, RFC 5267).
 */
public abstract class UidResultCommand extends Command {

    /** The memory for one of the UIDs in a range, in octets. */
    private static final long UID = 16;

    private final SearchTerm term;
    private final SearchCharset charset;
    private boolean answered;

    UidResultCommand(String verb, SearchTerm term, SearchCharset charset) {
        super(verb);
        this.term = term;
        this.charset = charset;
    }

    /** The charset argument; SORT requires one, SEARCH does not need it for ASCII. */
    String charset() {
        return term.ascii() ? "US-ASCII" : charset.name();
    }

    void writeTerm(CommandLine line) {
        SearchKeys.writeAll(term, line.texts(charset.charset()));
    }

    /**
     * The charset for another try, when the server refuses UTF-8 and names a charset that can
     * encode the term; else null.
     */
    @Nullable SearchCharset charsetForRetry() {
        var code = code();
        return code != null
                        && code.name().equals("BADCHARSET")
                        && !ok()
                        && charset.equals(SearchCharset.UTF_8)
                ? SearchCharset.of(code, term)
                : null;
    }

    /** Whether the server sent a result, even an empty one. */
    boolean answered() {
        return answered;
    }

    /** Whether the server refuses this kind of command, whatever the term. */
    boolean refusedWhateverTheTerm() {
        return misunderstood() || term instanceof SearchTerm.All && refusedAsSuch();
    }

    /** Whether the server may not support results as ranges. */
    boolean mayRefuseRanges() {
        return misunderstood() || ok() && !answered();
    }

    /** Whether the server refused because it does not support this search. */
    boolean unsupported() {
        return failure() instanceof ImapException.NotPossible && !hasCode("BADCHARSET");
    }

    /**
     * Takes a UID or a range; throws IllegalArgumentException for invalid ones.
     *
     * @param last may be lower than {@code first}
     */
    abstract void addRange(long first, long last);

    /** The result is that of a truncated text. */
    @Override
    ImapException truncated() {
        return new ImapException.NotPossible("the mail server cannot search for this text", null);
    }

    /** Servers answer BAD to search keys that they do not support, or to some arguments of them. */
    @Override
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        var exception = super.misunderstanding(code, text);
        return exception instanceof ImapException.ProtocolError
                ? new ImapException.NotPossible("the mail server cannot search for this", code)
                : exception;
    }

    @Override
    public boolean take(Response response) {
        if (response.skipWord(verb())) {
            answered = true;
            parseNumbers(response);
            return true;
        }
        if (response.skipWord("ESEARCH")) {
            answered = true;
            parseExtended(response);
            return true;
        }
        return false;
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    private void parseNumbers(Response response) {
        response.skipSpaces();
        while (!response.atEnd() && response.peek() != '(') { // "(MODSEQ 5)" may follow
            long uid = response.number();
            if (uid != 0) { // some servers send 0 for "none"
                addValid(uid, uid);
            }
            response.skipSpaces();
        }
    }

    private void parseExtended(Response response) {
        response.skipSpaces();
        if (response.peek() == '(') {
            response.skipValue(); // the tag correlator
        }
        response.skipSpaces();
        while (!response.atEnd()) {
            var name = response.itemName();
            response.skipSpaces();
            switch (name) {
                case "UID" -> {}
                case "ALL" -> parseRanges(response);
                default -> response.skipValue();
            }
            response.skipSpaces();
        }
    }

    /** Charges for each UID: the results are gone through one by one. */
    private void parseRanges(Response response) {
        response.ranges((first, last) -> {
            if (last != 0) {
                response.charge(UID * (Math.abs(last - first) + 1));
                addValid(first, last);
            }
        });
    }

    private void addValid(long first, long last) {
        try {
            addRange(first, last);
        } catch (IllegalArgumentException _) {
            throw new MalformedResponse("UIDs expected");
        }
    }
}
