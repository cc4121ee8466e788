package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.smtp.Envelope;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpException;
import postern.testserver.FaultyProxy;
import postern.testserver.ScriptedSmtpServer;

/** A connection that has sent a message is used for the next one, if it is alive. */
class KeptConnectionTest {

    private static final TextMessage MESSAGE = new TextMessage("From: a\r\n\r\nHi\r\n");
    private static final Envelope ENVELOPE =
            new Envelope("a@example.org", List.of("b@example.org"));
    private static final Duration REST = Duration.ofMinutes(1);

    private final ScriptedSmtpServer server = ScriptedSmtpServer.usual();
    private final ClientFixture client = new ClientFixture(server);
    private PoolableSmtpConnection connection;

    @BeforeEach
    void aMessageWasSent() {
        connection = client.connect();
        connection.send(ENVELOPE, MESSAGE);
        connection.rest(REST);
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    private void next() {
        connection.send(ENVELOPE, MESSAGE);
    }

    @Test
    void theNextMessageBeginsWithAProof() {
        assertThat(connection.wake()).isTrue();
        next();

        assertThat(server.commands())
                .containsSubsequence(".", "RSET", "MAIL FROM:<a@example.org> SIZE=15", "DATA", ".")
                .doesNotContain("QUIT");
        assertThat(server.messages()).hasSize(2);
        assertThat(connection.reusable()).isTrue();
    }

    @Test
    void theProofCostsNoRoundTrip() {
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port());
                var kept = client.connect(proxy.host(), proxy.port())) {
            long before = proxy.roundTrips();
            kept.send(ENVELOPE, MESSAGE);
            long first = proxy.roundTrips() - before;
            kept.rest(REST);
            assertThat(kept.wake()).isTrue();
            kept.send(ENVELOPE, MESSAGE);

            assertThat(proxy.roundTrips() - before - first).isEqualTo(first);
        }
    }

    @Test
    void aChunkLeavesAtOnceOnlyOnAConnectionThatWasUsedAMomentAgo() {
        server.offers("PIPELINING", "CHUNKING", "AUTH PLAIN");
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port());
                var kept = client.connect(proxy.host(), proxy.port())) {
            assertThat(client.roundTripsOfOneFlight(proxy, kept, ENVELOPE, MESSAGE)).isEqualTo(1);
            rests(kept);
            client.pass(Duration.ofSeconds(4));
            assertThat(client.roundTripsOfOneFlight(proxy, kept, ENVELOPE, MESSAGE)).isEqualTo(1);
            rests(kept);
            client.pass(Duration.ofSeconds(6));
            long before = proxy.roundTrips();
            kept.send(ENVELOPE, MESSAGE);
            assertThat(proxy.roundTrips() - before).isEqualTo(2);
        }
        assertThat(server.messages()).hasSize(4);
    }

    private static void rests(PoolableSmtpConnection kept) {
        kept.rest(REST);
        assertThat(kept.wake()).isTrue();
    }

    @Test
    void anEndThatHasComeIsSeenBeforeTheMessage() {
        server.disconnect();

        await().until(() -> !connection.wake());
    }

    @Test
    void whatIsSaidUnaskedEndsIt() throws IOException {
        server.says("421 4.4.2 idle for too long");

        await().until(() -> !connection.wake());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSET", "MAIL", "RCPT", "DATA"})
    void anEndBeforeTheLastOctetMeansThatItMayBeSentOnAnother(String step) {
        server.drops(step);

        assertThatThrownBy(this::next).isInstanceOf(SmtpException.ReusedConnectionLost.class);

        assertThat(connection.reusable()).isFalse();
        assertThat(server.messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"RSET", "MAIL", "RCPT", "DATA"})
    void soDoesAServerThatHasHadEnough(String step) {
        server.answers(step, "421 4.7.0 too many messages");

        assertThatThrownBy(this::next).isInstanceOf(SmtpException.ReusedConnectionLost.class);

        assertThat(server.messages()).hasSize(1);
    }

    @Test
    void soDoesAProofThatFails() {
        server.answers("RSET", "503 5.5.1 what?");

        assertThatThrownBy(this::next).isInstanceOf(SmtpException.ReusedConnectionLost.class);
    }

    @Test
    void soDoesAServerThatIsGoneWithoutAWord() {
        assertThat(times())
                .anyMatch(it -> failure("RSET", it) instanceof SmtpException.ReusedConnectionLost);
    }

    /** It is alive, and slow: another connection would not be faster. */
    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void aServerThatIsSlowAfterTheProofIsTold(String step) {
        assertThat(times()).anyMatch(it -> failure(step, it) instanceof SmtpException.TimedOut);
    }

    /** One that ends before the step is reached decides nothing. */
    private static Stream<Duration> times() {
        return Stream.of(1_000, 4_000, 20_000).map(Duration::ofMillis);
    }

    /**
     * What the next message ends with at a server that does not answer this step.
     *
     * @return null where the time was too short for the message before
     */
    private @Nullable SmtpException failure(String step, Duration time) {
        server.answers(step, "250 2.0.0 ok");
        if (step.equals("DATA")) {
            server.answers(step, "354 go on");
        }
        client.answerTime(time);
        try (var kept = client.connect()) {
            try {
                kept.send(ENVELOPE, MESSAGE);
            } catch (SmtpException.TimedOut | SmtpException.OutcomeUnknown _) {
                return null;
            }
            kept.rest(REST);
            server.stalls(step);
            var failure =
                    catchThrowableOfType(SmtpException.class, () -> kept.send(ENVELOPE, MESSAGE));
            assertThat(failure)
                    .isInstanceOfAny(
                            SmtpException.ReusedConnectionLost.class, SmtpException.TimedOut.class);
            return failure;
        }
    }

    @Test
    void anEndAfterTheLastOctetLeavesItUnknown() {
        server.drops(".");

        assertThatThrownBy(this::next).isInstanceOf(SmtpException.OutcomeUnknown.class);

        assertThat(server.messages()).hasSize(2);
    }

    @Test
    void aServerThatHasHadEnoughAfterTheLastOctetIsTold() {
        server.answers(".", "421 4.3.2 bye");

        assertThatThrownBy(this::next).isInstanceOf(SmtpException.Refused.class);
    }

    @Test
    void aChunkThatMayHaveArrivedIsNotSentAgain() {
        try (var kept = chunking()) {
            server.drops("BDAT");

            assertThatThrownBy(() -> kept.send(ENVELOPE, MESSAGE))
                    .isInstanceOf(SmtpException.OutcomeUnknown.class);
        }
    }

    @Test
    void aChunkOfARefusedSenderMayBeSentOnAnother() {
        try (var kept = chunking()) {
            server.answers("MAIL", "421 4.7.0 too many messages");

            assertThatThrownBy(() -> kept.send(ENVELOPE, MESSAGE))
                    .isInstanceOf(SmtpException.ReusedConnectionLost.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSET", "MAIL", "RCPT"})
    void aChunkWaitsForTheAnswersOnAConnectionThatMayBeDead(String step) {
        try (var kept = chunking()) {
            client.pass(Duration.ofSeconds(6));
            server.drops(step);

            assertThatThrownBy(() -> kept.send(ENVELOPE, MESSAGE))
                    .isInstanceOf(SmtpException.ReusedConnectionLost.class);
        }
    }

    @Test
    void aProcessThatEndsLeavesAChunkThatHasLeftUnknown() {
        try (var kept = chunking()) {
            server.listening(command -> {
                if (command.startsWith("MAIL")) {
                    client.end();
                }
            });

            assertThatThrownBy(() -> kept.send(ENVELOPE, MESSAGE))
                    .isInstanceOf(SmtpException.OutcomeUnknown.class);
        }
    }

    @Test
    void aProcessThatEndsKeepsNoConnectionAndWhatWasSentRemainsSent() {
        client.end();

        connection.rest(REST);

        assertThat(connection.reusable()).isFalse();
    }

    private PoolableSmtpConnection chunking() {
        server.offers("PIPELINING", "CHUNKING", "AUTH PLAIN");
        var kept = client.connect();
        kept.send(ENVELOPE, MESSAGE);
        kept.rest(REST);
        return kept;
    }

    @Test
    void withoutPipeliningTheProofComesFirst() {
        server.offers("AUTH PLAIN");
        try (var kept = client.connect()) {
            kept.rest(REST);
            kept.send(ENVELOPE, MESSAGE);
            kept.rest(REST);
            server.answers("RSET", "421 4.3.2 bye");
            assertThatThrownBy(() -> kept.send(ENVELOPE, MESSAGE))
                    .isInstanceOf(SmtpException.ReusedConnectionLost.class);
        }

        assertThat(server.commands()).last().isEqualTo("RSET");
    }

    @Test
    void aRefusalOfAMessageEndsIt() {
        server.answers("RCPT", "550 5.1.1 no");

        assertThatThrownBy(this::next).isInstanceOf(SmtpException.RecipientsRefused.class);

        assertThat(connection.reusable()).isFalse();
    }

    @Test
    void itIsCutWhereNobodyUsesIt() {
        connection.rest(Duration.ofMillis(1));

        server.awaitDisconnected();

        assertThat(connection.wake()).isFalse();
    }
}
