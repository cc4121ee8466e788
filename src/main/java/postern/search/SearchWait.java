package postern.search;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.SessionTokens;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.watch.Hints;
import postern.imap.watch.MailboxWatches;
import postern.web.Caller;
import postern.web.ClientAddress;
import postern.web.limit.ListenerPlaces;

/**
 * Answers a search when something is found, or when its time is over. While it waits it holds no
 * connection to the mail server but that of all who listen to the account, and searches only those
 * mailboxes in which something may have happened.
 */
@Component
final class SearchWait {

    /** Each of them may be asked for its counters again and again. */
    static final int MOST_WATCHED = 100;

    private final Searches searches;
    private final MailboxWatches watches;
    private final ListenerPlaces places;
    private final SessionTokens tokens;

    SearchWait(
            Searches searches,
            MailboxWatches watches,
            ListenerPlaces places,
            SessionTokens tokens) {
        this.searches = searches;
        this.watches = watches;
        this.places = places;
        this.tokens = tokens;
    }

    SearchPage search(Caller caller, ClientAddress client, SearchQuery query) {
        var account = caller.account();
        var page = searches.search(account, query);
        if (query.waitSeconds() == 0 || found(page)) {
            return page;
        }
        var mailboxes = watched(searches.searched(account, query));
        if (mailboxes.isEmpty()) {
            return page;
        }
        var hints = new Hints(Duration.ofSeconds(query.waitSeconds()));
        try (var _ = places.take(account, client, hints::end);
                var _ = watches.listen(account, mailboxes, hints::add)) {
            // What came before somebody listened.
            page = searches.search(account, query);
            while (!found(page)) {
                var hinted = hints.await(ListenerPlaces.SESSION_CHECK);
                if (caller.session() != null) {
                    tokens.requireValid(caller.session());
                }
                // At the end once more in all of them: this is what is answered.
                if (hints.over()) {
                    return searches.search(account, query);
                }
                if (!hinted.isEmpty() && mayBeFound(account, query, hinted)) {
                    page = searches.search(account, query);
                }
            }
            return page;
        }
    }

    /** INBOX first, which new mail comes to. */
    private static List<MailboxName> watched(List<MailboxName> searched) {
        return searched.stream()
                .sorted(Comparator.comparing(it -> !it.inbox()))
                .limit(MOST_WATCHED)
                .toList();
    }

    private boolean mayBeFound(Account account, SearchQuery query, Set<MailboxName> mailboxes) {
        try {
            return found(searches.search(account, query, mailboxes));
        } catch (ImapException _) {
            return true; // one of them may be gone; the search in all of them says what is wrong
        }
    }

    private static boolean found(SearchPage page) {
        return !page.items().isEmpty();
    }
}
