package postern.login;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.provider.MailServers;
import postern.shared.Spending;
import postern.shared.StateOfReplicas;

/** What is counted by replicas that share a store. */
@Timeout(60)
class SharedBudgetsTest {

    private static final ImapServer SERVER = new ImapServer("imap.example.org", 993, Security.TLS);
    private static final Duration HOURS = Duration.ofHours(10);
    private static final int MOST = 6;

    private final StateOfReplicas state = new StateOfReplicas();
    private final LoginHashes hashes = new LoginHashes();

    private List<Budget> replicas(int count, int capacity) {
        return Stream.generate(() -> new SharedBudgets(state, hashes).of("test", capacity, HOURS))
                .limit(count)
                .map(budgets -> budgets.of("anne"))
                .toList();
    }

    private static int granted(List<Budget> replicas, int rounds) {
        return (int)
                IntStream.range(0, rounds)
                        .mapToObj(_ -> replicas)
                        .flatMap(List::stream)
                        .filter(budget -> budget.take().granted())
                        .count();
    }

    @Test
    void aSmallBudgetIsOneForAllReplicas() {
        var replicas = replicas(3, MOST);

        assertThat(granted(replicas, 10)).isEqualTo(MOST);
        var refused = replicas.getFirst().take();
        assertThat(refused.remaining()).isZero();
        assertThat(refused.retryAfter()).isBetween(Duration.ofMinutes(90), Duration.ofMinutes(100));
    }

    @Test
    void budgetsOfOthersAreTheirOwn() {
        var budgets = new SharedBudgets(state, hashes).of("test", 1, HOURS);
        var others = new SharedBudgets(state, hashes).of("other", 1, HOURS);

        assertThat(budgets.of("anne").take().granted()).isTrue();
        assertThat(budgets.of("bert").take().granted()).isTrue();
        assertThat(others.of("anne").take().granted()).isTrue();
        assertThat(budgets.of("anne").take().granted()).isFalse();
    }

    @Test
    void whatIsGivenBackIsThereForTheOthers() {
        var replicas = replicas(2, 1);
        replicas.getFirst().take();
        assertThat(replicas.getLast().take().granted()).isFalse();

        replicas.getFirst().giveBack();

        await().until(() -> replicas.getLast().take().granted());
    }

    @Test
    void aTokenThatTheStoreCountedThoughItsAnswerWasLostIsGivenBackWhenItAnswers() {
        var replicas = replicas(2, 1);
        state.loseAnswers();
        assertThat(replicas.getFirst().take().granted()).isTrue();
        state.fail();
        replicas.getFirst().giveBack();
        await().until(() -> state.askedInVain() > 1);
        state.answerAgain();
        assertThat(replicas.getLast().take().granted()).isFalse();

        Budget.longestWait(replicas.getFirst());

        assertThat(replicas.getLast().take().granted()).isTrue();
    }

    @Test
    void aTokenThatWasGivenBackBeforeItWasToldIsNotCounted() {
        var budget = replicas(1, 1_000).getFirst();
        for (int i = 0; i < 2_000; i++) {
            budget.take();
            budget.giveBack();
        }

        var counted = new Spending(hashes.ofParts("test", "anne"), 1_000, HOURS, 0, 0);
        var few = HOURS.dividedBy(1_000).multipliedBy(12);
        await().untilAsserted(() ->
                assertThat(requireNonNull(state.spend(List.of(counted))).getFirst().untilFull())
                        .isLessThanOrEqualTo(few));
    }

    @Test
    void farBelowALargeBudgetTheStoreIsSeldomAsked() {
        var replicas = replicas(1, 60_000);

        assertThat(granted(replicas, 3_000)).isEqualTo(3_000);

        assertThat(state.asked()).isLessThan(60);
    }

    @Test
    void replicasTakeNoMoreThanTwoHundredthsTooManyEach() {
        var replicas = replicas(3, 1_000);

        assertThat(granted(replicas, 2_000)).isBetween(1_000, 1_000 + 3 * 20);
    }

    @Test
    void whatOneReplicaHasLeftTheOtherTells() {
        var replicas = replicas(2, 1_000);
        granted(replicas.subList(0, 1), 700);

        await().untilAsserted(() ->
                assertThat(replicas.getLast().take().remaining()).isLessThanOrEqualTo(320));
    }

    @Test
    void withoutTheStoreEachReplicaGoesByItsOwnCount() {
        var replicas = replicas(3, MOST);
        state.fail();

        assertThat(granted(replicas, 10)).isEqualTo(3 * MOST);
    }

    @Test
    void guessesAtOneReplicaCountAtTheOther() {
        var one = logins();
        var other = logins();
        for (int i = 0; i < MOST / 2; i++) {
            one.requireBudget(anne("wrong" + i), "192.0.2.1");
            one.count(anne("wrong" + i), "192.0.2.1");
            one.count(anne("wrong" + i), "192.0.2.1");
        }

        assertThatThrownBy(() -> other.requireBudget(anne("another"), "192.0.2.1"))
                .isInstanceOf(ImapException.TooManyLogins.class);
        other.requireBudget(anne("another"), "192.0.2.2");
    }

    @Test
    void theSamePasswordAtEachReplicaIsOneGuess() {
        var one = logins();
        var other = logins();

        assertThat(one.refused(anne("old"))).isTrue();

        assertThat(other.refused(anne("old"))).isFalse();
        assertThat(other.refused(anne("older"))).isTrue();
    }

    private FailedLogins logins() {
        var properties = new LoginProperties(MOST, 100, HOURS, Duration.ZERO);
        return new FailedLogins(
                hashes, new SharedBudgets(state, hashes), properties, MailServers.only(SERVER));
    }

    private static Account anne(String password) {
        return new Account(SERVER, "anne", new Password(password));
    }
}
