package postern.imap.client.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/**
 * Searches for each part of a term that the server cannot search for as a whole, and combines the
 * results here, as sets of ranges. For a sort order all messages are sorted.
 */
final class DecomposedSearch implements SearchPlan {

    private final SearchQuery query;
    private final Set<String> without;
    private final Map<SearchTerm, SearchCharset> charsets;
    private final Map<SearchTerm, SearchCommand> searches = new LinkedHashMap<>();
    private final @Nullable SortCommand sort;

    /**
     * @param without the capabilities that were dropped because the server refused them
     * @param charsets for the parts that the server does not accept in UTF-8
     */
    DecomposedSearch(
            SearchQuery query, Set<String> without, Map<SearchTerm, SearchCharset> charsets) {
        this.query = query;
        this.without = without;
        this.charsets = charsets;
        var everything = new SearchTerm.All();
        // Searches for all messages first: a message that arrives during the exchange would
        // otherwise match a NOT, since the searches before it did not see it.
        addSearch(everything);
        addSearches(query.term());
        var key = query.key();
        sort =
                key == null
                        ? null
                        : new SortCommand(
                                everything, key, query.capabilities(), SearchCharset.UTF_8);
    }

    private void addSearches(SearchTerm part) {
        switch (part) {
            case SearchTerm.And(var terms) -> terms.forEach(this::addSearches);
            case SearchTerm.Or(var left, var right) -> {
                addSearches(left);
                addSearches(right);
            }
            case SearchTerm.Not(var not) -> addSearches(not);
            case SearchTerm.Uids(var uids) when uids.isEmpty() -> {}
            default -> addSearch(part);
        }
    }

    private void addSearch(SearchTerm leaf) {
        var charset = charsets.getOrDefault(leaf, SearchCharset.UTF_8);
        searches.computeIfAbsent(leaf, it -> SearchCommand.of(it, query.capabilities(), charset));
    }

    @Override
    public List<UidResultCommand> commands() {
        var commands = new ArrayList<UidResultCommand>(searches.values());
        if (sort != null) {
            commands.add(sort);
        }
        return commands;
    }

    /** When the server accepted all parts, the whole term is not tried again on this connection. */
    @Override
    public @Nullable SearchPlan next() {
        var newCharsets = new HashMap<>(charsets);
        searches.forEach((part, search) -> {
            var charset = search.charsetForRetry();
            if (charset != null) {
                newCharsets.put(part, charset);
            }
        });
        if (newCharsets.size() > charsets.size()) {
            return new DecomposedSearch(query, without, newCharsets);
        }
        var ranges = refusedRanges();
        if (ranges != null) {
            return new DecomposedSearch(query.without(ranges), Set.of(ranges), charsets);
        }
        if (failure() == null) {
            query.grammar().addRefused(query.term());
            return null;
        }
        boolean unsupported = searches.values().stream().anyMatch(UidResultCommand::unsupported);
        return unsupported && sort == null ? SingleSearch.forThreads(query) : null;
    }

    /**
     * The capability for result ranges that the server announced and seems to refuse; null for
     * none.
     */
    private @Nullable String refusedRanges() {
        boolean search = searches.values().stream().anyMatch(UidResultCommand::mayRefuseRanges);
        if (search && query.capabilities().eSearch()) {
            return RefusedCapabilities.ESEARCH;
        }
        return sort != null && sort.mayRefuseRanges() && query.capabilities().eSort()
                ? RefusedCapabilities.ESORT
                : null;
    }

    @Override
    public Set<String> without() {
        return failure() == null ? without : Set.of();
    }

    @Override
    public boolean refusesToSort() {
        return sort != null && sort.refusedWhateverTheTerm();
    }

    @Override
    public SearchPlan repetition() {
        return new DecomposedSearch(query, without, charsets);
    }

    @Override
    public @Nullable ImapException failure() {
        for (var search : searches.values()) {
            var failure = search.failure();
            if (failure != null) {
                return failure;
            }
        }
        return sort == null ? null : sort.failure();
    }

    @Override
    public UidSet uids() {
        return matching(query.term(), allMessages());
    }

    @Override
    public SortedUids sorted() {
        return sort == null ? SortedUids.EMPTY : sort.uids().within(uids());
    }

    private UidSet allMessages() {
        return Objects.requireNonNull(searches.get(new SearchTerm.All())).uids();
    }

    /** Those of the messages that match this part of the term. */
    private UidSet matching(SearchTerm part, UidSet messages) {
        return switch (part) {
            case SearchTerm.And(var terms) -> {
                var matching = messages;
                for (var each : terms) {
                    matching = matching(each, matching);
                }
                yield matching;
            }
            case SearchTerm.Or(var left, var right) ->
                    matching(left, messages).with(matching(right, messages));
            case SearchTerm.Not(var not) -> messages.without(matching(not, messages));
            case SearchTerm.Uids(var uids) when uids.isEmpty() -> UidSet.EMPTY;
            default -> messages.within(Objects.requireNonNull(searches.get(part)).uids());
        };
    }
}
