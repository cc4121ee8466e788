package postern.changes;

import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;
import postern.account.SessionTokens;
import postern.imap.watch.Hints;
import postern.imap.watch.MailboxWatches;
import postern.mailbox.directory.MailboxResolver;
import postern.web.Caller;
import postern.web.ClientAddress;
import postern.web.id.MailboxId;
import postern.web.limit.ListenerPlaces;

/**
 * Answers a request for changes when there are some, or when its time is over. While it waits it
 * holds no connection to the mail server but that of all who listen to the account.
 */
@Component
class ChangesWait {

    static final int MOST_SECONDS = 60;

    private final Changes changes;
    private final MailboxResolver mailboxes;
    private final MailboxWatches watches;
    private final ListenerPlaces places;
    private final SessionTokens tokens;

    ChangesWait(
            Changes changes,
            MailboxResolver mailboxes,
            MailboxWatches watches,
            ListenerPlaces places,
            SessionTokens tokens) {
        this.changes = changes;
        this.mailboxes = mailboxes;
        this.watches = watches;
        this.places = places;
        this.tokens = tokens;
    }

    ChangesPage list(
            Caller caller,
            ClientAddress client,
            MailboxId mailboxId,
            ChangesQuery query,
            int seconds) {
        var account = caller.account();
        var page = changes.list(account, mailboxId, query);
        if (seconds == 0 || !nothing(page)) {
            return page;
        }
        var mailbox = mailboxes.resolve(account, mailboxId);
        var hints = new Hints(Duration.ofSeconds(seconds));
        try (var _ = places.take(account, client, hints::end);
                var _ = watches.listen(account, List.of(mailbox), hints::add)) {
            // What came before somebody listened.
            page = changes.list(account, mailboxId, query);
            while (nothing(page) && !hints.over()) {
                boolean hinted = !hints.await(ListenerPlaces.SESSION_CHECK).isEmpty();
                requireSession(caller); // it may have ended meanwhile
                if (hinted) {
                    page = changes.list(account, mailboxId, query);
                }
            }
            return page;
        }
    }

    private void requireSession(Caller caller) {
        if (caller.session() != null) {
            tokens.requireValid(caller.session());
        }
    }

    private static boolean nothing(ChangesPage page) {
        return page.added().isEmpty()
                && page.updated().isEmpty()
                && page.removed().isEmpty()
                && page.nextCursor() == null;
    }
}
