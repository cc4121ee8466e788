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
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;

/** A mail server in memory: it counts its connections, and fails when it is told to. */
final class InMemoryConnector implements ImapConnector {

    private final Queue<Supplier<? extends ImapException>> refusals = new ArrayDeque<>();
    private final List<InMemoryConnection> opened = new ArrayList<>();
    private final List<InMemoryConnection> open = new ArrayList<>();
    private final Map<String, Long> uidValidities = new ConcurrentHashMap<>();
    private final BlockingQueue<Account> attempts = new LinkedBlockingQueue<>();
    private volatile @Nullable CountDownLatch gate;
    private int mostOpen;
    private int mostOpenOfOneUser;
    private int mostOpenOfOneServer;
    private boolean nextIsDead;
    private boolean nextLeadsNowhere;

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

    /** What the next attempts to connect meet. */
    @SafeVarargs
    final synchronized void refuse(Supplier<? extends ImapException>... next) {
        refusals.addAll(List.of(next));
    }

    /** The next connection is lost as soon as it is used. */
    synchronized void openADeadOne() {
        nextIsDead = true;
    }

    /** The next login is accepted and leads nowhere. */
    synchronized void openOneThatLeadsNowhere() {
        nextLeadsNowhere = true;
    }

    /** From now on connecting takes until the latch is counted down. */
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

    /** Waits until somebody tries to connect. */
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

    /** Waits until so many connections are open. */
    synchronized void awaitOpen(int count) throws InterruptedException {
        while (open.size() != count) {
            wait();
        }
    }

    /** The connections ever made, in their order. */
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
