package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static postern.shared.SharedArea.GRANTS;
import static postern.shared.SharedArea.GRANT_LOCKS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InMemorySharedStateTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int ENTRY = BoundedEntries.OVERHEAD + "k1".length() + "v".length();

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final InMemorySharedState state = new InMemorySharedState(() -> now, 3L * ENTRY);

    @Test
    void aValueIsThereUntilItsLifetimeIsOver() {
        put("k1", "v", MINUTE);

        now = now.plus(MINUTE).minusMillis(1);
        assertThat(state.get(GRANTS, "k1")).isEqualTo(octets("v"));
        assertThat(state.get(GRANT_LOCKS, "k1")).isNull();
        now = now.plusMillis(1);
        assertThat(state.get(GRANTS, "k1")).isNull();
        assertThat(set("k1", null, "w")).isTrue();
    }

    @Test
    void onlyWhoKnowsThePresentValueReplacesIt() {
        assertThat(set("k1", "x", "v")).isFalse();
        assertThat(set("k1", null, "v")).isTrue();
        assertThat(set("k1", null, "w")).isFalse();
        assertThat(set("k1", "x", "w")).isFalse();
        assertThat(set("k1", "v", "w")).isTrue();
        assertThat(set("k1", "v", null)).isFalse();
        assertThat(set("k1", "w", null)).isTrue();
        assertThat(state.get(GRANTS, "k1")).isNull();
        assertThat(set("k1", null, null)).isTrue();
    }

    @Test
    void whatEndsSoonestGivesWay() {
        put("k1", "v", MINUTE.multipliedBy(3));
        put("k2", "v", MINUTE);
        put("k3", "v", MINUTE.multipliedBy(2));

        put("k4", "v", MINUTE.multipliedBy(2));

        assertThat(state.get(GRANTS, "k2")).isNull();
        assertThat(state.get(GRANTS, "k1")).isNotNull();
        put("k5", "v", MINUTE.multipliedBy(2));
        assertThat(state.get(GRANTS, "k3")).as("the oldest of two that end at once").isNull();
    }

    @Test
    void aFloodInOneAreaLeavesTheOthersAlone() {
        put("k1", "v", MINUTE);

        IntStream.range(0, 100)
                .forEach(i -> state.put(GRANT_LOCKS, "k" + i, octets("v"), MINUTE.multipliedBy(2)));

        assertThat(state.get(GRANTS, "k1")).isNotNull();
    }

    @Test
    void replacedAndEndedValuesTakeNoRoom() {
        IntStream.range(0, 100).forEach(_ -> put("k1", "v", MINUTE));
        put("k2", "v", MINUTE);
        put("k3", "v", MINUTE);
        assertThat(state.get(GRANTS, "k1")).isNotNull();

        now = now.plus(MINUTE);
        put("k4", "v", MINUTE);
        put("k5", "v", MINUTE);
        put("k6", "v", MINUTE);
        assertThat(state.get(GRANTS, "k4")).isNotNull();
    }

    @Test
    void whatACallerDoesToItsArrayChangesNothing() {
        var value = octets("v");
        state.put(GRANTS, "k1", value, MINUTE);
        value[0] = 'x';
        var read = Objects.requireNonNull(state.get(GRANTS, "k1"));
        assertThat(read).isEqualTo(octets("v"));
        read[0] = 'x';
        assertThat(state.get(GRANTS, "k1")).isEqualTo(octets("v"));
    }

    @Test
    @Timeout(60)
    void ofManyWhoReplaceTheSameValueOneSucceeds() throws InterruptedException {
        var roomy = new InMemorySharedState(() -> now);
        var meters = new SimpleMeterRegistry();
        roomy.bindTo(meters);
        roomy.put(GRANTS, "k1", octets("0"), MINUTE);
        var won = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                threads.submit(() -> {
                    for (int round = 0; round < 500; round++) {
                        var next = octets(Integer.toString(round + 1));
                        var present = octets(Integer.toString(round));
                        if (roomy.compareAndSet(GRANTS, "k1", present, next, MINUTE)) {
                            won.incrementAndGet();
                        }
                        roomy.put(GRANTS, "k2", next, MINUTE);
                        roomy.compareAndSet(GRANTS, "k2", next, null, MINUTE);
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(roomy.get(GRANTS, "k1")).isEqualTo(octets(won.toString()));
        roomy.compareAndSet(GRANTS, "k1", octets(won.toString()), null, MINUTE);
        var rest = roomy.get(GRANTS, "k2");
        roomy.compareAndSet(GRANTS, "k2", rest, null, MINUTE);
        assertThat(meters.get("postern.shared.size").tag("area", "grants").gauge().value())
                .as("the books are right")
                .isZero();
    }

    private void put(String key, String value, Duration lifetime) {
        state.put(GRANTS, key, octets(value), lifetime);
    }

    private boolean set(String key, @Nullable String expected, @Nullable String value) {
        return state.compareAndSet(
                GRANTS,
                key,
                expected == null ? null : octets(expected),
                value == null ? null : octets(value),
                MINUTE);
    }

    private static byte[] octets(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void whatMayNotBeLostIsRefusedWhereThereIsNoRoom() {
        var roomy = new InMemorySharedState(() -> now, 80L * ENTRY);
        int most = 0;
        try {
            for (; most < 1_000; most++) {
                var key = "o%d:%d".formatted(most % 10, most);
                roomy.put(SharedArea.REQUESTS, key, octets("v"), MINUTE);
            }
        } catch (SharedStateFull e) {
            assertThat(e.ofOwner()).isFalse();
        }

        assertThat(most).isBetween(60, 70);
        assertThat(roomy.get(SharedArea.REQUESTS, "o0:0")).isEqualTo(octets("v"));
        roomy.put(SharedArea.REQUESTS, "o0:0", octets("an answer"), MINUTE);
        assertThat(roomy.get(SharedArea.REQUESTS, "o0:0")).isEqualTo(octets("an answer"));
        now = now.plus(MINUTE);
        roomy.put(SharedArea.REQUESTS, "o1:new", octets("v"), MINUTE);
        assertThat(roomy.get(SharedArea.REQUESTS, "o1:new")).isNotNull();
    }

    @Test
    void oneOwnerHasAQuarter() {
        var roomy = new InMemorySharedState(() -> now, 80L * ENTRY);
        int most = 0;
        try {
            for (; most < 1_000; most++) {
                roomy.put(SharedArea.REQUESTS, "o:" + most, octets("v"), MINUTE);
            }
        } catch (SharedStateFull e) {
            assertThat(e.ofOwner()).isTrue();
        }

        assertThat(most).isBetween(15, 20);
        roomy.put(SharedArea.REQUESTS, "p:0", octets("v"), MINUTE);
        assertThat(roomy.compareAndSet(SharedArea.REQUESTS, "o:0", octets("v"), null, MINUTE))
                .isTrue();
        roomy.put(SharedArea.REQUESTS, "o:new", octets("v"), MINUTE);
    }
}
