package postern.imap.angus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.SearchTerm;
import postern.imap.UidSet;

/**
 * UID SEARCH, with its answer as ranges where the server has ESEARCH (RFC 9051 §6.4.4, RFC 4731).
 */
final class SearchCommand extends Command {

    private final SearchTerm term;
    private final boolean ranges;
    private final List<UidSet.Range> found = new ArrayList<>();

    SearchCommand(SearchTerm term, Capabilities capabilities) {
        super("SEARCH");
        this.term = term;
        this.ranges = capabilities.eSearch();
    }

    @Override
    void write(CommandLine line) {
        line.words("UID SEARCH ");
        if (ranges) {
            line.words("RETURN (ALL) ");
        }
        if (!SearchKeys.ascii(term)) {
            line.words("CHARSET UTF-8 ");
        }
        SearchKeys.writeAll(term, line);
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
    boolean take(Response response) {
        if (response.skipWord("SEARCH")) {
            numbers(response);
            return true;
        }
        if (response.skipWord("ESEARCH")) {
            extended(response);
            return true;
        }
        return false;
    }

    private void numbers(Response response) {
        response.skipSpaces();
        while (!response.atEnd() && response.peek() != '(') { // "(MODSEQ 5)" may follow
            add(response.number());
            response.skipSpaces();
        }
    }

    /** Neighbours are one range from the start: most searches find runs of them. */
    private void add(long uid) {
        var last = found.isEmpty() ? null : found.getLast();
        if (last != null && last.last() + 1 == uid) {
            found.set(found.size() - 1, new UidSet.Range(last.first(), uid));
        } else {
            found.add(new UidSet.Range(uid, uid));
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
                case "ALL" -> found.addAll(uids(response.word()).ranges());
                default -> response.skipValue();
            }
            response.skipSpaces();
        }
    }

    private static UidSet uids(String text) {
        try {
            return UidSet.parse(text);
        } catch (IllegalArgumentException _) {
            throw new Unparsable("a set of UIDs expected");
        }
    }

    UidSet uids() {
        return new UidSet(found);
    }
}
