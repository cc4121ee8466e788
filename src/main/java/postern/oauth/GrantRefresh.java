package postern.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
import postern.trace.RequestTrace;

/**
 * Refreshes grants, each by one request of one replica at a time: a refresh token that is sent
 * twice looks stolen to a provider that rotates them, and it ends the grant.
 *
 * <p>The requests of this process share one attempt. Among replicas a lock in the shared state
 * decides, and the result is stored by compare-and-set. When the provider asks for a pause, or
 * gives no proper answer, the lock stays until a pause is over.
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
    private final Map<String, CompletableFuture<Result>> running = new ConcurrentHashMap<>();

    GrantRefresh(
            OAuthClients clients, StoredGrants grants, SharedState state, InstantSource clock) {
        this.clients = clients;
        this.grants = grants;
        this.state = state;
        this.clock = clock;
    }

    /**
     * What an attempt has led to.
     *
     * @param refreshed whether the authorization server was asked since the attempt began; it need
     *     not have given another access token
     */
    private record Result(GrantContent content, boolean refreshed) {}

    /**
     * Refreshes the grant unless its content serves already, since somebody else has refreshed it.
     * The content that is answered may still not serve: some authorization servers give the same
     * access token again until it ends, and asking once more is of no use then. Throws
     * ImapException: SignInEnded, SignInUnavailable or ProtocolError.
     */
    GrantContent unless(OAuthGrant grant, Predicate<GrantContent> serves) {
        var mine = new CompletableFuture<Result>();
        for (var others = running.putIfAbsent(grant.id(), mine);
                others != null;
                others = running.putIfAbsent(grant.id(), mine)) {
            var result = join(others);
            if (result.refreshed() || serves.test(result.content())) {
                return result.content();
            }
        }
        // On a thread that nobody interrupts: an answer that is lost ends the grant.
        Thread.ofVirtual()
                .name("refresh")
                .start(RequestTrace.shared(() -> attempt(grant, serves, mine)));
        return join(mine).content();
    }

    private void attempt(
            OAuthGrant grant, Predicate<GrantContent> serves, CompletableFuture<Result> result) {
        try {
            var present = alone(grant, serves);
            running.remove(grant.id(), result);
            result.complete(present);
        } catch (RuntimeException | Error e) {
            // Removed first: who comes later does not get an old failure.
            running.remove(grant.id(), result);
            result.completeExceptionally(e);
        }
    }

    private static Result join(CompletableFuture<Result> others) {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ImapException known
                    ? known
                    : new IllegalStateException("refreshing failed unexpectedly", e.getCause());
        }
    }

    private Result alone(OAuthGrant grant, Predicate<GrantContent> serves) {
        var first = grants.get(grant);
        var endpoint = endpoint(first.content());
        var end = clock.instant().plus(endpoint.timeout()).plus(SOON);
        for (var stored = first; ; stored = grants.get(grant)) {
            if (!stored.sameAs(first) || serves.test(stored.content())) {
                return new Result(stored.content(), !stored.sameAs(first));
            }
            var lock = new Lock(grant.id(), endpoint.timeout().plus(SPARE));
            if (lock.take()) {
                return locked(lock, endpoint, grant, first, serves);
            }
            lock.requireNoPause();
            if (!clock.instant().isBefore(end)) {
                throw new ImapException.SignInUnavailable(
                        "another request is still refreshing the access token", SOON, null);
            }
            pause();
        }
    }

    private Result locked(
            Lock lock,
            TokenEndpoint endpoint,
            OAuthGrant grant,
            StoredGrants.Stored first,
            Predicate<GrantContent> serves) {
        Duration wait = Duration.ZERO;
        try {
            // It may have been refreshed before the lock was taken.
            var stored = grants.get(grant);
            if (!stored.sameAs(first) || serves.test(stored.content())) {
                return new Result(stored.content(), !stored.sameAs(first));
            }
            var content = refreshed(endpoint, grant, stored, serves);
            if (!serves.test(content)) {
                wait = SOON;
            }
            return new Result(content, true);
        } catch (ImapException.SignInUnavailable e) {
            wait = e.retryAfter();
            throw e;
        } catch (ImapException.ProtocolError e) {
            wait = SOON;
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
        try {
            var answer = next(endpoint, stored.content());
            if (answer.isEmpty()) {
                throw ended(grant, stored);
            }
            var content = stored.content().refreshed(answer.get());
            return kept(grant, stored, content, serves)
                    .orElseThrow(() -> {
                        // The user has logged out meanwhile.
                        if (content.refreshToken() != null) {
                            endpoint.revoke(content.refreshToken());
                        }
                        return new ImapException.SignInEnded();
                    });
        } catch (TokenRefused _) {
            // A replica that was stopped for longer than its lock lives finds the next token there.
            var present = grants.get(grant);
            if (serves.test(present.content())) {
                return present.content();
            }
            throw ended(grant, stored);
        }
    }

    /** Empty where there is no way to get another access token. */
    private Optional<TokenAnswer> next(TokenEndpoint endpoint, GrantContent content)
            throws TokenRefused {
        if (content.appOnlyUser() != null) {
            return Optional.of(endpoint.clientCredentials(clients.appOnly(content).scopes()));
        }
        return content.refreshToken() == null
                ? Optional.empty()
                : Optional.of(endpoint.refresh(content.refreshToken()));
    }

    /**
     * Stores the new content. What another replica has stored after our lock had ended is taken
     * instead where it serves; nothing is revoked then, since that may end the whole grant. Empty
     * where the grant is gone.
     */
    private Optional<GrantContent> kept(
            OAuthGrant grant,
            StoredGrants.Stored before,
            GrantContent content,
            Predicate<GrantContent> serves) {
        var present = Optional.of(before);
        var next = content;
        while (present.isPresent() && !grants.replace(grant, present.get(), next)) {
            present = grants.find(grant);
            var others = present.map(StoredGrants.Stored::content).filter(serves);
            if (others.isPresent()) {
                return others;
            }
            // Only how long it is kept may have changed meanwhile.
            next = present.map(it -> content.until(it.content().until())).orElse(content);
        }
        return present.isEmpty() ? Optional.empty() : Optional.of(next);
    }

    private ImapException.SignInEnded ended(OAuthGrant grant, StoredGrants.Stored stored) {
        grants.remove(grant, stored);
        return new ImapException.SignInEnded();
    }

    private TokenEndpoint endpoint(GrantContent content) {
        return clients.endpoint(content.client(), content.issuer())
                .orElseThrow(ImapException.SignInEnded::new);
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
