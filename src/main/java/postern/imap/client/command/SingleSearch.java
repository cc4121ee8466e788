package postern.imap.client.command;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/** One SEARCH or SORT for the whole term. */
final class SingleSearch implements SearchPlan {

    private final SearchTerm term;
    private final SearchCharset charset;
    private final @Nullable SortKey key;
    private final SearchGrammar grammar;
    private final Capabilities capabilities;
    private final @Nullable SearchCommand search;
    private final @Nullable SortCommand sort;
    private final UidResultCommand command;
    private Set<String> without = Set.of();

    SingleSearch(
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
            search = SearchCommand.of(term, capabilities, charset);
            sort = null;
            command = search;
        } else {
            search = null;
            sort = new SortCommand(term, key, capabilities, charset);
            command = sort;
        }
    }

    @Override
    public List<UidResultCommand> commands() {
        return List.of(command);
    }

    @Override
    public @Nullable SearchPlan next() {
        var otherCharset = command.charsetForRetry();
        if (otherCharset != null) {
            return new SingleSearch(term, key, otherCharset, grammar, capabilities);
        }
        var ranges = key == null ? RefusedCapabilities.ESEARCH : RefusedCapabilities.ESORT;
        boolean rangesRequested = key == null ? capabilities.eSearch() : capabilities.eSort();
        boolean composed = SearchGrammar.isComposed(term);
        boolean simplyRefused = command.unsupported() && !composed;
        if (rangesRequested && (command.mayRefuseRanges() || simplyRefused)) {
            return without(ranges);
        }
        if (!command.unsupported()) {
            return null;
        }
        return composed
                ? new DecomposedSearch(term, key, grammar, capabilities, without)
                : withoutThreadIds();
    }

    private SingleSearch without(String refused) {
        var reduced = capabilities.without(refused);
        var next = new SingleSearch(term, key, charset, grammar, reduced);
        next.without = Set.of(refused);
        return next;
    }

    /**
     * A plan that fetches THREADIDs instead of searching for them; null where that makes no
     * difference.
     */
    private @Nullable SingleSearch withoutThreadIds() {
        return capabilities.searchesThreadIds() && ThreadIdSearch.possible(term)
                ? without(RefusedCapabilities.SEARCH_THREADID)
                : null;
    }

    /** A plan that fetches THREADIDs, after the server refused the parts of the search as well. */
    static @Nullable SingleSearch forThreads(
            SearchTerm term, SearchGrammar grammar, Capabilities capabilities) {
        return new SingleSearch(term, null, SearchCharset.UTF_8, grammar, capabilities)
                .withoutThreadIds();
    }

    @Override
    public Set<String> without() {
        return command.ok() && command.answered() ? without : Set.of();
    }

    @Override
    public boolean refusesToSort() {
        return key != null && command.refusedWhateverTheTerm();
    }

    @Override
    public SearchPlan repetition() {
        var again = new SingleSearch(term, key, charset, grammar, capabilities);
        again.without = without;
        return again;
    }

    @Override
    public @Nullable ImapException failure() {
        boolean unsorted = key != null && command.ok() && !command.answered();
        return unsorted
                ? new ImapException.NotPossible("the mail server did not sort", null)
                : command.failure();
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
