package postern.web.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import postern.account.RequestSeals;
import postern.imap.MailboxName;
import postern.shared.FailingState;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.shared.SharedStateFull;
import postern.shared.SharedStateUnavailable;

/** Two replicas that share nothing but the state. */
class AttemptsTest {

    private static final Duration DAY = Duration.ofHours(24);
    private static final List<String> NAME = List.of("a:name");

    private Instant now = Instant.parse("2026-11-30T10:00:00Z");
    private final InMemorySharedState state = new InMemorySharedState(() -> now, 20_000);
    private final FailingState store = new FailingState(state);
    private final Attempts one = replica();
    private final Attempts other = replica();

    private record Left() implements UnfinishedRequest {
        @Override
        public int octets() {
            return 10;
        }
    }

    private Attempts replica() {
        return new Attempts(
                store,
                RequestSeals.of(RequestSeals.OLD),
                new IdempotencyProperties(DAY, DataSize.ofKilobytes(100), DataSize.ofKilobytes(10)),
                () -> now);
    }

    private static Attempts.Claim begun(Attempts attempts, List<String> names) {
        return Objects.requireNonNull(attempts.begin(names, "f").claim());
    }

    private static Attempt earlier(Attempts attempts) {
        return Objects.requireNonNull(attempts.begin(NAME, "f").earlier()).attempt();
    }

    private static Attempt.Answered answer(String body) {
        return new Attempt.Answered("f", 201, Map.of("ETag", "x"), body.getBytes(UTF_8));
    }

    @Test
    void ofTwoReplicasOneBegins() {
        var claim = begun(one, NAME);

        var earlier = (Attempt.Running) earlier(other);

        assertThat(earlier.fingerprint()).isEqualTo("f");
        assertThat(other.mayRun(earlier, Attempts.LONGEST)).isTrue();
        one.forget(claim);
        begun(other, NAME);
    }

    @Test
    void whatWasDoneIsAnsweredAlsoWhereTheStoreHasGoneAwayMeanwhile() {
        var done = begun(one, NAME);
        var nothing = begun(one, List.of("a:other"));
        store.fail();

        one.end(done, answer("the answer"));
        one.forget(nothing);

        store.answerAgain();
        assertThat(earlier(other)).isInstanceOf(Attempt.Running.class);
        now = now.plus(Attempts.LONGEST).plusSeconds(1);
        assertThat(one.mayRun((Attempt.Running) earlier(one), Attempts.LONGEST)).isFalse();
    }

    @Test
    void anotherReplicaHasTheAnswerUntilItsTimeIsOver() {
        one.end(begun(one, NAME), answer("the answer"));

        now = now.plus(DAY).minusMillis(1);
        var known = (Attempt.Answered) earlier(other);
        assertThat(known.status()).isEqualTo(201);
        assertThat(known.headers()).isEqualTo(Map.of("ETag", "x"));
        assertThat(known.body()).isEqualTo("the answer".getBytes(UTF_8));
        now = now.plusMillis(1);
        begun(other, NAME);
    }

    @Test
    void aReaderOfTheStateLearnsNothing() {
        one.end(begun(one, NAME), answer("the answer"));

        var stored = Objects.requireNonNull(state.get(SharedArea.REQUESTS, "a:name"));
        assertThat(new String(stored, UTF_8)).doesNotContain("answer", "ETag");
    }

    @Test
    void aRequestOfALostReplicaIsTakenOverAfterItsTimeByOneOnly() {
        var lost = begun(one, NAME);
        var earlier = Objects.requireNonNull(other.begin(NAME, "f").earlier());
        now = now.plus(Attempts.LONGEST);

        assertThat(other.mayRun((Attempt.Running) earlier.attempt(), Attempts.LONGEST)).isFalse();
        assertThat(one.mayRun((Attempt.Running) earlier.attempt(), Attempts.LONGEST))
                .as("in its own process")
                .isTrue();
        var claim = Objects.requireNonNull(other.beginAgain(earlier));
        assertThat(replica().beginAgain(earlier)).isNull();
        one.end(lost, answer("too late"));
        other.end(claim, answer("in time"));
        assertThat(((Attempt.Answered) earlier(one)).body()).isEqualTo("in time".getBytes(UTF_8));
    }

