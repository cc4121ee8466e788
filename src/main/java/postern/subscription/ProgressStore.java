package postern.subscription;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.account.KeptAccounts;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far each subscription has been told. Who watches claims it first, with an epoch that is one
 * higher than that of the replica before; every write is compared with the octets of that claim and
 * of the writes since. So a replica that was paused while another one took over writes nothing.
 */
@Component
class ProgressStore {

    /** In front of what is sealed, in clear. */
    private static final int EPOCH = Long.BYTES;

    /** Beyond the end of the subscription, which may be renewed at that moment. */
    private static final Duration SPARE = Duration.ofDays(1);

    private final SharedState state;
    private final KeptAccounts seal;
    private final JsonMapper json;
    private final InstantSource clock;

    @Autowired
    ProgressStore(SharedState state, KeptAccounts seal, JsonMapper json) {
        this(state, seal, json, InstantSource.system());
    }

    ProgressStore(SharedState state, KeptAccounts seal, JsonMapper json, InstantSource clock) {
        this.state = state;
        this.seal = seal;
        this.json = json;
        this.clock = clock;
    }

    /** Another replica has claimed it since, or it was deleted. */
    static final class Superseded extends RuntimeException {

        private Superseded() {
            super("another replica goes on", null, false, false);
        }
    }

    /** What one replica has claimed. For one thread. */
    final class Claim {

        private final String id;
        private final long epoch;
        private Progress progress;
        private byte[] octets;

        private Claim(String id, long epoch, Progress progress, byte[] octets) {
            this.id = id;
            this.epoch = epoch;
            this.progress = progress;
            this.octets = octets;
        }

        Progress progress() {
            return progress;
        }

        long epoch() {
            return epoch;
        }

        /** Throws {@link Superseded}, and then nothing was written. */
        void write(Progress next, Instant end) {
            var written = octets(id, epoch, next);
            if (!state.compareAndSet(
                    SharedArea.SUBSCRIPTION_PROGRESS, id, octets, written, lifetime(end))) {
                throw new Superseded();
            }
            progress = next;
            octets = written;
        }
    }

    /**
     * Of a new subscription, before anybody watches for it.
     *
     * @param end when it is gone, unless it is {@linkplain #extend kept longer}
     */
    void begin(String id, Progress progress, Instant end) {
        state.put(
                SharedArea.SUBSCRIPTION_PROGRESS,
                id,
                octets(id, 0, progress),
                Duration.between(clock.instant(), end));
    }

    /** Where it was lost, the claim begins with a progress that says so. */
    Claim claim(String id, Instant end) {
        while (true) {
            var before = state.get(SharedArea.SUBSCRIPTION_PROGRESS, id);
            var progress = before == null ? null : read(id, before);
            var begun = progress == null ? Progress.lost(clock.millis()) : progress;
            long epoch = before == null ? 1 : ByteBuffer.wrap(before).getLong() + 1;
            var octets = octets(id, epoch, begun);
            if (state.compareAndSet(
                    SharedArea.SUBSCRIPTION_PROGRESS, id, before, octets, lifetime(end))) {
                return new Claim(id, epoch, begun, octets);
            }
        }
    }

    /** Null where there is none that can be read. */
    @Nullable Progress look(String id) {
        var octets = state.get(SharedArea.SUBSCRIPTION_PROGRESS, id);
        return octets == null ? null : read(id, octets);
    }

    /** Keeps it until the new end of its subscription; who has claimed it goes on. */
    void extend(String id, Instant end) {
        for (var octets = state.get(SharedArea.SUBSCRIPTION_PROGRESS, id);
                octets != null
                        && !state.compareAndSet(
                                SharedArea.SUBSCRIPTION_PROGRESS,
                                id,
                                octets,
                                octets,
                                lifetime(end));
                octets = state.get(SharedArea.SUBSCRIPTION_PROGRESS, id)) {
            // somebody has written it in between
        }
    }

    void remove(String id) {
        for (var octets = state.get(SharedArea.SUBSCRIPTION_PROGRESS, id);
                octets != null;
                octets = state.get(SharedArea.SUBSCRIPTION_PROGRESS, id)) {
            state.compareAndSet(SharedArea.SUBSCRIPTION_PROGRESS, id, octets, null, Duration.ZERO);
        }
    }

    private @Nullable Progress read(String id, byte[] octets) {
        var sealed =
                new String(
                        Arrays.copyOfRange(octets, Math.min(EPOCH, octets.length), octets.length),
                        US_ASCII);
        try {
            return seal.openContent(id, sealed)
                    .map(text -> json.readValue(text, Progress.class))
                    .orElse(null);
        } catch (JacksonException _) {
            return null; // of a release that kept it otherwise
        }
    }

    private byte[] octets(String id, long epoch, Progress progress) {
        var sealed = seal.sealContent(id, json.writeValueAsString(progress)).getBytes(US_ASCII);
        return ByteBuffer.allocate(EPOCH + sealed.length).putLong(epoch).put(sealed).array();
    }

    private Duration lifetime(Instant end) {
        return Duration.between(clock.instant(), end).plus(SPARE);
    }
}
