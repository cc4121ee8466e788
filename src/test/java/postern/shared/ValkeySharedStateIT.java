package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static postern.shared.SharedArea.GRANTS;
import static postern.shared.SharedArea.GRANT_LOCKS;
import static postern.shared.SharedArea.REFUSED_TOKENS;
import static postern.shared.SharedArea.REVOKED_SESSIONS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.testserver.ValkeyServer;

/** Two replicas share by a real Valkey, and go on without it. */
@Timeout(300)
class ValkeySharedStateIT implements CountsOfReplicas {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Longer than a busy machine makes a store wait that is there. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    /** Where the store is away; what is asked of it while it is there is asked again. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    /** Less than a wish for a place lasts, by the clock of the store. */
    private static final Duration WISH = Duration.ofSeconds(2);

    private static ValkeyServer valkey;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong();

    /** Each test has keys of its own. */
    private final String prefix = UUID.randomUUID().toString();

    private final ValkeySharedState one = replica(PATIENT);
    private final ValkeySharedState other = replica(PATIENT);

    @BeforeAll
    static void start() {
        valkey = ValkeyServer.started();
    }

    @AfterAll
    static void stop() {
        valkey.close();
    }

    @AfterEach
    void end() {
        one.destroy();
        other.destroy();
    }

    private ValkeySharedState replica(Duration timeout) {
        return new ValkeySharedState(valkey.url(), prefix, timeout, meters, now::get);
    }

    private static ConditionFactory patiently() {
        return await().atMost(MINUTE).ignoreExceptions();
    }

    @Test
    void whatOneReplicaKeepsTheOtherReads() {
        one.put(GRANTS, "k", octets("v"), MINUTE);

        assertThat(other.get(GRANTS, "k")).isEqualTo(octets("v"));
        assertThat(other.get(GRANT_LOCKS, "k")).isNull();
        assertThat(one.durable()).isTrue();
    }

    @Test
    void aValueEndsWithItsLifetime() {
        one.put(GRANTS, "k", octets("v"), Duration.ofMillis(50));

        patiently().untilAsserted(() -> assertThat(other.get(GRANTS, "k")).isNull());
    }

    @Test
    void onlyWhoKnowsThePresentValueReplacesIt() {
        assertThat(set(one, "x", "v")).isFalse();
        assertThat(set(one, null, "v")).isTrue();
        assertThat(set(other, null, "w")).isFalse();
        assertThat(set(other, "x", "w")).isFalse();
        assertThat(set(other, "v", "w")).isTrue();
        assertThat(set(one, "v", null)).isFalse();
        assertThat(set(one, "w", null)).isTrue();
        assertThat(other.get(GRANTS, "k")).isNull();
        assertThat(set(other, null, null)).isTrue();
        assertThat(set(other, null, "")).isTrue();
        assertThat(set(one, null, "v")).isFalse();
        assertThat(set(one, "", "v")).isTrue();
    }

