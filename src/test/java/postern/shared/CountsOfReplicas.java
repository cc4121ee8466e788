package postern.shared;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a store answers to those who spend and hold; a claim of each of them. */
interface CountsOfReplicas {

    SharedState counts();

    /** Until the clock of the store shows another time. */
    void passMoment();

    /** A replica as it tells the store: it holds what it is granted. */
    final class Replica {
        private final SharedState state;
        private final String name;
        private final int most;
        private int held;
        private int may;

        private Replica(SharedState state, String name, int most) {
            this.state = state;
            this.name = name;
            this.most = most;
        }

        /** All that it has, and that it wants, is in use. */
        Replica wants(int wanted) {
            return tells(Math.max(wanted, held), wanted);
        }

        Replica tells(int busy, int wanted) {
            var holding =
                    new Holding("anne", name, held, busy, wanted, most, Duration.ofMinutes(1));
            var places = requireNonNull(state.hold(List.of(holding))).getFirst();
            held = places.granted();
            may = places.most();
            return this;
        }

        /** Has so many without having asked, as when the store was away. */
        Replica has(int places) {
            held = places;
            return this;
        }

        /** Closes what it may not hold. */
        Replica yields() {
            held = Math.min(held, may);
            return this;
        }
    }

    private List<Replica> replicas(int count, int most) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Replica(counts(), "r" + i, most))
                .toList();
    }

    private static int held(List<Replica> replicas) {
        return replicas.stream().mapToInt(it -> it.held).sum();
    }

    @Test
    default void aFreePlaceGoesToOneOfThoseThatHaveNone() {
        for (int most = 1; most < 6; most++) {
            for (int count = 2; count < 8; count++) {
                var last = new Replica(counts(), "z", most).wants(most);
                var replicas = replicas(count, most);
                replicas.forEach(it -> it.wants(2));
                last.has(0).tells(0, 0);

                for (int round = 0; round < 2; round++) {
                    replicas.forEach(it -> it.wants(2));
                }

                assertThat(held(replicas))
                        .as("%d for %d", most, count)
                        .isEqualTo(Math.min(most, 2 * count));
                replicas.forEach(it -> it.has(0).tells(0, 0));
            }
        }
    }

    @Test
    default void whoHasWaitedLongestGoesFirst() {
        var replicas = replicas(3, 1);
        var first = replicas.get(2).wants(1);
        var second = replicas.get(1).wants(1);
        passMoment();
        var third = replicas.get(0).wants(1);
        assertThat(first.held).isEqualTo(1);

        first.has(0).wants(1);
        third.wants(1);
        assertThat(held(replicas)).as("it waits for the second").isZero();
        second.wants(1);

        assertThat(second.held).isEqualTo(1);
        passMoment();
        second.has(0).wants(1);
        first.wants(1);
        third.wants(1);
        assertThat(third.held).isEqualTo(1);
    }

    @Test
    default void whoLeavesIsWaitedForNoMore() {
        var replicas = replicas(2, 1);
        var holder = new Replica(counts(), "z", 1).wants(1);
        replicas.get(0).wants(1);
        passMoment();
        replicas.get(1).wants(1);
        holder.has(0).tells(0, 0);

        replicas.get(0).tells(0, 0);

        assertThat(replicas.get(1).wants(1).held).isEqualTo(1);
    }

    @Test
    default void afterAnOutageTheSurplusIsClosedAndTheSharesStay() {
        for (int most = 1; most < 7; most++) {
            for (int count = 2; count < 8; count++) {
                int each = most;
                var replicas = replicas(count, most);
                replicas.forEach(it -> it.has(each));
                int least = most / count;
                for (int round = 0; round < 3; round++) {
                    for (var it : replicas) {
                        it.tells(0, it.held).yields();
                        assertThat(it.held).isGreaterThanOrEqualTo(least);
                    }
                }

                assertThat(held(replicas)).as("%d of %d", most, count).isEqualTo(most);
                replicas.forEach(it -> it.has(0).tells(0, 0));
            }
        }
    }

    @Test
    default void manyAccountsAreToldAtOnce() {
        var minute = Duration.ofMinutes(1);
        var all =
                Stream.of("anne", "bert", "carl")
                        .map(who -> new Holding(who, "a", 0, 1, 1, 5, minute))
                        .toList();
        counts().hold(List.of(new Holding("bert", "b", 5, 5, 5, 5, minute)));

        assertThat(counts().hold(all))
                .containsExactly(new Places(1, 5), new Places(0, 0), new Places(1, 5));
    }

    @Test
    default void whatIsGivenBackCountsAgainstWhatIsTakenAtOnce() {
        var hours = Duration.ofHours(10);
        counts().spend(List.of(new Spending("anne", 3, hours, 2, 0)));

        var spent =
                requireNonNull(
                        counts().spend(
                                        List.of(
                                                new Spending("anne", 3, hours, -1, 2),
                                                new Spending("anne", 3, hours, 0, 1),
                                                new Spending("anne", 3, hours, -9, 3),
                                                new Spending("anne", 3, hours, 9, 0))));

        assertThat(spent).extracting(Spent::granted).containsExactly(true, false, true, true);
        assertThat(spent.getLast().untilFull())
                .isBetween(hours.minusMinutes(1), hours.plusSeconds(1));
    }
}
