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

/** A way to have the server look for a term: all of it in one command, or part by part. */
public sealed interface SearchPlan permits SingleSearch, DecomposedSearch {

    /**
     * Throws NotPossible when this server has no such search.
     *
     * @param key to sort by; null for a search
     */
    static SearchPlan of(
            SearchTerm term,
            @Nullable SortKey key,
            SearchGrammar grammar,
            Capabilities capabilities) {
        SearchKeys.requireAll(term, capabilities);
        return grammar.takes(term)
                ? new SingleSearch(term, key, SearchCharset.UTF_8, grammar, capabilities)
                : new DecomposedSearch(term, key, grammar, capabilities, Set.of());
    }

    /** What to send, in this order and in one exchange. */
    List<UidResultCommand> commands();

    /**
     * The way to try next, when the server refused this one and there is another; null when this
     * was the last.
     */
    @Nullable SearchPlan next();

    /** What it does without although the server announced it, since that was refused before. */
    Set<String> without();

    /** Whether the server refuses to sort, whatever it is. */
    boolean refusesToSort();

    /** The same once more. */
    SearchPlan again();

    /** Why nothing was found out; null when it was. */
    @Nullable ImapException failure();

    /** What a search found. */
    UidSet uids();

    /** What was found, in the order that was asked for. */
    SortedUids sorted();
}
