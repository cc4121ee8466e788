package postern.web.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class InMemoryAttemptStoreTest {

    private static final Attempt.Running RUNNING = new Attempt.Running("f");

    private final AtomicLong nanos = new AtomicLong();
    private final AttemptStore attempts =
            new InMemoryAttemptStore(
                    new IdempotencyProperties(
                            Duration.ofHours(24),
                            DataSize.ofKilobytes(10),
                            DataSize.ofKilobytes(1)),
                    nanos::get);

    @Test
    void beginsOnce() {
        assertThat(attempts.begin("a", RUNNING)).isEmpty();
        assertThat(attempts.begin("a", new Attempt.Running("g"))).contains(RUNNING);
        assertThat(attempts.begin("b", RUNNING)).isEmpty();
    }

    @Test
    void beginsAgainWhenForgotten() {
        attempts.begin("a", RUNNING);
        attempts.forget("a");

        assertThat(attempts.begin("a", RUNNING)).isEmpty();
    }

    @Test
    void remembersAnAnswerForItsLifetime() {
        var answer = answer(100);
        attempts.begin("a", RUNNING);
        attempts.end("a", answer);
        nanos.set(Duration.ofHours(24).toNanos() - 1);
        assertThat(attempts.begin("a", RUNNING)).contains(answer);

        nanos.set(Duration.ofHours(25).toNanos());

        assertThat(attempts.begin("a", RUNNING)).isEmpty();
    }

    @Test
    void forgetsAnswersBeyondItsMemoryAndNeverWhatRuns() {
        attempts.begin("running", RUNNING);
        for (int i = 0; i < 1_000; i++) {
            attempts.begin("a" + i, RUNNING);
            attempts.end("a" + i, answer(1_000));
        }

        assertThat(attempts.begin("running", RUNNING)).contains(RUNNING);
        int kept = 0;
        for (int i = 0; i < 1_000; i++) {
            if (attempts.begin("a" + i, RUNNING).isPresent()) {
                kept++;
            }
        }
        assertThat(kept).isLessThan(100);
    }

    private static Attempt.Answered answer(int octets) {
        return new Attempt.Answered("f", 201, Map.of(), new byte[octets]);
    }
}
