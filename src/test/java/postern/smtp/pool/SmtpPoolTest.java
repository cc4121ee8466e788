package postern.smtp.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.account.AccessToken;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.account.Security;
import postern.provider.SmtpServer;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector.Reuse;
import postern.smtp.SmtpException;
import postern.smtp.SmtpReply;
import postern.smtp.Submitter;

class SmtpPoolTest {

    private static final Submitter ANNA = submitter("anna", new Password("secret"));
    private static final Submitter BERT = submitter("bert", new Password("secret"));
    private static final Envelope ENVELOPE =
            new Envelope("a@example.org", List.of("b@example.org"));

    private final InMemoryOpener server = new InMemoryOpener();
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private SmtpPool pool = pool(2, 3, Duration.ofSeconds(30));

    private SmtpPool pool(int perAccount, int most, Duration idle) {
        return new SmtpPool(
                server,
                new SmtpPoolProperties(perAccount, most, idle, Duration.ofMinutes(5)),
                new LoginHashes(),
                new SmtpPoolMetrics(meters));
    }

    private static Submitter submitter(String user, Credential credential) {
        return submitter("smtp.example.org", user, credential);
    }

    private static Submitter submitter(String host, String user, Credential credential) {
        return new Submitter(
                new ImapServer("imap.example.org", 993, Security.TLS),
                new SmtpServer(host, 465, Security.TLS),
                user,
                user,
                credential);
    }

    private record Empty() implements OutgoingMessage {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public long length() {
            return 0;
        }

        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public boolean eightBitHeader() {
            return false;
        }
    }

    private void send(Submitter submitter) {
        try (var connection = pool.lend(submitter, Reuse.ALLOWED)) {
            connection.send(ENVELOPE, new Empty());
        }
    }

    private int logins() {
        return server.opened.size();
    }

