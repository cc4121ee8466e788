package postern.web.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How slowly a client may send. Times are in seconds. */
class PaceTest {

    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace(1_000, Duration.ofSeconds(10));

    @Test
    void aClientMaySendNothingForTheGracePeriod() {
        pace.waitFrom(0);

        assertThat(pace.tooSlow(9 * SECOND)).isFalse();
        assertThat(pace.tooSlow(10 * SECOND)).isTrue();
    }

    @Test
    void whatItSendsMakesUpForThePause() {
        waits(0, 9);
        pace.came(5_000);
        pace.waitFrom(9 * SECOND);

        assertThat(pace.tooSlow(14 * SECOND)).isFalse();
        assertThat(pace.tooSlow(15 * SECOND)).isTrue();
    }

    /** Else a client could send much, and then hold the request for hours. */
    @Test
    void nothingIsSavedUpBeyondTheGracePeriod() {
        pace.came(1_000_000);
        pace.waitFrom(0);

        assertThat(pace.tooSlow(10 * SECOND)).isTrue();
    }

    @Test
    void timeInWhichTheGatewayDoesNotReadIsNotTheClients() {
        waits(0, 1);
        pace.waitFrom(100 * SECOND);

        assertThat(pace.tooSlow(108 * SECOND)).isFalse();
    }

    @Test
    void aTrickleThatIsFastEnoughGoesOnForever() {
        for (int i = 0; i < 100; i++) {
            waits(i, i + 1);
            pace.came(1_000);
            assertThat(pace.tooSlow((i + 1) * SECOND)).isFalse();
        }
    }

    private void waits(long from, long until) {
        pace.waitFrom(from * SECOND);
        pace.waitUntil(until * SECOND);
    }
}
