package postern.imap.angus;

import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.SearchTerm;
import postern.imap.SortKey;
import postern.imap.SortedUids;

/** UID SORT (RFC 5256 §3), with its answer as ranges where the server has ESORT (RFC 5267). */
final class SortCommand extends Command {

    private final SearchTerm term;
    private final SortKey key;
    private final boolean ranges;
    private final SortedUids.Builder found = new SortedUids.Builder();

    SortCommand(SearchTerm term, SortKey key, Capabilities capabilities) {
        super("SORT");
        this.term = term;
        this.key = key;
        this.ranges = capabilities.eSort();
    }

    @Override
    void write(CommandLine line) {
        line.words("UID SORT ");
        if (ranges) {
            line.words("RETURN (ALL) ");
        }
        line.words("(" + key.wire() + ") ");
        line.words(term.ascii() ? "US-ASCII " : "UTF-8 ");
        SearchKeys.writeAll(term, line);
    }

    @Override
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        var exception = super.misunderstanding(code, text);
        return exception instanceof ImapException.ProtocolError
                ? new ImapException.NotPossible("the mail server cannot search for this", code)
                : exception;
    }

    @Override
    boolean take(Response response) {
        if (response.skipWord("SORT")) {
            numbers(response);
            return true;
        }
        if (response.skipWord("ESEARCH")) {
            SearchCommand.extended(response, () -> inOrder(response));
            return true;
        }
        return false;
    }

    private void numbers(Response response) {
        response.skipSpaces();
        while (!response.atEnd() && response.peek() != '(') { // "(MODSEQ 5)" may follow
            add(response.number(), 0);
            response.skipSpaces();
        }
    }

    /** Here the order says something, so that this is no set. */
    private void inOrder(Response response) {
        do {
            long first = response.number();
            add(first, response.skip(':') ? response.number() : 0);
        } while (response.skip(','));
    }

    private void add(long first, long last) {
        try {
            found.add(first, last == 0 ? first : last);
        } catch (IllegalArgumentException _) {
            throw new Unparsable("UIDs expected");
        }
    }

    SortedUids uids() {
        return found.build();
    }
}
