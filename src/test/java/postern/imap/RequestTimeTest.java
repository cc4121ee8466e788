package postern.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import postern.imap.client.connect.Connectors;
import postern.testserver.ScriptedImapServer;

class RequestTimeTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration NONE = Duration.ofNanos(1);

    private ScriptedImapServer server;
    private PoolableConnection connection;

    @BeforeEach
    void connect() {
        server = ScriptedImapServer.start();
        connection =
                Connectors.connector(LONG)
                        .connect(
                                Connectors.account(server.host(), server.port(), "user", "secret"));
    }

    @AfterEach
    void disconnect() {
        connection.abort();
        server.close();
    }

    @Test
    void noCommandIsSentWhenTheTimeOfTheRequestIsOver() {
        server.expectMatching("STATUS \"INBOX\" .*").reply("* STATUS INBOX (MESSAGES 1)", "OK");

        try (var _ = RequestTime.begin(NONE)) {
            spend();
            assertThatExceptionOfType(ImapException.ServerTimedOut.class)
                    .isThrownBy(() -> connection.status(MailboxName.INBOX));
        }

        assertThat(server.commands()).noneMatch(it -> it.startsWith("STATUS"));
        assertThat(connection.usable()).isTrue();
        connection.status(MailboxName.INBOX);
    }

    @Test
    void aChangeIsNotBrokenOffHalfway() {
        server.expect("CREATE \"new\"");

        try (var _ = RequestTime.begin(NONE)) {
            spend();
            assertThatCode(() -> connection.create(new MailboxName("new"), null))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void onlyTheTimeOfCommandsCounts() {
        try (var _ = RequestTime.begin(LONG)) {
            assertThat(RequestTime.limit(LONG)).isEqualTo(LONG);
            spend();
            assertThat(RequestTime.limit(LONG)).isLessThan(LONG);
        }
    }

    @Test
    void aPartHasAShorterTimeAndSpendsThatOfTheWhole() {
        try (var _ = RequestTime.begin(LONG)) {
            try (var _ = RequestTime.beginPart(NONE)) {
                spend();
                assertThatExceptionOfType(ImapException.ServerTimedOut.class)
                        .isThrownBy(() -> RequestTime.limit(LONG));
            }
            assertThat(RequestTime.limit(LONG)).isPositive().isLessThan(LONG);
        }
        assertThat(RequestTime.limit(LONG)).isEqualTo(LONG);
    }

    @Test
    void aPartHasNoLongerTimeThanTheWhole() {
        try (var _ = RequestTime.begin(NONE);
                var _ = RequestTime.beginPart(LONG)) {
            spend();
            assertThatExceptionOfType(ImapException.ServerTimedOut.class)
                    .isThrownBy(() -> RequestTime.limit(LONG));
        }
        assertThat(RequestTime.limit(LONG)).isEqualTo(LONG);
    }

    @Test
    void aTransferHasNoSuchTime() {
        try (var _ = RequestTime.begin(NONE)) {
            spend();
            RequestTime.lift();
            assertThat(RequestTime.limit(LONG)).isEqualTo(LONG);
        }
    }

    @Test
    void threadsOfARequestShareItsTime() {
        try (var _ = RequestTime.begin(NONE)) {
            var failure = new CompletableFuture<Class<?>>();
            var work =
                    RequestTime.shared(() -> {
                        spend();
                        try {
                            RequestTime.limit(LONG);
                            failure.complete(Void.class);
                        } catch (ImapException e) {
                            failure.complete(e.getClass());
                        }
                    });
            Thread.ofVirtual().start(work);

            assertThat(failure.join()).isEqualTo(ImapException.ServerTimedOut.class);
        }
    }

    private static void spend() {
        try (var _ = RequestTime.start()) {
            assertThat(Set.of()).isEmpty(); // takes longer than a nanosecond
        }
    }
}
