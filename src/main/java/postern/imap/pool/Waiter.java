package postern.imap.pool;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.OriginatingAddress;
import postern.trace.RequestTrace;

/** A borrower that waits for its connection. Guarded as described in {@link ConnectionPool}. */
final class Waiter {

    private final Account account;
    private final CredentialFingerprint fingerprint;
    private final Lane lane;
    private final @Nullable MailboxSelection wanted;
    private final CompletableFuture<PoolEntry> answer = new CompletableFuture<>();
    private @Nullable PoolEntry opening;
    private final Optional<InetAddress> client = OriginatingAddress.current();
    private final @Nullable RequestTrace trace = RequestTrace.current();
    private final boolean fresh;
    private boolean overdue;

    Waiter(
            Account account,
            CredentialFingerprint fingerprint,
            Lane lane,
            @Nullable MailboxSelection wanted) {
        this(account, fingerprint, lane, wanted, false);
    }

    private Waiter(
            Account account,
            CredentialFingerprint fingerprint,
            Lane lane,
            @Nullable MailboxSelection wanted,
            boolean fresh) {
        this.fresh = fresh;
        this.account = account;
        this.fingerprint = fingerprint;
        this.lane = lane;
        this.wanted = wanted;
    }

    /** A waiter that accepts only a connection opened for it. */
    static Waiter forFresh(Account account, CredentialFingerprint fingerprint) {
        return new Waiter(account, fingerprint, Lane.INTERACTIVE, null, true);
    }

    boolean wantsFresh() {
        return fresh;
    }

    Account account() {
        return account;
    }

    CredentialFingerprint fingerprint() {
        return fingerprint;
    }

    /** The address of the client that waits. */
    Optional<InetAddress> client() {
        return client;
    }

    /** Who traces the request that waits. */
    @Nullable RequestTrace trace() {
        return trace;
    }

    Lane lane() {
        return lane;
    }

    @Nullable MailboxSelection wanted() {
        return wanted;
    }

    /** The connection that is being opened for it. */
    @Nullable PoolEntry opening() {
        return opening;
    }

    void opening(@Nullable PoolEntry entry) {
        opening = entry;
    }

    /** Whether its deadline has passed, so that it waits only for the connection opened for it. */
    boolean overdue() {
        return overdue;
    }

    void waitForOwnOnly() {
        overdue = true;
    }

    void lend(PoolEntry entry) {
        answer.complete(entry);
    }

    void fail(Throwable reason) {
        answer.completeExceptionally(reason);
    }

    boolean answered() {
        return answer.isDone();
    }

    /** The entry that was lent to it; null where it has none. */
    @Nullable PoolEntry lent() {
        return answer.isDone() && !answer.isCompletedExceptionally() ? answer.join() : null;
    }

    /** Waits for at most this time; null when it has passed. */
    @Nullable PoolEntry await(Duration time) throws InterruptedException {
        try {
            return answer.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return null;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    PoolEntry await() throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return e.getCause() instanceof ImapException known
                ? known
                : new IllegalStateException("connecting failed unexpectedly", e.getCause());
    }
}
