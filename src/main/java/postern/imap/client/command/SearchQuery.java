package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;

/**
 * What is searched for, and what the server supports of it.
 *
 * @param key to sort by; null for a search
 */
record SearchQuery(
        SearchTerm term, @Nullable SortKey key, SearchGrammar grammar, Capabilities capabilities) {

    SearchQuery without(String capability) {
        return new SearchQuery(term, key, grammar, capabilities.without(capability));
    }
}
