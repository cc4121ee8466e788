package postern.imap.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.OriginatingAddress;
import postern.imap.RequestTime;
import postern.trace.RequestTrace;

/**
 * Splits work into pieces and runs them on one connection and on the account's spare ones. The
 * caller's thread takes pieces as well. Each further connection has a thread of its own, which ends
 * when no piece is left.
 */
final class ParallelMailboxTask<P, R> {

    /**
     * A larger piece would leave other connections idle, and would be lost as a whole on failure.
     */
    private static final int MAX_PIECE = 16;

    private final ConnectionPool pool;
    private final Account account;
    private final BiFunction<ImapConnection, List<P>, List<R>> work;
    private final int connections;
    private final List<List<P>> pieces;
    private final List<@Nullable List<R>> results;
    private final List<Thread> spareThreads = new ArrayList<>();
    private int nextPiece;
    private int running;
    private @Nullable Throwable failure;

    /**
     * @param worthAConnection the least amount of work that justifies another connection
     */
    ParallelMailboxTask(
            ConnectionPool pool,
            Account account,
            List<P> all,
            int worthAConnection,
            BiFunction<ImapConnection, List<P>, List<R>> work) {
        this.pool = pool;
        this.account = account;
        this.work = work;
        connections = Math.clamp(all.size() / worthAConnection, 1, pool.maxParallel());
        int size = Math.min(MAX_PIECE, Math.ceilDiv(all.size(), connections));
        pieces = worthAConnection == 1 ? split(all, 1) : split(all, Math.max(1, size));
        results = new ArrayList<>(pieces.size());
        pieces.forEach(_ -> results.add(null));
    }

    private static <P> List<List<P>> split(List<P> all, int size) {
        var pieces = new ArrayList<List<P>>();
        for (int from = 0; from < all.size(); from += size) {
            pieces.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return pieces;
    }

    List<R> run() {
        if (pieces.isEmpty()) {
            return List.of();
        }
        try (var lease = new Lease(pool, account, pool.borrow(account, Lane.INTERACTIVE, null))) {
            for (int i = 1; i < Math.min(connections, pieces.size()); i++) {
                spareThreads.add(
                        Thread.ofVirtual()
                                .name("imap-spread")
                                .start(
                                        RequestTrace.shared(
                                                OriginatingAddress.shared(
                                                        RequestTime.shared(
                                                                this::runOnSpareConnection)))));
            }
            runOn(lease);
        }
        try {
            awaitRunning();
        } finally {
            // Threads that still wait for a connection are no longer needed.
            spareThreads.forEach(Thread::interrupt);
        }
        return results();
    }

    private void runOnSpareConnection() {
        try {
            var entry = pool.borrowSpare(account);
            if (entry != null) {
                try (var lease = new Lease(pool, account, entry)) {
                    runOn(lease);
                }
            }
        } catch (ImapException | CancellationException _) {
            // This connection was optional: the others do its work.
        }
    }

    private void runOn(Lease lease) {
        var connection = new LeasedConnection(lease);
        for (int piece = take(); piece >= 0; piece = take()) {
            try {
                pieceDone(piece, work.apply(connection, pieces.get(piece)));
            } catch (RuntimeException | Error e) {
                pieceFailed(e);
            }
        }
    }

    /** The next piece, or -1 when none is left or the task has failed. */
    private synchronized int take() {
        if (failure != null || nextPiece == pieces.size()) {
            return -1;
        }
        running++;
        return nextPiece++;
    }

    private synchronized void pieceDone(int piece, List<R> result) {
        results.set(piece, result);
        running--;
        notifyAll();
    }

    private synchronized void pieceFailed(Throwable reason) {
        if (failure == null) {
            failure = reason;
        }
        running--;
        notifyAll();
    }

    private synchronized void awaitRunning() {
        try {
            while (running > 0) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var cancelled = new CancellationException("interrupted while others work");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    private synchronized List<R> results() {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
        var all = new ArrayList<R>();
        for (var result : results) {
            if (result != null) {
                all.addAll(result);
            }
        }
        return all;
    }
}
