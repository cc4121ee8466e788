package postern.subscription;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import postern.shared.DelegatingState;
import postern.shared.FailingState;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.shared.SharedStateUnavailable;

/** Which subscriptions there are, in a store that cannot be enumerated. */
class SubscriptionIndexTest {

    private final InMemorySharedState state = new InMemorySharedState(InstantSource.system());
    private final SubscriptionIndex index = index(state);

    private static SubscriptionIndex index(SharedState state) {
        return new SubscriptionIndex(
                state,
                new Binder(new MapConfigurationPropertySource())
                        .bindOrCreate("postern.subscriptions", SubscriptionProperties.class));
    }

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

    /** The store is away after either of the two writes. */
    @Test
    void whatIsHalfAddedIsFoundOrIsNotThere() {
        for (var area : List.of(SharedArea.SUBSCRIPTION_INDEX, SharedArea.SUBSCRIPTION_OWNERS)) {
            for (boolean answerLost : List.of(false, true)) {
                var failing = new FailingState();
                var half = index(new FailingAfterwards(failing, area, answerLost));

                assertThatThrownBy(() -> half.add("a", "1", 2))
                        .isInstanceOf(SharedStateUnavailable.class);

                failing.answerAgain();
                var whole = index(failing);
                whole.owners().forEach(whole::forgetIfNone);
                assertThat(whole.owners()).hasSameSizeAs(whole.ids("a"));
            }
        }
    }

    /** The store is away when a write of this area comes, or with its answer. */
    private static final class FailingAfterwards extends DelegatingState {

        private final FailingState state;
        private final SharedArea area;
        private final boolean answerLost;

        FailingAfterwards(FailingState state, SharedArea area, boolean answerLost) {
            super(state);
            this.state = state;
            this.area = area;
            this.answerLost = answerLost;
        }

        @Override
        public boolean compareAndSet(
                SharedArea of,
                String key,
                byte @Nullable [] expected,
                byte @Nullable [] value,
                Duration lifetime) {
            if (of == area && answerLost) {
                state.loseAnswers();
            } else if (of == area) {
                state.fail();
            }
            try {
                return state.compareAndSet(of, key, expected, value, lifetime);
            } finally {
                if (of == area) {
                    state.deliverAnswers();
                    state.fail();
                }
            }
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    /** It has looked at the owner already, and the other one has listed it before. */
    @Test
    void whoSubscribesWhenTheOwnerIsAboutToBeForgottenIsFound() {
        index.add("a", "1", 2);
        index.remove("a", "1");
        var late = new AddingBeforeForgetting(state);

        index(late).forgetIfNone("a");

        assertThat(index.ids("a")).containsExactly("2");
        assertThat(index.owners()).containsExactly("a");
    }

    /** Somebody else adds an id just before a list is changed. */
    private static final class AddingBeforeForgetting extends DelegatingState {

        AddingBeforeForgetting(SharedState all) {
            super(all);
        }

        @Override
        public boolean compareAndSet(
                SharedArea area,
                String key,
                byte @Nullable [] expected,
                byte @Nullable [] value,
                Duration lifetime) {
            if (area == SharedArea.SUBSCRIPTION_INDEX) {
                all.compareAndSet(
                        SharedArea.SUBSCRIPTION_OWNERS, "a", null, new byte[] {'2'}, lifetime);
            }
            return all.compareAndSet(area, key, expected, value, lifetime);
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    /** Who forgets it reads the list and no ids, and writes the list when the id has been added. */
    @Test
    void whoHasSubscribedIsNotTakenOutByOneWhoSawNoIdsBefore() {
        var seen = new SeenBeforeAdding(state);

        index(seen).add("a", "1", 2);

        assertThat(requireNonNull(seen.list)).isNotEmpty();
        assertThat(
                        state.compareAndSet(
                                SharedArea.SUBSCRIPTION_INDEX,
                                requireNonNull(seen.list),
                                seen.octets,
                                new byte[] {'9'},
                                Duration.ofMinutes(1)))
                .isFalse();
        assertThat(index.owners()).containsExactly("a");
    }

    /** Reads the list that was written last, just before an id is added. */
    private static final class SeenBeforeAdding extends DelegatingState {

        private @Nullable String list;
        private byte @Nullable [] octets;

        SeenBeforeAdding(SharedState all) {
            super(all);
        }

        @Override
        public boolean compareAndSet(
                SharedArea area,
                String key,
                byte @Nullable [] expected,
                byte @Nullable [] value,
                Duration lifetime) {
            if (area == SharedArea.SUBSCRIPTION_INDEX) {
                list = key;
            } else if (list != null) {
                octets = all.get(SharedArea.SUBSCRIPTION_INDEX, list);
            }
            return all.compareAndSet(area, key, expected, value, lifetime);
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    @Test
    void anOwnerWhoseListWasLostIsListedAgain() {
        index.add("a", "1", 2);
        IntStream.range(0, 64)
                .mapToObj(Integer::toString)
                .forEach(list -> {
                    var lost = state.get(SharedArea.SUBSCRIPTION_INDEX, list);
                    state.compareAndSet(
                            SharedArea.SUBSCRIPTION_INDEX, list, lost, null, Duration.ZERO);
                });
        assertThat(index.owners()).isEmpty();

        index.requireListed("a");
        index.requireListed("without");

        assertThat(index.owners()).containsExactly("a");
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
