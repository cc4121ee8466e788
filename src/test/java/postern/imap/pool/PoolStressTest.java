package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.ImapException.ConnectionLimit;
import postern.imap.ImapException.ConnectionLost;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.message.SearchTerm;

class PoolStressTest {

    private static final int BORROWERS = 300;
    private static final int LOANS_EACH = 40;
    private static final Duration BY_THE_SERVER = Duration.ofSeconds(77);
    private static final List<MailboxName> MAILBOXES = List.of(PoolFixture.INBOX, PoolFixture.SENT);

    private final PoolFixture pool =
            new PoolFixture(
                    "max-connections-per-account=3",
                    "max-connections-per-server=12",
                    "max-connections=20",
                    "borrow-timeout=60s",
                    "refusal-pause=1ns");
    private final List<Account> accounts =
            IntStream.range(0, 24)
                    .mapToObj(i ->
                            PoolFixture.account(
                                    "mail%d.example.org".formatted(i / 2 % 3),
                                    "user" + i / 2,
                                    "password" + i % 2))
                    .toList();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(60)
    void keepsItsBoundsAndLosesNothing() throws Exception {
        var borrowers = new ArrayList<Thread>();
        for (int i = 0; i < BORROWERS; i++) {
            var random = new Random(i);
            borrowers.add(Thread.startVirtualThread(() -> borrowRepeatedly(random)));
        }
        for (var borrower : borrowers) {
            borrower.join();
        }

        assertThat(failures).isEmpty();
        assertThat(pool.server.mostOpen()).isLessThanOrEqualTo(20);
        assertThat(pool.server.mostOpenOfOneServer()).isLessThanOrEqualTo(12);
        assertThat(pool.server.mostOpenOfOneUser()).isLessThanOrEqualTo(3);
        assertThat(pool.count(PoolEntry.State.LENT)).isZero();
        assertThat(pool.connections.pool().waiting()).isZero();

        // Connections whose waiters were served by others may still be opening.
        PoolFixture.until(() -> pool.count(PoolEntry.State.CONNECTING) == 0);
        pool.pass(Duration.ofHours(1));
        pool.connections.pool().sweep();
        pool.server.awaitOpen(0);
        PoolFixture.until(() -> pool.count(PoolEntry.State.CLOSING) == 0);
        assertThat(pool.connections.pool().accounts()).isZero();
    }

    private void borrowRepeatedly(Random random) {
        for (int i = 0; i < LOANS_EACH; i++) {
            try {
                borrow(random);
            } catch (ConnectionLost _) {
                // some connections die while they are lent
            } catch (ConnectionLimit e) {
                // the server refuses some connections; but no borrower may wait until the pool's
                // deadline
                if (!e.retryAfter().equals(BY_THE_SERVER)) {
                    failures.add(e);
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        }
    }

    private void borrow(Random random) {
        var account = accounts.get(random.nextInt(accounts.size()));
        var lane = random.nextInt(4) == 0 ? Lane.BULK : Lane.INTERACTIVE;
        var name = MAILBOXES.get(random.nextInt(MAILBOXES.size()));
        try (var mailbox = pool.connections.select(account, name, Access.READ_ONLY, lane)) {
            mailbox.search(new SearchTerm.All());
            mailbox.fetch(List.of());
        }
        switch (random.nextInt(40)) {
            case 0 -> pool.connections.retire(account);
            case 1 -> killOne(random);
            case 2 -> pool.server.refuse(() -> refusal());
            case 3 -> pool.connections.pool().sweep();
            default -> {}
        }
    }

    private void killOne(Random random) {
        var all = pool.server.opened();
        all.get(random.nextInt(all.size())).die();
    }

    private static ImapException refusal() {
        return new ConnectionLimit(BY_THE_SERVER, null);
    }
}