    @Test
    void ofManyAtOnceOneWins() throws Exception {
        var won = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 40)
                    .forEach(i ->
                            threads.execute(() -> {
                                if (set(i % 2 == 0 ? one : other, null, "by " + i)) {
                                    won.incrementAndGet();
                                }
                            }));
        }

        assertThat(won).hasValue(1);
    }

    @Test
    void withoutTheStoreLogoutsAreKnownAndWhatNeedsItFailsAtOnce() {
        var there = replica(SHORT);
        one.put(REVOKED_SESSIONS, "ended before", octets(""), HOUR);
        var late = replica(SHORT); // it was not there when it was told
        try {
            patiently()
                    .untilAsserted(() ->
                            assertThat(late.mirrored(REVOKED_SESSIONS, "ended before")).isTrue());
            patiently()
                    .untilAsserted(() ->
                            assertThat(there.mirrored(REVOKED_SESSIONS, "ended before")).isTrue());
            valkey.pause();
            try {
                assertThat(late.get(REVOKED_SESSIONS, "ended before")).isNotNull();
                assertThat(there.get(REVOKED_SESSIONS, "ended before")).isNotNull();
                assertThat(there.get(REVOKED_SESSIONS, "not ended")).isNull();
                assertThat(there.get(REFUSED_TOKENS, "k")).isNull();
                there.put(REFUSED_TOKENS, "k", octets("v"), MINUTE);
                assertThatThrownBy(() -> there.get(GRANTS, "k"))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThatThrownBy(() -> set(there, null, "v"))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThatThrownBy(() -> there.put(REVOKED_SESSIONS, "now", octets(""), MINUTE))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThat(there.answers()).isFalse();
                assertThat(
                                meters.get("postern.shared.failures")
                                        .tag("area", "grants")
                                        .counter()
                                        .count())
                        .isPositive();
            } finally {
                valkey.goOn();
            }
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            patiently()
                    .untilAsserted(() -> {
                        now.addAndGet(Duration.ofSeconds(2).toNanos());
                        there.put(GRANTS, "again", octets("v"), MINUTE);
                        assertThat(one.get(GRANTS, "again")).isEqualTo(octets("v"));
                    });
        } finally {
            late.destroy();
            there.destroy();
        }
    }

    @Test
    void aLogoutIsToldToReplicasThatListen() {
        patiently()
                .untilAsserted(() -> {
                    one.put(REVOKED_SESSIONS, "told", octets(""), MINUTE);
                    assertThat(other.mirrored(REVOKED_SESSIONS, "told")).isTrue();
                });
    }

    /** Two logouts at once are two keys, so that neither is overwritten. */
    @Test
    void logoutsOfOneLoginAtTwoReplicasAreBothKnownWithoutTheStore() throws Exception {
        var late = replica(PATIENT);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var keys = IntStream.range(0, 600).mapToObj(i -> "login:" + i).toList();
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < keys.size(); i++) {
                var replica = i % 2 == 0 ? one : other;
                var key = keys.get(i);
                done.add(
                        threads.submit(() -> replica.put(REVOKED_SESSIONS, key, octets(""), HOUR)));
            }
            for (var it : done) {
                it.get();
            }

            patiently()
                    .untilAsserted(() ->
                            assertThat(keys)
                                    .allMatch(key -> one.mirrored(REVOKED_SESSIONS, key))
                                    .allMatch(key -> other.mirrored(REVOKED_SESSIONS, key))
                                    .allMatch(key -> late.mirrored(REVOKED_SESSIONS, key)));
            assertThat(one.hasAny(REVOKED_SESSIONS, List.of("login:no", "login:599"))).isTrue();
            assertThat(one.hasAny(REVOKED_SESSIONS, List.of("login:no", "other:599"))).isFalse();
        } finally {
            late.destroy();
        }
    }

    @Test
    void aBudgetIsOneForAllReplicas() {
        var hours = Duration.ofHours(10);
        var take = List.of(new Spending("anne", 6, hours, 0, 1));
        for (int i = 0; i < 3; i++) {
            assertThat(requireNonNull(one.spend(take)).getFirst().granted()).isTrue();
            assertThat(requireNonNull(other.spend(take)).getFirst().granted()).isTrue();
        }

        var refused = requireNonNull(other.spend(take)).getFirst();
        assertThat(refused.granted()).isFalse();
        assertThat(refused.untilFull()).isBetween(hours.minusMinutes(1), hours.plusSeconds(1));
        var giveBack = new Spending("anne", 6, hours, -1, 0);
        var ofOther = new Spending("bert", 6, hours, 2, 5);
        var answers = requireNonNull(one.spend(List.of(giveBack, ofOther)));
        assertThat(answers).extracting(Spent::granted).containsExactly(true, false);
        assertThat(requireNonNull(other.spend(take)).getFirst().granted()).isTrue();
        assertThat(requireNonNull(other.spend(take)).getFirst().granted()).isFalse();
    }

    @Test
    void aBudgetFillsUpAgain() {
        var take = List.of(new Spending("anne", 1, Duration.ofMillis(300), 0, 1));
        requireNonNull(one.spend(take));

        patiently().until(() -> requireNonNull(other.spend(take)).getFirst().granted());
    }

    private static Holding holding(
            String replica, int held, int busy, int wanted, Duration lifetime) {
        return new Holding("anne", replica, held, busy, wanted, 5, lifetime);
    }

    private static @Nullable Places place(SharedState state, Holding holding) {
        var places = state.hold(List.of(holding));
        return places == null ? null : places.getFirst();
    }

    @Override
    public SharedState counts() {
        return one;
    }

    @Override
    public void passMoment() {
        long before = System.currentTimeMillis();
        patiently().until(() -> System.currentTimeMillis() > before + 1);
    }

    /** Again where it took longer than a wish lasts, which says nothing. */
    @Override
    @Test
    public void whoHasWaitedLongestGoesFirst() {
        while (true) {
            long begin = System.nanoTime();
            try {
                CountsOfReplicas.super.whoHasWaitedLongestGoesFirst();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - begin < WISH.toNanos()) {
                    throw e;
                }
                for (var replica : List.of("r0", "r1", "r2")) {
                    place(one, holding(replica, 0, 0, 0, MINUTE));
                }
            }
        }
    }

    @Test
    void placesAreSharedByReplicas() {
        assertThat(place(one, holding("a", 0, 3, 3, MINUTE))).isEqualTo(new Places(3, 5));
        assertThat(place(other, holding("b", 0, 1, 1, MINUTE))).isEqualTo(new Places(1, 2));
        assertThat(place(other, holding("b", 1, 3, 3, MINUTE))).isEqualTo(new Places(2, 2));

        // b wants more: a keeps what it uses, up to its share
        assertThat(place(one, holding("a", 3, 3, 3, MINUTE))).isEqualTo(new Places(3, 3));
        assertThat(place(one, holding("a", 3, 1, 3, MINUTE))).isEqualTo(new Places(3, 1));
        assertThat(place(one, holding("a", 1, 1, 1, MINUTE))).isEqualTo(new Places(1, 1));
        assertThat(place(other, holding("b", 2, 3, 3, MINUTE))).isEqualTo(new Places(3, 4));

        assertThat(place(one, holding("a", 0, 0, 0, MINUTE))).isEqualTo(new Places(0, 2));
        assertThat(place(other, holding("b", 3, 5, 5, MINUTE))).isEqualTo(new Places(5, 5));
    }

    @Test
    void placesOfAReplicaThatWasKilledAreFreeAfterTheirLifetime() {
        place(one, holding("a", 0, 5, 5, MINUTE));
        assertThat(requireNonNull(place(other, holding("b", 0, 1, 1, MINUTE))).granted()).isZero();

        place(one, holding("a", 5, 5, 5, Duration.ofMillis(400)));

        patiently()
                .until(() ->
                        requireNonNull(place(other, holding("b", 0, 1, 1, MINUTE))).granted() == 1);
    }

    @Test
    void withoutTheStoreBudgetsAndPlacesAreNotAnsweredAndThatIsCounted() {
        var alone = replica(SHORT);
        valkey.pause();
        try {
            assertThat(alone.spend(List.of(new Spending("anne", 1, MINUTE, 0, 1)))).isNull();
            assertThat(place(alone, holding("a", 0, 1, 1, MINUTE))).isNull();
            for (var area : List.of("budgets", "connections")) {
                assertThat(
                                meters.get("postern.shared.failures")
                                        .tag("area", area)
                                        .counter()
                                        .count())
                        .isPositive();
            }
        } finally {
            valkey.goOn();
            alone.destroy();
        }
    }

    private static boolean set(
            SharedState state, @Nullable String expected, @Nullable String value) {
        return state.compareAndSet(
                GRANTS,
                "k",
                expected == null ? null : octets(expected),
                value == null ? null : octets(value),
                MINUTE);
    }

    private static byte[] octets(String text) {
        return text.getBytes(UTF_8);
    }
}
