package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static postern.shared.SharedArea.GRANTS;
import static postern.shared.SharedArea.REQUESTS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that answers in ways that a real one is hard to bring to. */
@Timeout(180)
class ValkeySharedStateTest {

    /** Longer than a busy machine makes a store wait that answers. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    /** Where a test waits for it, since the store is silent for a while. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong();

    private ValkeySharedState replica(URI url) {
        return replica(url, PATIENT);
    }

    private ValkeySharedState replica(URI url, Duration timeout) {
        return new ValkeySharedState(url, "postern", timeout, new SimpleMeterRegistry(), now::get);
    }

    private static ConditionFactory patiently() {
        return await().atMost(MINUTE);
    }

    private static @Nullable String answer(List<String> command) {
        return switch (command.getFirst()) {
            case "HELLO" -> "-ERR unknown command 'HELLO'";
            case "PING" -> "+PONG";
            case "GET" -> "$-1";
            case "SUBSCRIBE" -> null;
            default -> "+OK";
        };
    }

    /** A user of Redis 7 may use no channels, unless its ACL says so. */
    @Test
    void aRefusedSubscriptionLeavesNoConnectionOpen() {
        try (var store =
                new ScriptedStore(command ->
                        command.getFirst().equals("SUBSCRIBE")
                                ? "-NOPERM this user has no permissions to access one of the channels"
                                : answer(command))) {
            var state = replica(store.url());
            try {
                patiently().until(() -> store.subscriptions() >= 1);

                patiently().until(() -> store.open() == 0);
            } finally {
                state.destroy();
            }
        }
    }

