package postern.imap.client.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/**
 * Searches for each part of a term that the server cannot search for as a whole, and combines the
 * results here, as sets of ranges. For a sort order all messages are sorted.
 */
final class DecomposedSearch implements SearchPlan {

    private final SearchTerm term;
    private final @Nullable SortKey key;
    private final SearchGrammar grammar;
    private final Capabilities capabilities;
    private final Map<SearchTerm, SearchCharset> charsets;
    private final Map<SearchTerm, SearchCommand> searches = new LinkedHashMap<>();
    private final @Nullable SortCommand sort;
    private final Set<String> without;

    /**
     * @param without the capabilities that were dropped because the server refused them
     */
    DecomposedSearch(
            SearchTerm term,
            @Nullable SortKey key,
            SearchGrammar grammar,
            Capabilities capabilities,
            Set<String> without) {
        this(term, key, grammar, capabilities, without, Map.of());
    }

    /**
     * @param charsets for the parts that the server does not accept in UTF-8
     */
    private DecomposedSearch(
            SearchTerm term,
            @Nullable SortKey key,
            SearchGrammar grammar,
            Capabilities capabilities,
            Set<String> without,
            Map<SearchTerm, SearchCharset> charsets) {
        this.without = without;
        this.term = term;
        this.key = key;
        this.grammar = grammar;
        this.capabilities = capabilities;
        this.charsets = charsets;
        var everything = new SearchTerm.All();
        // Searches for all messages first: a message that arrives during the exchange would
        // otherwise match a NOT, since the searches before it did not see it.
        addSearch(everything);
        addSearches(term);
        sort =
                key == null
                        ? null
                        : new SortCommand(everything, key, capabilities, SearchCharset.UTF_8);
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
        searches.computeIfAbsent(leaf, it -> SearchCommand.of(it, capabilities, charset));
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
        var others = new HashMap<>(charsets);
        searches.forEach((leaf, search) -> {
            var other = search.charsetForRetry();
            if (other != null) {
                others.put(leaf, other);
            }
        });
        if (others.size() > charsets.size()) {
            return new DecomposedSearch(term, key, grammar, capabilities, without, others);
        }
        var ranges = refusedRanges();
        if (ranges != null) {
            var less = capabilities.without(ranges);
            return new DecomposedSearch(term, key, grammar, less, Set.of(ranges), others);
        }
        if (failure() == null) {
            grammar.addRefused(term);
            return null;
        }
        boolean beyond = searches.values().stream().anyMatch(UidResultCommand::unsupported);
        return beyond && key == null ? SingleSearch.forThreads(term, grammar, capabilities) : null;
    }

    /**
     * The capability for result ranges that the server announced and seems to refuse; null for
     * none.
     */
    private @Nullable String refusedRanges() {
        boolean search = searches.values().stream().anyMatch(UidResultCommand::mayRefuseRanges);
        if (search && capabilities.eSearch()) {
            return RefusedCapabilities.ESEARCH;
        }
        return sort != null && sort.mayRefuseRanges() && capabilities.eSort()
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
        return new DecomposedSearch(term, key, grammar, capabilities, without, charsets);
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
        return matching(term, allMessages());
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
                var left = messages;
                for (var each : terms) {
                    left = matching(each, left);
                }
                yield left;
            }
            case SearchTerm.Or(var left, var right) ->
                    matching(left, messages).with(matching(right, messages));
            case SearchTerm.Not(var not) -> messages.without(matching(not, messages));
            case SearchTerm.Uids(var uids) when uids.isEmpty() -> UidSet.EMPTY;
            default -> messages.within(Objects.requireNonNull(searches.get(part)).uids());
        };
    }
}