    /** Nothing was done: as with a replica that was lost, its time ends. */
    @Test
    void aRequestWhoseStoreDidNotAnswerDoesNotRunForEver() {
        var store = new FailingState();
        var here =
                new Attempts(
                        store,
                        RequestSeals.of(RequestSeals.OLD),
                        new IdempotencyProperties(
                                DAY, DataSize.ofKilobytes(100), DataSize.ofKilobytes(10)),
                        () -> now);
        here.end(begun(here, NAME), new Attempt.Doubtful("f", List.of(), null));
        var doubtful = Objects.requireNonNull(here.begin(NAME, "f").earlier());
        store.loseAnswers();

        assertThatThrownBy(() -> here.beginAgain(doubtful))
                .isInstanceOf(SharedStateUnavailable.class);

        store.deliverAnswers();
        now = now.plus(Attempts.LONGEST);
        assertThat(here.mayRun((Attempt.Running) earlier(here), Attempts.LONGEST)).isFalse();
    }

    @Test
    void messagesThatMayBeStoredAreLookedForOnEveryReplica() {
        var message =
                new UnconfirmedMessage(
                        new MailboxName("Entw&APw-rfe", "id1"), 1L << 32, 7, 1000, "hash", now);
        one.end(begun(one, NAME), new Attempt.Doubtful("f", List.of(message), null));

        var known = (Attempt.Doubtful) earlier(other);

        assertThat(known.traced()).isTrue();
        assertThat(known.messages()).containsExactly(message);
        assertThat(known.messages().getFirst().mailbox().id()).isEqualTo("id1");
    }

    @Test
    void whatIsLeftInTheMemoryOfAReplicaIsOfUseThereAlone() {
        var left = new Left();
        one.end(begun(one, NAME), new Attempt.Doubtful("f", List.of(), left));

        assertThat(((Attempt.Doubtful) earlier(one)).unfinished()).isSameAs(left);
        assertThat(((Attempt.Doubtful) earlier(one)).traced()).isTrue();
        assertThat(((Attempt.Doubtful) earlier(other)).traced()).isFalse();
    }

    @Test
    void aRepetitionThatDidNothingLeavesWhatWasKnown() {
        one.end(begun(one, NAME), new Attempt.Doubtful("f", List.of(), new Left()));
        var earlier = Objects.requireNonNull(one.begin(NAME, "f").earlier());

        one.forget(Objects.requireNonNull(one.beginAgain(earlier)));

        assertThat(((Attempt.Doubtful) earlier(one)).traced()).isTrue();
    }

    @Test
    void aNameOfAnOlderKeyIsFound() {
        one.end(begun(one, List.of("a:old")), answer("x"));

        var begun = other.begin(List.of("a:new", "a:old"), "f");

        assertThat(Objects.requireNonNull(begun.earlier()).attempt())
                .isInstanceOf(Attempt.Answered.class);
        assertThat(state.get(SharedArea.REQUESTS, "a:new")).isNull();
    }

    @Test
    void oneAccountLeavesRoomForTheOthers() {
        assertThatThrownBy(() -> fill("a"))
                .isInstanceOfSatisfying(
                        SharedStateFull.class, full -> assertThat(full.ofOwner()).isTrue());

        begun(one, List.of("b:1"));
    }

    @Test
    void withoutRoomNewKeysAreRefusedAndNoneIsForgotten() {
        one.end(begun(one, NAME), answer("kept"));
        var running = begun(one, List.of("z:running"));

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 9; i++) {
                                try {
                                    fill("owner" + i);
                                } catch (SharedStateFull e) {
                                    if (!e.ofOwner()) {
                                        throw e;
                                    }
                                }
                            }
                        })
                .isInstanceOf(SharedStateFull.class);

        assertThat(earlier(other)).isInstanceOf(Attempt.Answered.class);
        one.end(running, answer("there is room for answers"));
        assertThat(
                        Objects.requireNonNull(other.begin(List.of("z:running"), "f").earlier())
                                .attempt())
                .isInstanceOf(Attempt.Answered.class);
    }

    @Test
    void anAnswerWithoutRoomIsUnknown() {
        var claim = begun(one, NAME);
        one.end(claim, new Attempt.Answered("f", 200, Map.of(), new byte[30_000]));

        assertThat(earlier(one))
                .isInstanceOfSatisfying(
                        Attempt.Doubtful.class, it -> assertThat(it.traced()).isFalse());
    }

    private void fill(String owner) {
        for (int i = 0; i < 100; i++) {
            one.end(begun(one, List.of(owner + ":" + i)), answer("x".repeat(300)));
        }
    }

    @Test
    void whatCannotBeReadIsUnknown() {
        begun(one, NAME);
        var octets = Objects.requireNonNull(state.get(SharedArea.REQUESTS, "a:name"));
        state.put(SharedArea.REQUESTS, "a:name", Arrays.copyOf(octets, octets.length - 1), DAY);

        assertThat(earlier(other))
                .isInstanceOfSatisfying(
                        Attempt.Doubtful.class, it -> assertThat(it.traced()).isFalse());
    }
}
