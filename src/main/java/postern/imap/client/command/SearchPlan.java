package postern.imap.client.command;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/** A strategy to search for a term: all of it in one command, or part by part. */
public sealed interface SearchPlan permits SingleSearch, DecomposedSearch {

    /**
     * Throws NotPossible when this server does not support the search.
     *
     * @param key to sort by; null for a search
     */
    static SearchPlan of(
            SearchTerm term,
            @Nullable SortKey key,
            SearchGrammar grammar,
            Capabilities capabilities) {
        SearchKeys.requireAll(term, capabilities);
        var query = new SearchQuery(term, key, grammar, capabilities);
        return grammar.accepts(term)
                ? new SingleSearch(query, SearchCharset.UTF_8, Set.of())
                : new DecomposedSearch(query, Set.of(), Map.of());
    }

    /** The commands, in this order and for one exchange. */
    List<UidResultCommand> commands();

    /** The next strategy when the server refused this one; null when there is none. */
    @Nullable SearchPlan next();

    /** The capabilities that it does not use because the server refused them earlier. */
    Set<String> without();

    /** Whether the server refuses the sort itself, whatever the term. */
    boolean refusesToSort();

    /** A new plan that repeats this one. */
    SearchPlan repetition();

    /** Why there is no result; null when there is one. */
    @Nullable ImapException failure();

    /** The result of a search. */
    UidSet uids();

    /** The result of a sort. */
    SortedUids sorted();
}
