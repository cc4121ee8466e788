package postern.imap.client.command;

import java.util.ArrayList;
import java.util.List;
import postern.imap.Capabilities;
import postern.imap.client.wire.CommandLine;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;

/**
 * UID SEARCH, with its result as ranges where the server has ESEARCH (RFC 9051 §6.4.4, RFC 4731).
 */
public class SearchCommand extends UidResultCommand {

    private final SearchTerm term;
    private final boolean ranges;
    private final List<UidSet.Range> found = new ArrayList<>();

    public SearchCommand(SearchTerm term, Capabilities capabilities) {
        this(term, capabilities, SearchCharset.UTF_8);
    }

    public SearchCommand(SearchTerm term, Capabilities capabilities, SearchCharset charset) {
        this("SEARCH", term, capabilities, charset);
    }

    SearchCommand(String verb, SearchTerm term, Capabilities capabilities, SearchCharset charset) {
        super(verb, term, charset);
        this.term = term;
        this.ranges = capabilities.eSearch();
    }

    /** The search for this term, in a form that the server supports. */
    static SearchCommand of(SearchTerm term, Capabilities capabilities, SearchCharset charset) {
        return capabilities.objectId()
                        && !capabilities.searchesThreadIds()
                        && ThreadIdSearch.possible(term)
                ? new ThreadIdSearch(term, capabilities)
                : new SearchCommand(term, capabilities, charset);
    }

    @Override
    public void write(CommandLine line) {
        line.words("UID SEARCH ");
        if (ranges) {
            line.words("RETURN (ALL) ");
        }
        if (!term.ascii()) {
            line.words("CHARSET " + charset() + " ");
        }
        writeTerm(line);
    }

    /** Joins consecutive UIDs to a range at once: most searches find runs of them. */
    @Override
    void addRange(long first, long last) {
        var range = new UidSet.Range(Math.min(first, last), Math.max(first, last));
        var before = found.isEmpty() ? null : found.getLast();
        if (before != null && before.last() + 1 == range.first()) {
            found.set(found.size() - 1, new UidSet.Range(before.first(), range.last()));
        } else {
            found.add(range);
        }
    }

    public UidSet uids() {
        return new UidSet(found);
    }
}
