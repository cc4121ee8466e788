package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.message.SearchTerm;

/**
 * SEARCH or SORT, whose answers are read alike: UIDs one by one, or as ranges in an ESEARCH
 * response (RFC 4731, RFC 5267).
 */
public abstract class UidResultCommand extends Command {

    private final SearchTerm term;
    private final SearchCharset charset;
    private boolean answered;

    UidResultCommand(String verb, SearchTerm term, SearchCharset charset) {
        super(verb);
        this.term = term;
        this.charset = charset;
    }

    /** What SORT cannot do without, and SEARCH need not say of ASCII. */
    String charset() {
        return term.ascii() ? "US-ASCII" : charset.name();
    }

    void writeTerm(CommandLine line) {
        SearchKeys.writeAll(term, line.texts(charset.charset()));
    }

    /**
     * What to ask in once more, when the mail server does not take UTF-8 and names another that
     * will do; else null.
     */
    @Nullable SearchCharset otherCharset() {
        var code = code();
        return code != null
                        && code.name().equals("BADCHARSET")
                        && !ok()
                        && charset.equals(SearchCharset.UTF_8)
                ? SearchCharset.of(code, term)
                : null;
    }

    /** Whether the server told what it found, if only that it is nothing. */
    boolean answered() {
        return answered;
    }

    /** Whether it is the kind of command that the server refuses, and not what is looked for. */
    boolean refusedForItself() {
        return misunderstood() || failure() != null && term instanceof SearchTerm.All;
    }

    /** Whether it is the form of the answer that was asked for which the server does not know. */
    boolean refusesRangesPerhaps() {
        return misunderstood() || ok() && !answered();
    }

    /** Whether the server refused because it cannot search like that. */
    boolean beyondServer() {
        return failure() instanceof ImapException.NotPossible && !hasCode("BADCHARSET");
    }

    /**
     * Takes a UID, or some in a row; throws IllegalArgumentException for what are none.
     *
     * @param last may be the lower one
     */
    abstract void found(long first, long last);

    /** What it found is what it took the beginning for. */
    @Override
    ImapException shortened() {
        return new ImapException.NotPossible("the mail server cannot search for this text", null);
    }

    /** Servers lack search keys, or cannot take all that may stand behind one. */
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
            numbers(response);
            return true;
        }
        if (response.skipWord("ESEARCH")) {
            answered = true;
            extended(response);
            return true;
        }
        return false;
    }

    @Override
    public boolean harmless() {
        return true;
    }

    private void numbers(Response response) {
        response.skipSpaces();
        while (!response.atEnd() && response.peek() != '(') { // "(MODSEQ 5)" may follow
            long uid = response.number();
            if (uid != 0) { // which some servers send for "none"
                add(uid, uid);
            }
            response.skipSpaces();
        }
    }

    private void extended(Response response) {
        response.skipSpaces();
        if (response.peek() == '(') {
            response.skipValue(); // the tag this belongs to
        }
        response.skipSpaces();
        while (!response.atEnd()) {
            var name = response.itemName();
            response.skipSpaces();
            switch (name) {
                case "UID" -> {}
                case "ALL" -> ranges(response);
                default -> response.skipValue();
            }
            response.skipSpaces();
        }
    }

    private void ranges(Response response) {
        do {
            long first = response.number();
            long last = response.skip(':') ? response.number() : first;
            if (last != 0) {
                add(first, last);
            }
        } while (response.skip(','));
    }

    private void add(long first, long last) {
        try {
            found(first, last);
        } catch (IllegalArgumentException _) {
            throw new MalformedResponse("UIDs expected");
        }
    }
}
