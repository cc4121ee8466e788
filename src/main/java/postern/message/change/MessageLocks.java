package postern.message.change;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.imap.MessageRef;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Serialises the changes to one message within this gateway. IMAP servers may execute two
 * concurrent moves of a message both, which makes two copies.
 *
 * <p>To prevent deadlocks, a lock is taken before a connection is borrowed and never while one is
 * held, and the locks of several messages are taken in a fixed order.
 */
@Component
public final class MessageLocks {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Comparator<MessageRef> ORDER =
            Comparator.comparing((MessageRef ref) -> ref.mailbox().wire())
                    .thenComparingLong(MessageRef::uidValidity)
                    .thenComparingLong(MessageRef::uid);

    private final ConcurrentHashMap<Key, Lock> locks = new ConcurrentHashMap<>();
    private final Duration patience;

    @Autowired
    MessageLocks() {
        this(PATIENCE);
    }

    MessageLocks(Duration patience) {
        this.patience = patience;
    }

    private record Key(AccountKey account, MessageRef message) {}

    private static final class Lock {

        private final Semaphore free = new Semaphore(1, true);

        /** The number of holders and waiters; guarded by {@link #locks}. */
        private int users;
    }

    private record Taken(Key key, Lock lock) {}

    /** The locks of some messages, held until it is closed. */
    public final class Held implements AutoCloseable {

        private final Deque<Taken> taken = new ArrayDeque<>();

        private Held() {}

        @Override
        public void close() {
            while (!taken.isEmpty()) {
                var last = taken.removeLast();
                last.lock().free.release();
                leave(last.key());
            }
        }
    }

    public Held take(Account account, MessageRef message) {
        return take(account, List.of(message));
    }

    /** Waits for the locks of all these messages; throws MAILBOX_IN_USE on timeout. */
    public Held take(Account account, Collection<MessageRef> messages) {
        long end = System.nanoTime() + patience.toNanos();
        var held = new Held();
        boolean all = false;
        try {
            for (var message : messages.stream().distinct().sorted(ORDER).toList()) {
                var key = new Key(AccountKey.of(account), message);
                held.taken.add(new Taken(key, take(key, end)));
            }
            all = true;
            return held;
        } finally {
            if (!all) {
                held.close();
            }
        }
    }

    private Lock take(Key key, long end) {
        var lock =
                locks.compute(
                        key,
                        (_, known) -> {
                            var it = known == null ? new Lock() : known;
                            it.users++;
                            return it;
                        });
        boolean taken = false;
        try {
            taken =
                    lock.free.tryAcquire(
                            Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var cancelled = new CancellationException("interrupted while others change it");
            cancelled.initCause(e);
            throw cancelled;
        } finally {
            if (!taken) {
                leave(key);
            }
        }
        if (!taken) {
            throw new ProblemException(
                    ProblemCode.MAILBOX_IN_USE, "another request is changing the message");
        }
        return lock;
    }

    private void leave(Key key) {
        locks.computeIfPresent(key, (_, lock) -> --lock.users == 0 ? null : lock);
    }

    /** The number of locks held or waited for. */
    int size() {
        return locks.size();
    }
}
