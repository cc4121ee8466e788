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
        ask(everything);
        askFor(term);
        sort =
                key == null
                        ? null
                        : new SortCommand(everything, key, capabilities, SearchCharset.UTF_8);
    }

    private void askFor(SearchTerm part) {
        switch (part) {
            case SearchTerm.And(var terms) -> terms.forEach(this::askFor);
            case SearchTerm.Or(var left, var right) -> {
                askFor(left);
                askFor(right);
            }
            case SearchTerm.Not(var not) -> askFor(not);
            case SearchTerm.Uids(var uids) when uids.isEmpty() -> {}
            default -> ask(part);
        }
    }

    private void ask(SearchTerm leaf) {
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
            var other = search.otherCharset();
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
            grammar.refuses(term);
            return null;
        }
        boolean beyond = searches.values().stream().anyMatch(UidResultCommand::beyondServer);
        return beyond && key == null ? SingleSearch.forThreads(term, grammar, capabilities) : null;
    }

    /**
     * The capability for result ranges that the server announced and seems to refuse; null for
     * none.
     */
    private @Nullable String refusedRanges() {
        boolean search =
                searches.values().stream().anyMatch(UidResultCommand::refusesRangesPerhaps);
        if (search && capabilities.eSearch()) {
            return RefusedCapabilities.ESEARCH;
        }
        return sort != null && sort.refusesRangesPerhaps() && capabilities.eSort()
                ? RefusedCapabilities.ESORT
                : null;
    }

    @Override
    public Set<String> without() {
        return failure() == null ? without : Set.of();
    }

    @Override
    public boolean refusesToSort() {
        return sort != null && sort.refusedForItself();
    }

    @Override
    public SearchPlan again() {
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
        return found(term, all());
    }

    @Override
    public SortedUids sorted() {
        return sort == null ? SortedUids.EMPTY : sort.uids().within(uids());
    }

    private UidSet all() {
        return Objects.requireNonNull(searches.get(new SearchTerm.All())).uids();
    }

    /** Those of the messages that match this part of the term. */
    private UidSet found(SearchTerm part, UidSet messages) {
        return switch (part) {
            case SearchTerm.And(var terms) -> {
                var left = messages;
                for (var each : terms) {
                    left = found(each, left);
                }
                yield left;
            }
            case SearchTerm.Or(var left, var right) ->
                    found(left, messages).with(found(right, messages));
            case SearchTerm.Not(var not) -> messages.without(found(not, messages));
            case SearchTerm.Uids(var uids) when uids.isEmpty() -> UidSet.EMPTY;
            default -> messages.within(Objects.requireNonNull(searches.get(part)).uids());
        };
    }
}
