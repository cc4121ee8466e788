package postern.changes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import postern.account.SessionTokens;
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
    private static final Duration SESSION_CHECK = Duration.ofSeconds(5);

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
                var _ = watches.listen(account, List.of(mailbox), _ -> hints.add())) {
            // What came before somebody listened.
            page = changes.list(account, mailboxId, query);
            while (nothing(page) && !hints.over()) {
                boolean hinted = hints.await(SESSION_CHECK);
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

    /** That the mailbox may have changed, until the time is over. */
    private static final class Hints {

        private final long until;
        private boolean hinted;
        private boolean ended;

        Hints(Duration time) {
            until = System.nanoTime() + time.toNanos();
        }

        synchronized void add() {
            hinted = true;
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized boolean over() {
            return ended || System.nanoTime() - until >= 0;
        }

        /** Waits that long at most; whether there was a hint. */
        synchronized boolean await(Duration most) {
            long stop = Math.min(System.nanoTime() + most.toNanos() - until, 0) + until;
            try {
                for (long left = stop - System.nanoTime();
                        !hinted && !ended && left > 0;
                        left = stop - System.nanoTime()) {
                    // the monitor counts in milliseconds
                    TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                ended = true;
            }
            boolean more = hinted && !ended;
            hinted = false;
            return more;
        }
    }
}