    /** One of them tries to connect, for all. */
    @Test
    void whileThereNeverWasAConnectionNobodyWaitsForAnother() throws Exception {
        var silent = new AtomicBoolean();
        var read = new AtomicBoolean();
        try (var store =
                new ScriptedStore(command -> {
                    read.compareAndSet(false, command.getFirst().equals("SCAN"));
                    return silent.get() ? null : mirroring(command);
                })) {
            var state = replica(store.url(), SHORT);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                // the mirror has subscribed by one connection and read by another
                patiently().until(() -> read.get() && store.open() == 1);
                int before = store.accepted();
                silent.set(true);
                var asked =
                        IntStream.range(0, 20)
                                .mapToObj(_ -> threads.submit(() -> state.answers()))
                                .toList();
                for (var one : asked) {
                    assertThat(one.get()).isFalse();
                }

                assertThat(store.accepted()).isEqualTo(before + 1);
            } finally {
                state.destroy();
            }
        }
    }

    private static @Nullable String mirroring(List<String> command) {
        return switch (command.getFirst()) {
            case "SUBSCRIBE" ->
                    "*3\r\n$9\r\nsubscribe\r\n$%d\r\n%s\r\n:1"
                            .formatted(command.get(1).length(), command.get(1));
            case "SCAN" -> "*2\r\n$1\r\n0\r\n*0";
            default -> answer(command);
        };
    }

    @Test
    void whetherItIsDurableIsAskedOnceAMinute() {
        var asked = new AtomicInteger();
        var file = new AtomicBoolean(true);
        try (var store =
                new ScriptedStore(command -> {
                    if (!command.getFirst().equals("INFO")) {
                        return answer(command);
                    }
                    asked.incrementAndGet();
                    return "$13\r\naof_enabled:" + (file.get() ? 1 : 0);
                })) {
            var state = replica(store.url());
            try {
                assertThat(state.durable()).isTrue();
                file.set(false);
                assertThat(state.durable()).isTrue();
                assertThat(asked).hasValue(1);
                now.addAndGet(Duration.ofMinutes(2).toNanos());
                assertThat(state.durable()).isFalse();
                assertThat(asked).hasValue(2);
            } finally {
                state.destroy();
            }
        }
    }

    private static @Nullable String durable(List<String> command) {
        return command.getFirst().equals("INFO") ? "$13\r\naof_enabled:1" : answer(command);
    }

    /** It may be another one, with nothing in it and no file. */
    @Test
    void aStoreThatEndedTheConnectionIsAskedAgainWhetherItIsDurable() {
        var file = new AtomicBoolean(true);
        try (var store =
                new ScriptedStore(command -> file.get() ? durable(command) : answer(command))) {
            var state = replica(store.url());
            try {
                assertThat(state.durable()).isTrue();
                file.set(false);

                store.disconnect();

                patiently().until(() -> !state.durable());
            } finally {
                state.destroy();
            }
        }
    }

    @Test
    void aStoreThatDoesNotAnswerIsNotDurable() {
        var silent = new AtomicBoolean();
        try (var store = new ScriptedStore(command -> silent.get() ? null : durable(command))) {
            var state = replica(store.url(), SHORT);
            try {
                assertThat(state.durable()).isTrue();
                silent.set(true);

                assertThatThrownBy(() -> state.get(GRANTS, "k"))
                        .isInstanceOf(SharedStateUnavailable.class);

                assertThat(state.durable()).isFalse();
            } finally {
                state.destroy();
            }
        }
    }

    @Test
    void onlyAStoreThatSaysSoIsFull() {
        var refusal = new String[] {"-LOADING Redis is loading the dataset in memory"};
        try (var store =
                new ScriptedStore(command ->
                        List.of("GET", "SET", "EVAL").contains(command.getFirst())
                                ? refusal[0]
                                : answer(command))) {
            var state = replica(store.url());
            try {
                assertThatThrownBy(() -> state.get(REQUESTS, "k"))
                        .isInstanceOf(SharedStateUnavailable.class);
                assertThatThrownBy(() -> state.put(REQUESTS, "k", octets("v"), MINUTE))
                        .isInstanceOf(SharedStateUnavailable.class);
                refusal[0] = "-OOM command not allowed when used memory > 'maxmemory'.";
                assertThatThrownBy(() -> state.put(REQUESTS, "k", octets("v"), MINUTE))
                        .isInstanceOf(SharedStateFull.class);
            } finally {
                state.destroy();
            }
        }
    }

    /** The host of the store went away without a word, and another one has its address. */
    @Test
    void aConnectionThatDoesNotAnswerTwiceIsReplaced() {
        var silent = new AtomicBoolean();
        try (var store =
                new ScriptedStore(command ->
                        silent.get() && command.getFirst().equals("GET")
                                ? null
                                : answer(command))) {
            var state = replica(store.url(), SHORT);
            try {
                state.get(GRANTS, "k");
                int before = store.accepted();
                silent.set(true);
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> state.get(GRANTS, "k"))
                            .isInstanceOf(SharedStateUnavailable.class);
                    now.addAndGet(Duration.ofSeconds(2).toNanos());
                }
                silent.set(false);

                assertThat(state.get(GRANTS, "k")).isNull();
                assertThat(store.accepted()).isGreaterThan(before);
            } finally {
                state.destroy();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatIsInterruptedSaysNothingOfTheStore(boolean connected) throws Exception {
        var slow = new AtomicBoolean();
        var goOn = new CompletableFuture<Void>();
        try (var store =
                new ScriptedStore(command -> {
                    if (slow.get() && command.getFirst().equals("GET")) {
                        goOn.join();
                    }
                    return answer(command);
                })) {
            var state = replica(store.url());
            try {
                if (connected) {
                    state.get(GRANTS, "k");
                }
                slow.set(true);
                var thread =
                        Thread.ofVirtual()
                                .start(() -> {
                                    Thread.currentThread().interrupt();
                                    assertThatThrownBy(() -> state.get(GRANTS, "k"))
                                            .isInstanceOf(SharedStateUnavailable.class);
                                });
                thread.join();
                goOn.complete(null);

                assertThat(state.up()).isTrue();
                assertThat(state.get(GRANTS, "k")).isNull();
            } finally {
                state.destroy();
            }
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(UTF_8);
    }
}
