package postern.imap.watch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may have changed is looked at once, and no hint is lost by waiting. */
@Timeout(30)
class MarksTest {

    private static final Duration LONG = Duration.ofDays(1);

    private final Marks<String> marks = new Marks<>();

    @Test
    void whatIsMarkedOftenIsLookedAtOnce() {
        marks.mark("a");
        marks.mark("b");
        marks.mark("a");

        assertThat(marks.takeAll()).containsExactlyInAnyOrder("a", "b");
        assertThat(marks.take()).isNull();
    }

    @Test
    void whatIsToBeLookedAtLaterIsDueAtOnceWhenItIsMarked() {
        long before = System.nanoTime();
        marks.markLater("a", LONG);
        assertThat(marks.take()).isNull();

        marks.mark("a");

        var due = requireNonNull(marks.take());
        assertThat(due.key()).isEqualTo("a");
        // the time of the hint, and not of the poll
        assertThat(due.since() - before).isBetween(0L, LONG.toNanos() / 2);
    }

    @Test
    void aMarkIsNotPutOffByAPoll() {
        marks.mark("a");
        marks.markLater("a", LONG);

        assertThat(marks.take()).isNotNull();
    }

    @Test
    void whatFailedIsNotTriedAgainAtOnceUnlessItIsMarkedAnew() {
        marks.mark("a");
        marks.retry(List.of("a", "b"), LONG);
        assertThat(marks.takeAll()).isEmpty();

        marks.mark("b");

        assertThat(marks.takeAll()).containsExactly("b");
    }

    @Test
    void whatRestsIsDueWhenItsRestIsOverHoweverOftenItIsMarked() throws InterruptedException {
        marks.rest("a", LONG);
        for (int i = 0; i < 1_000; i++) {
            marks.mark("a");
        }
        marks.mark("b");
        assertThat(marks.takeAll()).containsExactly("b");

        marks.rest("a", Duration.ofMillis(1));
        marks.mark("a");
        marks.await(LONG);

        assertThat(requireNonNull(marks.take()).key()).isEqualTo("a");
    }

    /** As of a hint that came while it was looked at. */
    @Test
    void whatWasMarkedBeforeItsRestIsDueAfterIt() throws InterruptedException {
        marks.mark("a");
        long marked = System.nanoTime();
        marks.rest("a", LONG);
        assertThat(marks.take()).isNull();

        marks.clear();
        marks.mark("a");
        marks.rest("a", Duration.ofMillis(1));
        marks.await(LONG);

        var due = requireNonNull(marks.take());
        assertThat(due.since() - marked).isBetween(0L, LONG.toNanos() / 2);
    }

    @Test
    void whoWaitsForSomethingElseIsNotWokenByMarks() throws InterruptedException {
        marks.mark("a");
        marks.wake();

        marks.awaitAnythingElse(LONG);

        assertThat(marks.take()).isNotNull();
        assertThat(marks.ended()).isFalse();
        marks.end();
        marks.await(LONG);
        assertThat(marks.ended()).isTrue();
    }
}
