package postern.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** When a delivery that failed is made again; each time there is some chance in it. */
class RetriesTest {

    private final SubscriptionProperties properties =
            new Binder(new MapConfigurationPropertySource())
                    .bindOrCreate("postern.subscriptions", SubscriptionProperties.class);

    @RepeatedTest(50)
    void itIsLaterAfterEachFailureAndNeverLaterThanAnHour() {
        assertThat(after(0, null)).isBetween(Duration.ofMillis(2_500), Duration.ofMillis(7_500));
        assertThat(after(3, null)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(60));
        assertThat(after(1_000_000, null)).isBetween(Duration.ofMinutes(20), Duration.ofHours(1));
    }

    @RepeatedTest(50)
    void itIsNotBeforeWhatTheResponseAsksForUnlessThatIsTooLong() {
        assertThat(after(0, Duration.ofSeconds(100)))
                .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(120));
        assertThat(after(0, Duration.ofDays(2))).isEqualTo(Duration.ofHours(1));
        assertThat(after(0, Duration.ZERO)).isPositive();
    }

    private Duration after(int failures, @Nullable Duration asked) {
        return Retries.after(failures, asked, properties);
    }
}
