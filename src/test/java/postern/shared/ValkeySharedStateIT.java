package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static postern.shared.SharedArea.GRANTS;
import static postern.shared.SharedArea.GRANT_LOCKS;
import static postern.shared.SharedArea.REFUSED_TOKENS;
import static postern.shared.SharedArea.REVOKED_SESSIONS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.testserver.ValkeyServer;

/** Two replicas share by a real Valkey, and go on without it. */
@Timeout(120)
class ValkeySharedStateIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static ValkeyServer valkey;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong();

    /** Each test has keys of its own. */
    private final String prefix = UUID.randomUUID().toString();

    private final ValkeySharedState one = replica();
    private final ValkeySharedState other = replica();

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

    private ValkeySharedState replica() {
        return new ValkeySharedState(valkey.url(), prefix, Duration.ofSeconds(2), meters, now::get);
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

        await().untilAsserted(() -> assertThat(other.get(GRANTS, "k")).isNull());
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
        one.put(REVOKED_SESSIONS, "ended before", octets(""), MINUTE);
        var late = replica(); // it was not there when it was told
        try {
            await().untilAsserted(() ->
                    assertThat(late.mirrored(REVOKED_SESSIONS, "ended before")).isTrue());
            await().untilAsserted(() ->
                    assertThat(other.mirrored(REVOKED_SESSIONS, "ended before")).isTrue());
            valkey.pause();
            try {
                assertThat(late.get(REVOKED_SESSIONS, "ended before")).isNotNull();
                assertThat(other.get(REVOKED_SESSIONS, "ended before")).isNotNull();
                assertThat(other.get(REVOKED_SESSIONS, "not ended")).isNull();
                assertThat(other.get(REFUSED_TOKENS, "k")).isNull();
                other.put(REFUSED_TOKENS, "k", octets("v"), MINUTE);
                assertThatThrownBy(() -> other.get(GRANTS, "k"))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThatThrownBy(() -> set(other, null, "v"))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThatThrownBy(() -> other.put(REVOKED_SESSIONS, "now", octets(""), MINUTE))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThat(other.answers()).isFalse();
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
            await().untilAsserted(() -> {
                now.addAndGet(Duration.ofSeconds(2).toNanos());
                other.put(GRANTS, "again", octets("v"), MINUTE);
                assertThat(one.get(GRANTS, "again")).isEqualTo(octets("v"));
            });
        } finally {
            late.destroy();
        }
    }

    @Test
    void aLogoutIsToldToReplicasThatListen() {
        await().untilAsserted(() -> {
            one.put(REVOKED_SESSIONS, "told", octets(""), MINUTE);
            assertThat(other.mirrored(REVOKED_SESSIONS, "told")).isTrue();
        });
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
