package postern.subscription;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.KeptAccounts;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Subscriptions in the shared state, each with the credential to look with, sealed. */
@Component
class SubscriptionStore {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionStore.class);

    /** So that as many as are permitted by default fit into the memory for them. */
    private static final int LARGEST = 60 * 1024;

    private final SharedState state;
    private final KeptAccounts seal;
    private final JsonMapper json;
    private final InstantSource clock;

    @Autowired
    SubscriptionStore(SharedState state, KeptAccounts seal, JsonMapper json) {
        this(state, seal, json, InstantSource.system());
    }

    SubscriptionStore(SharedState state, KeptAccounts seal, JsonMapper json, InstantSource clock) {
        this.state = state;
        this.seal = seal;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A subscription and the octets that it was read from, for compare-and-set.
     *
     * @param newestKey whether it is sealed with the key that seals now
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Stored(
            String id,
            SubscriptionContent content,
            Account account,
            byte[] octets,
            boolean newestKey) {

        /** Of a subscription that is being made. */
        static Stored unkept(String id, SubscriptionContent content, Account account) {
            return new Stored(id, content, account, new byte[0], true);
        }

        @Override
        public String toString() {
            return "Stored[]";
        }
    }

    /** Null where there is none, or it was sealed with a key that is not in use any more. */
    @Nullable Stored find(String id) {
        var octets = state.get(SharedArea.SUBSCRIPTIONS, id);
        if (octets == null) {
            return null;
        }
        return seal.open(id, new String(octets, US_ASCII))
                .map(kept ->
                        new Stored(
                                id,
                                json.readValue(kept.content(), SubscriptionContent.class),
                                kept.account(),
                                octets,
                                kept.newestKey()))
                .filter(stored -> clock.instant().isBefore(stored.content().expiresAt()))
                .orElse(null);
    }

    /** Whether there is one, also where this replica cannot open it. */
    boolean exists(String id) {
        return state.get(SharedArea.SUBSCRIPTIONS, id) != null;
    }

    /** Throws IllegalArgumentException where it is too large, and then nothing was written. */
    void put(String id, SubscriptionContent content, Account account, Instant end) {
        state.put(SharedArea.SUBSCRIPTIONS, id, octets(id, content, account), lifetime(end));
    }

    /** Keeps it until then, as it is; false where it is gone already. */
    boolean extend(String id, Instant end) {
        for (var octets = state.get(SharedArea.SUBSCRIPTIONS, id);
                octets != null;
                octets = state.get(SharedArea.SUBSCRIPTIONS, id)) {
            if (state.compareAndSet(SharedArea.SUBSCRIPTIONS, id, octets, octets, lifetime(end))) {
                return true;
            }
        }
        return false;
    }

    /** False where it is another one by now. */
    boolean replace(Stored before, SubscriptionContent content, Account account) {
        return state.compareAndSet(
                SharedArea.SUBSCRIPTIONS,
                before.id(),
                before.octets(),
                octets(before.id(), content, account),
                lifetime(content.expiresAt()));
    }

    /** Seals it with the newest key, unless somebody changes it at the same time. */
    void sealAnew(Stored stored) {
        if (replace(stored, stored.content(), stored.account())) {
            log.debug("a subscription was sealed with another key");
        }
    }

    void remove(String id) {
        for (var octets = state.get(SharedArea.SUBSCRIPTIONS, id);
                octets != null;
                octets = state.get(SharedArea.SUBSCRIPTIONS, id)) {
            state.compareAndSet(SharedArea.SUBSCRIPTIONS, id, octets, null, Duration.ZERO);
        }
    }

    boolean durable() {
        return state.durable();
    }

    private byte[] octets(String id, SubscriptionContent content, Account account) {
        try {
            var octets =
                    seal.seal(id, account, json.writeValueAsString(content)).getBytes(US_ASCII);
            if (octets.length > LARGEST) {
                throw new IllegalArgumentException("is too large to be kept");
            }
            return octets;
        } catch (JacksonException e) {
            throw new IllegalStateException("a subscription is written as JSON", e);
        }
    }

    private Duration lifetime(Instant end) {
        return Duration.between(clock.instant(), end);
    }
}
