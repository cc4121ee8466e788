package postern.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;

/** Which subscriptions there are, in a store that cannot be enumerated. */
class SubscriptionIndexTest {

    private final InMemorySharedState state = new InMemorySharedState(InstantSource.system());
    private final SubscriptionIndex index =
            new SubscriptionIndex(
                    state,
                    new Binder(new MapConfigurationPropertySource())
                            .bindOrCreate("postern.subscriptions", SubscriptionProperties.class));

    @Test
    void allAreFoundThatWereAddedAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var adding =
                    IntStream.range(0, 300)
                            .mapToObj(i ->
                                    (Callable<Boolean>)
                                            () -> index.add("owner" + i % 100, "id" + i, 5))
                            .toList();
            for (var added : threads.invokeAll(adding)) {
                assertThat(added.get()).isTrue();
            }
        }
        assertThat(index.owners()).hasSize(100);
        assertThat(index.inAll()).isEqualTo(300);
    }

    @Test
    void anOwnerHasSoMany() {
        assertThat(index.add("a", "1", 2)).isTrue();
        assertThat(index.add("a", "2", 2)).isTrue();
        assertThat(index.add("a", "3", 2)).isFalse();
        index.remove("a", "1");
        assertThat(index.add("a", "3", 2)).isTrue();
        assertThat(index.ids("a")).containsExactly("2", "3");
    }

    @Test
    void anOwnerWithoutSubscriptionsIsForgottenAndOneWithSomeIsNot() {
        index.add("a", "1", 2);
        index.forgetIfNone("a");
        assertThat(index.owners()).containsExactly("a");
        index.remove("a", "1");
        index.forgetIfNone("a");
        assertThat(index.owners()).isEmpty();
    }

    /** Somebody subscribes between the look at the owner and the change of the list. */
    @Test
    void whoSubscribesWhileTheOwnerIsForgottenIsFound() {
        index.add("a", "1", 2);
        index.remove("a", "1");
        var list =
                IntStream.range(0, 64)
                        .mapToObj(Integer::toString)
                        .filter(it -> state.get(SharedArea.SUBSCRIPTION_INDEX, it) != null)
                        .findFirst()
                        .orElseThrow();
        var before = state.get(SharedArea.SUBSCRIPTION_INDEX, list);
        index.add("a", "2", 2);

        assertThat(
                        state.compareAndSet(
                                SharedArea.SUBSCRIPTION_INDEX,
                                list,
                                before,
                                new byte[] {'9'},
                                Duration.ofMinutes(1)))
                .isFalse();
        assertThat(index.owners()).containsExactly("a");
    }
}
