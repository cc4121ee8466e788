package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.smtp.Envelope;
import postern.smtp.SmtpException;
import postern.smtp.Submission;
import postern.testserver.FaultyProxy;
import postern.testserver.ScriptedSmtpServer;

/** Small messages leave by BDAT where the server offers CHUNKING. */
class ChunkedMessageTest {

    private static final String TEXT =
            "From: a@example.org\r\nBcc: c@example.org\r\n\r\n.Hi\n..\r\nend";
    private static final String SENT = "From: a@example.org\r\n\r\n.Hi\r\n..\r\nend\r\n";
    private static final Envelope ENVELOPE =
            new Envelope("a@example.org", List.of("b@example.org", "c@example.org"));
    private static final Envelope ALL =
            new Envelope(ENVELOPE.mailFrom(), ENVELOPE.recipients(), Set.of(), true);

    private final ScriptedSmtpServer server = ScriptedSmtpServer.usual();
    private final ClientFixture client = new ClientFixture(server);

    ChunkedMessageTest() {
        server.offers("PIPELINING", "CHUNKING", "AUTH PLAIN");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Submission send(Envelope envelope, String text) {
        try (var connection = client.connect()) {
            return connection.send(envelope, new TextMessage(text));
        }
    }

    private Submission send() {
        return send(ENVELOPE, TEXT);
    }

    private List<String> transaction() {
        var commands = server.commands();
        return commands.subList(commands.indexOf("MAIL FROM:<a@example.org>"), commands.size());
    }

    @Test
    void aSmallMessageIsOneChunk() {
        var submission = send();

        assertThat(transaction())
                .containsExactly(
                        "MAIL FROM:<a@example.org>",
                        "RCPT TO:<b@example.org>",
                        "RCPT TO:<c@example.org>",
                        "BDAT %d LAST".formatted(SENT.length()),
                        "QUIT");
        assertThat(server.messages()).containsExactly(SENT);
        assertThat(submission.queueId()).isEqualTo("4XYZ");
        assertThat(submission.recipients()).allMatch(it -> it.accepted());
    }

    @Test
    void aLargeMessageAnEmptyOneAndOneForAnotherServerAreNot() {
        send(ENVELOPE, "From: a\r\n\r\n" + "x\r\n".repeat(40_000));
        send(ENVELOPE, "Bcc: a@example.org");
        server.offers("PIPELINING", "AUTH PLAIN");
        send();
        server.offers("PIPELINING", "CHUNKING", "AUTH PLAIN");
        client.withoutChunking();
        send();

        assertThat(server.commands()).noneMatch(it -> it.startsWith("BDAT"));
        assertThat(server.messages()).hasSize(4);
    }

    /** The time of a round trip is what it is for. */
    @Test
    void aRoundTripIsSaved() {
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port())) {
            try (var connection = client.connect(proxy.host(), proxy.port())) {
                assertThat(
                                client.roundTripsOfOneFlight(
                                        proxy, connection, ENVELOPE, new TextMessage(TEXT)))
                        .as("MAIL, RCPT and BDAT together")
                        .isEqualTo(1);
            }
            assertThat(roundTrips(proxy, ALL)).as("BDAT after the answers").isEqualTo(2);
            server.offers("PIPELINING", "AUTH PLAIN");
            assertThat(roundTrips(proxy, ENVELOPE)).as("DATA, and its 354").isEqualTo(2);
            assertThat(roundTrips(proxy, ALL)).as("DATA after the answers").isEqualTo(3);
        }
    }

    private long roundTrips(FaultyProxy proxy, Envelope envelope) {
        try (var connection = client.connect(proxy.host(), proxy.port())) {
            long before = proxy.roundTrips();
            connection.send(envelope, new TextMessage(TEXT));
            return proxy.roundTrips() - before;
        }
    }

    @Test
    void oneThatServesAllOrNobodyWaitsForTheAnswers() {
        server.answers("RCPT TO:<c", "452 4.2.2 full");

        var failure =
                catchThrowableOfType(SmtpException.RecipientsRefused.class, () -> send(ALL, TEXT));

        assertThat(failure.recipients()).extracting("accepted").containsExactly(true, false);
        assertThat(server.commands()).noneMatch(it -> it.startsWith("BDAT"));
        server.answers("RCPT TO:<c", "250 2.1.5 ok");
        send(ALL, TEXT);
        assertThat(server.messages()).containsExactly(SENT);
    }

    @Test
    void withoutPipeliningEachCommandWaits() {
        server.offers("CHUNKING", "AUTH PLAIN").answers("RCPT TO:<b", "550 5.1.1 no");

        var submission = send();

        assertThat(submission.recipients()).extracting("accepted").containsExactly(false, true);
        assertThat(server.messages()).containsExactly(SENT);
    }

    @Test
    void thousandsOfRecipientsAreNoDeadlock() {
        var many =
                java.util.stream.IntStream.range(0, 3_000)
                        .mapToObj("user%d@example.org"::formatted)
                        .toList();
        server.answers("RCPT", "250 2.1.5 " + "x".repeat(900));

        send(new Envelope("a@example.org", many), "From: a\r\n\r\n" + "x\r\n".repeat(20_000));

        assertThat(server.messages()).hasSize(1);
        assertThat(server.commands()).filteredOn(it -> it.startsWith("BDAT")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 550 5.7.1 not yours, SENDER",
        "MAIL, 451 4.3.0 broken, SENDER",
        "BDAT, 554 5.7.1 spam, MESSAGE",
        "BDAT, 452 4.3.1 full, MESSAGE",
        "BDAT, 421 4.3.2 bye, MESSAGE"
    })
    void aRefusalIsTold(String step, String answer, SmtpException.Step refused) {
        server.answers(step, answer);
        if (step.equals("MAIL")) {
            server.answers("RCPT", "503 5.5.1 MAIL first").answers("BDAT", "503 5.5.1 MAIL first");
        }

        var failure = catchThrowableOfType(SmtpException.Refused.class, this::send);

        assertThat(failure.step()).isEqualTo(refused);
        assertThat(failure.reply().code()).isEqualTo(Integer.parseInt(answer, 0, 3, 10));
    }

    /** Even by a server that would take a message for nobody. */
    @Test
    void nothingIsSentToNobody() {
        server.answers("RCPT", "550 5.1.1 no");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.RecipientsRefused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "AUTH"})
    void aConnectionThatEndsBeforeTheLastOctetHasSentNothing(String step) {
        server.drops(step);

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "BDAT"})
    void aConnectionThatEndsAfterTheLastOctetLeavesItUnknown(String step) {
        server.drops(step);

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.OutcomeUnknown.class);
    }

    /** A time that ends before the last octet has left decides nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "BDAT"})
    void anAnswerThatDoesNotComeLeavesItUnknown(String step) {
        server.stalls(step);

        assertThat(Stream.of(300, 3_000, 20_000).map(Duration::ofMillis))
                .anyMatch(this::isUnknownAfter);
    }

    private boolean isUnknownAfter(Duration time) {
        client.answerTime(time);
        var failure = catchThrowableOfType(SmtpException.class, this::send);
        assertThat(failure)
                .isInstanceOfAny(SmtpException.OutcomeUnknown.class, SmtpException.TimedOut.class);
        return failure instanceof SmtpException.OutcomeUnknown;
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "BDAT"})
    void aSenselessAnswerLeavesItUnknown(String step) {
        server.answers(step, "* what?");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.OutcomeUnknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT"})
    void whatWaitsForTheAnswersIsNotSentWhereOneIsMissing(String step) {
        server.drops(step);

        assertThatThrownBy(() -> send(ALL, TEXT)).isInstanceOf(SmtpException.Unreachable.class);
    }

    /** The refusal was heard, so that it is known that nothing was sent. */
    @Test
    void aConnectionThatEndsAfterARefusalHasSentNothing() {
        server.answers("MAIL", "550 5.7.1 no").drops("RCPT");
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.Unreachable.class);
        server.answers("MAIL", "250 2.1.0 ok").answers("RCPT", "550 5.1.1 no").drops("BDAT");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.Unreachable.class);
    }
}
