package postern.imap.angus;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.SearchTerm;
import postern.imap.SortKey;
import postern.imap.SortedUids;
import postern.imap.UidSet;

/** One SEARCH or SORT for all of a term. */
final class FindingWhole implements Finding {

    private final SearchTerm term;
    private final SearchCharset charset;
    private final @Nullable SortKey key;
    private final SearchGrammar grammar;
    private final Capabilities capabilities;
    private final @Nullable SearchCommand search;
    private final @Nullable SortCommand sort;
    private final FindingCommand command;

    FindingWhole(
            SearchTerm term,
            @Nullable SortKey key,
            SearchCharset charset,
            SearchGrammar grammar,
            Capabilities capabilities) {
        this.term = term;
        this.charset = charset;
        this.key = key;
        this.grammar = grammar;
        this.capabilities = capabilities;
        if (key == null) {
            search = new SearchCommand(term, capabilities, charset);
            sort = null;
            command = search;
        } else {
            search = null;
            sort = new SortCommand(term, key, capabilities, charset);
            command = sort;
        }
    }

    @Override
    public List<FindingCommand> commands() {
        return List.of(command);
    }

    @Override
    public @Nullable Finding next() {
        var other = command.otherCharset();
        if (other != null) {
            return new FindingWhole(term, key, other, grammar, capabilities);
        }
        boolean parts = command.beyondServer() && SearchGrammar.composed(term);
        return parts ? new FindingParts(term, key, grammar, capabilities) : null;
    }

    @Override
    public Finding again() {
        return new FindingWhole(term, key, charset, grammar, capabilities);
    }

    @Override
    public @Nullable ImapException failure() {
        return command.failure();
    }

    @Override
    public UidSet uids() {
        return search == null ? UidSet.EMPTY : search.uids();
    }

    @Override
    public SortedUids sorted() {
        return sort == null ? SortedUids.EMPTY : sort.uids();
    }
}
