package postern.web.idempotency;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.account.RequestSeal;
import postern.cache.MeasuredCache;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.shared.SharedStateFull;
import postern.shared.SharedStateUnavailable;

/**
 * Remembers attempts by the name of their key, in the shared state and encrypted. Of two that begin
 * at once, on any replica, one wins. None is forgotten before its time: where there is no room, new
 * ones are refused.
 *
 * <p>What an unfinished request has left for its repetition stays in the memory of its process.
 */
@Component
final class Attempts implements MeasuredCache {

    /**
     * A request of another process that has run for so long has been lost with that process, as far
     * as anybody can tell.
     */
    static final Duration LONGEST = Duration.ofMinutes(15);

    /** The same, where a mailbox tells what was done, so that nothing is done twice. */
    static final Duration LONGEST_REMEMBERED = Duration.ofMinutes(1);

    private static final int OVERHEAD = 500;

    private final SharedState state;
    private final RequestSeal seal;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Cache<String, UnfinishedRequest> unfinished;

    @Autowired
    Attempts(SharedState state, RequestSeal seal, IdempotencyProperties properties) {
        this(state, seal, properties, InstantSource.system());
    }

    Attempts(
            SharedState state,
            RequestSeal seal,
            IdempotencyProperties properties,
            InstantSource clock) {
        this.state = state;
        this.seal = seal;
        this.lifetime = properties.lifetime();
        this.clock = clock;
        this.unfinished =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes() / 4)
                        .weigher((String _, UnfinishedRequest left) -> OVERHEAD + left.octets())
                        .recordStats()
                        .expireAfterWrite(lifetime)
                        .build();
    }

    /**
     * An attempt as it is in the shared state.
     *
     * @param octets by which it is told from any other one
     */
    record Stored(String name, byte[] octets, Attempt attempt) {}

    /**
     * The claim of a running request on its key.
     *
     * @param earlier the previous attempt if its outcome is unknown
     */
    record Claim(String name, byte[] octets, Attempt.Running attempt, @Nullable Stored earlier) {

        static final String ATTRIBUTE = Claim.class.getName();
    }

    /**
     * Either the claim of an attempt that begins, or an earlier attempt.
     *
     * @param claim null where there is an earlier one
     */
    record Begun(@Nullable Claim claim, @Nullable Stored earlier) {}

    @Override
    public String cacheName() {
        return "idempotency";
    }

    @Override
    public Cache<?, ?> cache() {
        return unfinished;
    }

    /**
     * Atomically begins an attempt, or returns the earlier one. Throws SharedStateFull.
     *
     * @param names of the key; a new attempt gets the first one
     */
    Begun begin(List<String> names, String fingerprint) {
        var name = names.getFirst();
        var attempt =
                new Attempt.Running(fingerprint, UUID.randomUUID().toString(), clock.instant());
        var octets = octets(name, attempt, null);
        running.add(attempt.id());
        boolean begun = false;
        try {
            var earlier = claim(name, octets, fingerprint);
            if (earlier != null) {
                return new Begun(null, earlier);
            }
            // Another replica may still make names with an older key. The one that finds a claim of
            // the other under such a name gives up its own.
            for (var older : names.subList(1, names.size())) {
                earlier = get(older, fingerprint);
                if (earlier != null) {
                    replace(name, octets, null);
                    return new Begun(null, earlier);
                }
            }
            begun = true;
            return new Begun(new Claim(name, octets, attempt, null), null);
        } finally {
            if (!begun) {
                running.remove(attempt.id());
            }
        }
    }

    private @Nullable Stored claim(String name, byte[] octets, String fingerprint) {
        while (true) {
            var earlier = get(name, fingerprint);
            if (earlier != null) {
                return earlier;
            }
            if (state.compareAndSet(
                    SharedArea.REQUESTS, name, null, octets, lifetime.plus(LONGEST))) {
                return null;
            }
        }
    }

    /** Whether the request may still be running, as far as is known after that time. */
    boolean mayRun(Attempt.Running attempt, Duration longest) {
        return running.contains(attempt.id())
                || attempt.since().plus(longest).isAfter(clock.instant());
    }

    /**
     * Atomically replaces an earlier attempt with a new one; null if another request did so first.
     */
    @Nullable Claim beginAgain(Stored earlier) {
        var attempt =
                new Attempt.Running(
                        earlier.attempt().fingerprint(),
                        UUID.randomUUID().toString(),
                        clock.instant());
        var octets = octets(earlier.name(), attempt, null);
        running.add(attempt.id());
        boolean begun = false;
        try {
            begun =
                    state.compareAndSet(
                            SharedArea.REQUESTS,
                            earlier.name(),
                            earlier.octets(),
                            octets,
                            lifetime.plus(LONGEST));
            return begun ? new Claim(earlier.name(), octets, attempt, earlier) : null;
        } finally {
            if (!begun) {
                running.remove(attempt.id());
            }
        }
    }

    /** Records how the attempt ended, unless another request has taken it over. */
    void end(Claim claim, Attempt attempt) {
        var left = attempt instanceof Attempt.Doubtful doubtful ? doubtful.unfinished() : null;
        if (left != null) {
            unfinished.put(claim.attempt().id(), left);
        }
        var octets = octets(claim.name(), attempt, left == null ? null : claim.attempt().id());
        try {
            replace(claim.name(), claim.octets(), octets);
        } catch (SharedStateFull _) {
            endWithoutAnswer(claim);
        } catch (SharedStateUnavailable _) {
            // What was done is answered all the same. It counts as running, and later as lost.
        } finally {
            running.remove(claim.attempt().id());
        }
    }

    /** The request was carried out; its repetition is told to look. */
    private void endWithoutAnswer(Claim claim) {
        var unknown = new Attempt.Doubtful(claim.attempt().fingerprint(), List.of(), null);
        try {
            replace(claim.name(), claim.octets(), octets(claim.name(), unknown, null));
        } catch (SharedStateFull | SharedStateUnavailable _) {
            // it counts as running, and later as lost, which says the same
        }
    }

    /** Gives an attempt back that did nothing, so that the next one is like this one. */
    void forget(Claim claim) {
        var earlier = claim.earlier();
        try {
            replace(claim.name(), claim.octets(), earlier == null ? null : earlier.octets());
        } catch (SharedStateFull _) {
            endWithoutAnswer(claim);
        } catch (SharedStateUnavailable _) {
            // why it did nothing is answered all the same; it counts as running for a while
        } finally {
            running.remove(claim.attempt().id());
        }
    }

    private void replace(String name, byte[] before, byte @Nullable [] after) {
        state.compareAndSet(SharedArea.REQUESTS, name, before, after, lifetime);
    }

    private byte[] octets(String name, Attempt attempt, @Nullable String left) {
        return seal.seal(name, AttemptCodec.write(attempt, left));
    }

    private @Nullable Stored get(String name, String fingerprint) {
        var octets = state.get(SharedArea.REQUESTS, name);
        if (octets == null) {
            return null;
        }
        var attempt =
                seal.open(name, octets)
                        .flatMap(this::read)
                        .orElseGet(() -> new Attempt.Doubtful(fingerprint, List.of(), null, true));
        return new Stored(name, octets, attempt);
    }

    /** Empty for what cannot be read, as from a later version. */
    private Optional<Attempt> read(byte[] octets) {
        try {
            var read = AttemptCodec.read(octets);
            if (read.attempt() instanceof Attempt.Doubtful doubtful && read.unfinished() != null) {
                var left = unfinished.getIfPresent(read.unfinished());
                return Optional.of(
                        new Attempt.Doubtful(
                                doubtful.fingerprint(), doubtful.messages(), left, left == null));
            }
            return Optional.of(read.attempt());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
