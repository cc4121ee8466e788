package postern.search;

import java.util.ArrayList;
import java.util.List;
import postern.imap.ImapException;
import postern.imap.MailboxName;

/**
 * Finds one page of a search. Each step is sent to all mailboxes at once, in as few flushes as
 * possible: first search and sort ({@link MailboxSearcher}); then, to merge several mailboxes, the
 * sort values of the first messages of each ({@link NextResults}); then the metadata of the
 * messages on the page ({@link PageMessages}). No more than one page of each mailbox is examined.
 */
final class MergedSearch {

    /** Upper bound on attempts when all messages of the page were expunged meanwhile. */
    private static final int TRIES = 3;

    private final SearchContext search;
    private final SearchedMailboxes mailboxes;
    private final MailboxSearcher searcher;
    private final NextResults nextResults;

    MergedSearch(SearchContext search, MatchingMessages matching) {
        this.search = search;
        this.mailboxes = new SearchedMailboxes(search);
        this.searcher = new MailboxSearcher(search, mailboxes);
        this.nextResults = new NextResults(search, mailboxes, matching);
    }

    SearchPage in(List<MailboxName> names) {
        var page = find(names);
        for (int tries = 1; page.vanished(); tries++) {
            if (tries == TRIES && page.entries().isEmpty()) {
                // There are more results, but none of them remained long enough to continue from.
                throw new ImapException.MailboxInUse(null);
            }
            if (tries == TRIES) {
                break;
            }
            mailboxes.reset();
            page = find(names);
        }
        var query = search.query();
        var skipped = mailboxes.skipped();
        return new SearchPage(
                page.summaries(query),
                page.next(query, search.cursor()),
                query.criteria().exact() ? page.total() : null,
                null,
                skipped.isEmpty() ? null : skipped);
    }

    private MergedPage find(List<MailboxName> names) {
        return names.size() == 1 ? inOne(names.getFirst()) : inAll(names);
    }

    /**
     * Searches a single mailbox, which needs no merge, on a connection that may already have
     * selected it.
     */
    private MergedPage inOne(MailboxName name) {
        try (var mailbox = search.select(name)) {
            var only = searcher.search(mailbox);
            nextResults.load(mailbox, only);
            var entries = merge(List.of(only), search.query().limit());
            var messages = new PageMessages(search, mailboxes);
            messages.load(mailbox, only, entries);
            return new MergedPage(List.of(only), entries, messages);
        }
    }

    private MergedPage inAll(List<MailboxName> names) {
        var sources = searcher.search(names);
        sources.removeIf(source -> source.size() == 0);
        nextResults.load(sources);
        var entries = new ArrayList<PageEntry>();
        var messages = new PageMessages(search, mailboxes);
        do {
            var more = merge(sources, search.query().limit() - entries.size());
            messages.load(more);
            entries.addAll(more);
            // Messages of other mailboxes fill the gaps of dropped mailboxes.
        } while (entries.removeIf(entry -> entry.source().dropped()));
        return new MergedPage(sources, entries, messages);
    }

    private List<PageEntry> merge(List<MailboxResults> sources, int count) {
        return MergedPage.merge(sources, search.sort(), count);
    }
}
