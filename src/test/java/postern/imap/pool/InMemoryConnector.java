package postern.imap.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;

/** A mail server in memory: counts its connections and fails on demand. */
final class InMemoryConnector implements ImapConnector {

    private final Queue<Supplier<? extends ImapException>> refusals = new ArrayDeque<>();
    private final List<InMemoryConnection> opened = new ArrayList<>();
    private final List<InMemoryConnection> open = new ArrayList<>();
    private final Map<String, Long> uidValidities = new ConcurrentHashMap<>();
    private final BlockingQueue<Account> attempts = new LinkedBlockingQueue<>();
    private volatile @Nullable CountDownLatch gate;
    private volatile Consumer<Account> preparation = _ -> {};
    private int mostOpen;
    private int mostOpenOfOneUser;
    private int mostOpenOfOneServer;
    private boolean nextIsDead;
    private boolean nextLeadsNowhere;

    @Override
    public void prepare(Account account) {
        preparation.accept(account);
    }

    /** What happens before a connection is opened, outside of the pool's limits. */
    void prepareBy(Consumer<Account> work) {
        preparation = work;
    }

    @Override
    public PoolableConnection connect(Account account) {
        attempts.add(account);
        var closedGate = gate;
        if (closedGate != null) {
            awaitUninterruptibly(closedGate);
        }
        return open(account);
    }

    private synchronized PoolableConnection open(Account account) {
        var refusal = refusals.poll();
        if (refusal != null) {
            throw refusal.get();
        }
        var connection = new InMemoryConnection(this, account);
        if (nextIsDead) {
            nextIsDead = false;
            connection.die();
        }
        if (nextLeadsNowhere) {
            nextLeadsNowhere = false;
            connection.leadNowhere();
        }
        opened.add(connection);
        open.add(connection);
        mostOpen = Math.max(mostOpen, open.size());
        mostOpenOfOneUser = Math.max(mostOpenOfOneUser, open(a -> a.user().equals(account.user())));
        mostOpenOfOneServer =
                Math.max(mostOpenOfOneServer, open(a -> a.server().equals(account.server())));
        notifyAll();
        return connection;
    }

    private int open(Predicate<Account> which) {
        return (int) open.stream().map(InMemoryConnection::account).filter(which).count();
    }

    synchronized void ended(InMemoryConnection connection) {
        open.remove(connection);
        notifyAll();
    }

    /** The failures of the next attempts to connect. */
    @SafeVarargs
    final synchronized void refuse(Supplier<? extends ImapException>... next) {
        refusals.addAll(List.of(next));
    }

    /** The next connection is lost at its first command. */
    synchronized void openADeadOne() {
        nextIsDead = true;
    }

    /** The next login is accepted, but every command after it is refused. */
    synchronized void openOneThatLeadsNowhere() {
        nextLeadsNowhere = true;
    }

    /** Connecting blocks from now on, until the latch is counted down. */
    CountDownLatch hold() {
        var latch = new CountDownLatch(1);
        gate = latch;
        return latch;
    }

    void renumber(MailboxName mailbox, long uidValidity) {
        uidValidities.put(mailbox.wire(), uidValidity);
    }

    long uidValidity(MailboxName mailbox) {
        return uidValidities.getOrDefault(mailbox.wire(), 1L);
    }

    /** Waits for an attempt to connect. */
    Account awaitAttempt() throws InterruptedException {
        return attempts.take();
    }

    int attempted() {
        return attempts.size();
    }

    synchronized void awaitOpened(int count) throws InterruptedException {
        while (opened.size() < count) {
            wait();
        }
    }

    /** Waits until exactly this many connections are open. */
    synchronized void awaitOpen(int count) throws InterruptedException {
        while (open.size() != count) {
            wait();
        }
    }

    /** All connections ever opened, in order. */
    synchronized List<InMemoryConnection> opened() {
        return List.copyOf(opened);
    }

    synchronized int openNow() {
        return open.size();
    }

    synchronized int mostOpen() {
        return mostOpen;
    }

    synchronized int mostOpenOfOneServer() {
        return mostOpenOfOneServer;
    }

    synchronized int mostOpenOfOneUser() {
        return mostOpenOfOneUser;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