    private double closed(SmtpCloseReason reason) {
        var counter =
                meters.find("postern.smtp.connections.closed")
                        .tag("reason", reason.tag())
                        .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void aConnectionServesTheNextMessageOfTheSameUser() {
        send(ANNA);
        send(ANNA);

        assertThat(logins()).isEqualTo(1);
        assertThat(server.opened.getFirst().messages).isEqualTo(2);
        assertThat(meters.counter("postern.smtp.connections.reused").count()).isEqualTo(1);
        assertThat(meters.get("postern.smtp.connect").tag("outcome", "connected").timer().count())
                .isEqualTo(1);
    }

    @Test
    void oneThatIsInUseServesNobodyElse() {
        try (var _ = pool.lend(ANNA, Reuse.ALLOWED)) {
            send(ANNA);
            assertThat(pool.lent()).isEqualTo(1);
        }

        assertThat(logins()).isEqualTo(2);
        assertThat(pool.lent()).isZero();
        assertThat(pool.idle()).isEqualTo(2);
    }

    @Test
    void itServesNoOtherCredentialUserOrServer() {
        var login = new Password("secret");
        send(ANNA);
        send(submitter("anna", new Password("Secret")));
        send(BERT);
        send(submitter("smtp.example.com", "anna", login));
        send(
                new Submitter(
                        new ImapServer("imap.example.com", 993, Security.TLS),
                        ANNA.server(),
                        "anna",
                        "anna",
                        login));
        send(new Submitter(ANNA.mailServer(), ANNA.server(), "anna", "bert", login));

        assertThat(logins()).isEqualTo(6);
        assertThat(server.opened).allMatch(it -> it.messages == 1);
    }

    @Test
    void aCredentialThatIsToBeTriedIsTried() {
        send(ANNA);

        pool.lend(ANNA, Reuse.NEVER).close();

        assertThat(logins()).isEqualTo(2);
    }

    @Test
    void oneThatTheServerHasEndedIsReplaced() throws Exception {
        send(ANNA);
        server.opened.getFirst().end();

        send(ANNA);

        server.opened.getFirst().awaitClosed();
        assertThat(logins()).isEqualTo(2);
        assertThat(closed(SmtpCloseReason.LOST)).isEqualTo(1);
        assertThat(pool.lent()).isZero();
    }

    @Test
    void oneThatHasFailedIsNotKept() throws Exception {
        try (var connection = pool.lend(ANNA, Reuse.ALLOWED)) {
            server.opened.getFirst().fails(() -> new SmtpException.TimedOut(null));
            assertThatThrownBy(() -> connection.send(ENVELOPE, new Empty()))
                    .isInstanceOf(SmtpException.TimedOut.class);
        }

        server.opened.getFirst().awaitClosed();
        assertThat(pool.idle()).isZero();
        assertThat(closed(SmtpCloseReason.IN_DOUBT)).isEqualTo(1);
    }

    @Test
    void itIsKeptForAShortWhile() throws Exception {
        send(ANNA);
        clock.add(Duration.ofSeconds(29));
        pool.sweep();
        assertThat(pool.idle()).isEqualTo(1);
        clock.add(Duration.ofSeconds(1));
        pool.sweep();

        server.opened.getFirst().awaitClosed();
        assertThat(pool.idle()).isZero();
        assertThat(closed(SmtpCloseReason.IDLE)).isEqualTo(1);
        assertThat(server.opened.getFirst().rest()).isGreaterThan(Duration.ofSeconds(30));
    }

    @Test
    void itIsNotKeptForEverByBeingUsed() throws Exception {
        for (int i = 0; i < 20; i++) {
            send(ANNA);
            clock.add(Duration.ofSeconds(20));
            pool.sweep();
        }

        server.opened.getFirst().awaitClosed();
        assertThat(logins()).isEqualTo(2);
        assertThat(closed(SmtpCloseReason.LIFETIME)).isEqualTo(1);
    }

    @Test
    void itSendsSoManyMessagesAndNoMore() throws Exception {
        for (int i = 0; i < SmtpPool.MOST_MESSAGES + 1; i++) {
            send(ANNA);
        }

        server.opened.getFirst().awaitClosed();
        assertThat(server.opened).extracting(it -> it.messages).containsExactly(50, 1);
    }

    private void atOnce(Submitter submitter, int count) {
        var lent = new ArrayList<SmtpConnection>();
        for (int i = 0; i < count; i++) {
            lent.add(pool.lend(submitter, Reuse.ALLOWED));
        }
        lent.forEach(SmtpConnection::close);
    }

    @Test
    void aFewOfAnAccountAreKeptAndAFewInAll() throws Exception {
        atOnce(ANNA, 4);
        assertThat(pool.idle()).isEqualTo(2);
        server.opened.get(0).awaitClosed();
        server.opened.get(1).awaitClosed();
        atOnce(BERT, 2);

        assertThat(pool.idle()).isEqualTo(3);
        server.opened.get(2).awaitClosed();
        assertThat(server.opened.get(3).open()).isTrue();
        assertThat(closed(SmtpCloseReason.EVICTED)).isEqualTo(3);
    }

    @Test
    void withoutTimeNoneIsKept() throws Exception {
        pool = pool(2, 3, Duration.ZERO);
        send(ANNA);

        server.opened.getFirst().awaitClosed();
        assertThat(pool.idle()).isZero();
    }

    @Test
    void theEndOfASessionEndsItsConnections() throws Exception {
        send(BERT);
        try (var _ = pool.lend(ANNA, Reuse.ALLOWED)) {
            send(ANNA);

            pool.retire(ANNA);

            server.opened.get(2).awaitClosed();
            assertThat(server.opened.get(1).open()).as("it sends a message").isTrue();
        }
        server.opened.get(1).awaitClosed();
        assertThat(server.opened.get(0).open()).isTrue();
        assertThat(closed(SmtpCloseReason.RETIRED)).isEqualTo(2);
    }

    @Test
    void aTokenThatReplacesAnotherEndsItsConnections() throws Exception {
        var first = AccessToken.of("first", null);
        send(submitter("anna", first));
        send(submitter("anna", first.replacedBy("second", null)));

        server.opened.get(0).awaitClosed();
        assertThat(logins()).isEqualTo(2);
        assertThat(pool.idle()).isEqualTo(1);
        pool.retire(submitter("anna", first));
        server.opened.get(1).awaitClosed();
    }

    @Test
    void aCredentialThatIsRefusedEndsItsConnections() throws Exception {
        send(ANNA);
        send(BERT);
        server.refusals.add(new SmtpException.LoginRefused(SmtpReply.of(535, "5.7.8 no")));

        assertThatThrownBy(() -> pool.lend(ANNA, Reuse.NEVER))
                .isInstanceOf(SmtpException.LoginRefused.class);

        server.opened.getFirst().awaitClosed();
        assertThat(pool.idle()).isEqualTo(1);
        assertThat(
                        meters.get("postern.smtp.connect")
                                .tag("outcome", "login-refused")
                                .timer()
                                .count())
                .isEqualTo(1);
    }

    /** Many servers count the connections of an address, which is the gateway's. */
    @Test
    void thoseThatAreKeptGiveWayWhereTheServerTakesNoMore() {
        server.most = 2;
        atOnce(ANNA, 2);

        send(BERT);

        assertThat(server.opened.get(0).open()).isFalse();
        assertThat(server.opened.get(1).open()).isFalse();
        assertThat(server.opened.get(2).messages).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"CONNECTION, 421, smtp.example.com", "CONNECTION, 554, smtp.example.org"})
    void theyDoNotForAnotherRefusal(SmtpException.Step step, int code, String host) {
        send(ANNA);
        server.refusals.add(new SmtpException.Refused(step, SmtpReply.of(code, "no")));

        assertThatThrownBy(
                        () -> pool.lend(submitter(host, "bert", new Password("x")), Reuse.ALLOWED))
                .isInstanceOf(SmtpException.Refused.class);

        assertThat(pool.idle()).isEqualTo(1);
    }

    @Test
    void allAreClosedInTheEnd() throws Exception {
        try (var _ = pool.lend(ANNA, Reuse.ALLOWED)) {
            send(ANNA);
            send(BERT);

            pool.stop();

            assertThat(server.opened.get(1).open()).isFalse();
            assertThat(server.opened.get(2).open()).isFalse();
        }
        server.opened.get(0).awaitClosed();
        assertThat(closed(SmtpCloseReason.SHUTDOWN)).isEqualTo(3);
    }
}
