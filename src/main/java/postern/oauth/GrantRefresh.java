package postern.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.account.OAuthGrant;
import postern.imap.ImapException;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/**
 * Refreshes grants, each by one request of one replica at a time: a refresh token that is sent
 * twice looks stolen to a provider that rotates them, and it ends the grant.
 *
 * <p>The requests of this process share one attempt. Among replicas a lock in the shared state
 * decides, and the result is stored by compare-and-set. When the provider asks for a pause, the
 * lock stays until the pause is over.
 */
final class GrantRefresh {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(5);

    /** How much longer the lock lives than the request to the provider may take. */
    private static final Duration SPARE = Duration.ofMinutes(1);

    private static final String PAUSE = "pause ";

    private final OAuthClients clients;
    private final StoredGrants grants;
    private final SharedState state;
    private final InstantSource clock;
    private final Map<String, CompletableFuture<GrantContent>> running = new ConcurrentHashMap<>();

    GrantRefresh(
            OAuthClients clients, StoredGrants grants, SharedState state, InstantSource clock) {
        this.clients = clients;
        this.grants = grants;
        this.state = state;
        this.clock = clock;
    }

    /**
     * Refreshes the grant unless its content serves already, since somebody else has refreshed it.
     * Throws ImapException: SignInEnded, SignInUnavailable or ProtocolError.
     */
    GrantContent unless(OAuthGrant grant, Predicate<GrantContent> serves) {
        var mine = new CompletableFuture<GrantContent>();
        for (var others = running.putIfAbsent(grant.id(), mine);
                others != null;
                others = running.putIfAbsent(grant.id(), mine)) {
            var content = join(others);
            if (serves.test(content)) {
                return content;
            }
        }
        // On a thread that nobody interrupts: an answer that is lost ends the grant.
        Thread.ofVirtual().name("refresh").start(() -> attempt(grant, serves, mine));
        return join(mine);
    }

    private void attempt(
            OAuthGrant grant,
            Predicate<GrantContent> serves,
            CompletableFuture<GrantContent> result) {
        try {
            var content = alone(grant, serves);
            running.remove(grant.id(), result);
            result.complete(content);
        } catch (RuntimeException | Error e) {
            // Removed first: who comes later does not get an old failure.
            running.remove(grant.id(), result);
            result.completeExceptionally(e);
        }
    }

    private static GrantContent join(CompletableFuture<GrantContent> others) {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ImapException known
                    ? known
                    : new IllegalStateException("refreshing failed unexpectedly", e.getCause());
        }
    }

    private GrantContent alone(OAuthGrant grant, Predicate<GrantContent> serves) {
        var endpoint = endpoint(grants.get(grant).content());
        var end = clock.instant().plus(endpoint.timeout()).plus(SOON);
        while (true) {
            var content = grants.get(grant).content();
            if (serves.test(content)) {
                return content;
            }
            var lock = new Lock(grant.id(), endpoint.timeout().plus(SPARE));
            if (lock.take()) {
                return locked(lock, endpoint, grant, serves);
            }
            lock.requireNoPause();
            if (!clock.instant().isBefore(end)) {
                throw new ImapException.SignInUnavailable(
                        "another request is still refreshing the access token", SOON, null);
            }
            pause();
        }
    }

    private GrantContent locked(
            Lock lock, TokenEndpoint endpoint, OAuthGrant grant, Predicate<GrantContent> serves) {
        Duration wait = Duration.ZERO;
        try {
            // It may have been refreshed before the lock was taken.
            var stored = grants.get(grant);
            return serves.test(stored.content())
                    ? stored.content()
                    : refreshed(endpoint, grant, stored, serves);
        } catch (ImapException.SignInUnavailable e) {
            wait = e.retryAfter();
            throw e;
        } finally {
            lock.release(wait);
        }
    }

    private GrantContent refreshed(
            TokenEndpoint endpoint,
            OAuthGrant grant,
            StoredGrants.Stored stored,
            Predicate<GrantContent> serves) {
        var refreshToken = stored.content().refreshToken();
        if (refreshToken == null) {
            throw ended(grant, stored);
        }
        try {
            var answer = endpoint.refresh(refreshToken);
            var content = stored.content().refreshed(answer);
            if (!grants.replace(grant, stored, content)) {
                // The user has logged out meanwhile.
                endpoint.revoke(String.valueOf(content.refreshToken()));
                throw new ImapException.SignInEnded();
            }
            return content;
        } catch (TokenRefused _) {
            // A replica that was stopped for longer than its lock lives finds the next token there.
            var present = grants.get(grant);
            if (serves.test(present.content())) {
                return present.content();
            }
            throw ended(grant, stored);
        }
    }

    private ImapException.SignInEnded ended(OAuthGrant grant, StoredGrants.Stored stored) {
        grants.remove(grant, stored);
        return new ImapException.SignInEnded();
    }

    private TokenEndpoint endpoint(GrantContent content) {
        return clients.endpoint(content.client()).orElseThrow(ImapException.SignInEnded::new);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a refresh", e);
        }
    }

    /** The right to refresh one grant; it ends by itself when its holder dies. */
    private final class Lock {

        private final String grant;
        private final Duration lifetime;
        private final byte[] holder = UUID.randomUUID().toString().getBytes(US_ASCII);

        Lock(String grant, Duration lifetime) {
            this.grant = grant;
            this.lifetime = lifetime;
        }

        boolean take() {
            return set(null, holder, lifetime);
        }

        /** Gives it back, or keeps all from refreshing for this time. */
        void release(Duration wait) {
            var end = clock.instant().plus(wait).toEpochMilli();
            set(holder, wait.isZero() ? null : (PAUSE + end).getBytes(US_ASCII), wait);
        }

        /** Throws while the provider wants no requests. */
        void requireNoPause() {
            var octets = state.get(SharedArea.GRANT_LOCKS, grant);
            var text = octets == null ? "" : new String(octets, US_ASCII);
            if (text.startsWith(PAUSE)) {
                long end = Long.parseLong(text.substring(PAUSE.length()));
                throw new ImapException.SignInUnavailable(
                        "the authorization server gives no access token at the moment",
                        Duration.ofMillis(Math.max(1, end - clock.millis())),
                        null);
            }
        }

        private boolean set(byte @Nullable [] before, byte @Nullable [] after, Duration life) {
            return state.compareAndSet(SharedArea.GRANT_LOCKS, grant, before, after, life);
        }
    }
}
