package postern.imap.client.command;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/** One SEARCH or SORT for the whole term. */
final class SingleSearch implements SearchPlan {

    private final SearchQuery query;
    private final SearchCharset charset;
    private final Set<String> without;
    private final @Nullable SearchCommand search;
    private final @Nullable SortCommand sort;
    private final UidResultCommand command;

    /**
     * @param without the capabilities that were dropped because the server refused them
     */
    SingleSearch(SearchQuery query, SearchCharset charset, Set<String> without) {
        this.query = query;
        this.charset = charset;
        this.without = without;
        if (query.key() == null) {
            search = SearchCommand.of(query.term(), query.capabilities(), charset);
            sort = null;
            command = search;
        } else {
            search = null;
            sort = new SortCommand(query.term(), query.key(), query.capabilities(), charset);
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
            return new SingleSearch(query, otherCharset, Set.of());
        }
        var capabilities = query.capabilities();
        var ranges = sort == null ? RefusedCapabilities.ESEARCH : RefusedCapabilities.ESORT;
        boolean rangesRequested = sort == null ? capabilities.eSearch() : capabilities.eSort();
        boolean composed = SearchGrammar.isComposed(query.term());
        boolean simplyRefused = command.unsupported() && !composed;
        if (rangesRequested && (command.mayRefuseRanges() || simplyRefused)) {
            return without(ranges);
        }
        if (!command.unsupported()) {
            return null;
        }
        return composed ? new DecomposedSearch(query, without, Map.of()) : withoutThreadIds();
    }

    private SingleSearch without(String refused) {
        return new SingleSearch(query.without(refused), charset, Set.of(refused));
    }

    /**
     * A plan that fetches THREADIDs instead of searching for them; null where that makes no
     * difference.
     */
    private @Nullable SingleSearch withoutThreadIds() {
        return query.capabilities().searchesThreadIds() && ThreadIdSearch.possible(query.term())
                ? without(RefusedCapabilities.SEARCH_THREADID)
                : null;
    }

    /** A plan that fetches THREADIDs, after the server refused the parts of the search as well. */
    static @Nullable SingleSearch forThreads(SearchQuery query) {
        return new SingleSearch(query, SearchCharset.UTF_8, Set.of()).withoutThreadIds();
    }

    @Override
    public Set<String> without() {
        return command.ok() && command.answered() ? without : Set.of();
    }

    @Override
    public boolean refusesToSort() {
        return sort != null && command.refusedWhateverTheTerm();
    }

    @Override
    public SearchPlan repetition() {
        return new SingleSearch(query, charset, without);
    }

    @Override
    public @Nullable ImapException failure() {
        boolean unsorted = sort != null && command.ok() && !command.answered();
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
