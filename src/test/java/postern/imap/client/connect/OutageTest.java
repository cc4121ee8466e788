package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.ImapProbe;
import postern.imap.Outage;
import postern.testserver.Ports;

/** What is wrong with a server that cannot be reached is told in one word. */
class OutageTest {

    @Test
    void nothingListens() throws IOException {
        int port;
        try (var listening = listen()) {
            port = listening.getLocalPort();
        }

        assertThat(failure(port, Security.NONE).outage()).isEqualTo(Outage.REFUSED);
    }

    @Test
    void thereIsNoSuchHost() {
        var server = new ImapServer("imap.nowhere.invalid", 143, Security.NONE);

        assertThat(failure(server, Duration.ofSeconds(60)).outage()).isEqualTo(Outage.DNS);
    }

    @Test
    void aPortForTlsIsSilentWithoutIt() throws IOException {
        try (var listening = listen()) {
            var server = new ImapServer("127.0.0.1", listening.getLocalPort(), Security.NONE);

            assertThat(failure(server, Duration.ofMillis(300)))
                    .isInstanceOf(ImapException.ServerTimedOut.class)
                    .satisfies(it ->
                            assertThat(((ImapException) it).outage())
                                    .isEqualTo(Outage.NO_GREETING));
        }
    }

    @Test
    void aProbeThatHasLessPatienceSaysTheSame() throws IOException {
        try (var listening = listen()) {
            var server = new ImapServer("127.0.0.1", listening.getLocalPort(), Security.NONE);
            var probe = (ImapProbe) Connectors.connector();

            assertThatThrownBy(() -> probe.greet(server, Duration.ofMillis(300)))
                    .asInstanceOf(type(ImapException.class))
                    .returns(Outage.NO_GREETING, ImapException::outage);
        }
    }

    @Test
    void aPortWithoutTlsIsNotForIt() throws IOException {
        try (var listening = listen()) {
            greet(listening);

            assertThat(failure(listening.getLocalPort(), Security.TLS).outage())
                    .isEqualTo(Outage.NOT_TLS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "220 mail.example.org ESMTP",
                "220 OK ready",
                "+OK POP3 ready",
                "SSH-2.0-OpenSSH_9"
            })
    void aServerOfAnotherProtocolIsNotImap(String greeting) throws IOException {
        try (var listening = listen()) {
            greet(listening, greeting);

            assertThat(failure(listening.getLocalPort(), Security.NONE).outage())
                    .isEqualTo(Outage.NOT_IMAP);
        }
    }

    @Test
    void aServerThatTakesNobodySpeaksImap() throws IOException {
        try (var listening = listen()) {
            greet(listening, "* BYE not now");

            assertThat(failure(listening.getLocalPort(), Security.NONE))
                    .isInstanceOf(ImapException.ServerUnavailable.class);
        }
    }

    @Test
    void theServerOffersNoStartTls() throws IOException {
        try (var listening = listen()) {
            greet(listening);

            assertThat(failure(listening.getLocalPort(), Security.STARTTLS).outage())
                    .isEqualTo(Outage.NO_STARTTLS);
        }
    }

    private static ServerSocket listen() throws IOException {
        return Ports.listen(1);
    }

    private static void greet(ServerSocket listening) {
        greet(listening, "* OK [CAPABILITY IMAP4rev1] ready");
    }

    private static void greet(ServerSocket listening, String greeting) {
        Thread.startVirtualThread(() -> {
            try (var socket = listening.accept()) {
                socket.getOutputStream()
                        .write((greeting + "\r\n").getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
                // the client has gone
            }
        });
    }

    private static ImapException failure(int port, Security security) {
        return failure(new ImapServer("127.0.0.1", port, security), Duration.ofSeconds(60));
    }

    private static ImapException failure(ImapServer server, Duration timeout) {
        var account = new Account(server, "anne", new Password("secret"));
        return catchThrowableOfType(
                ImapException.class, () -> Connectors.connector(timeout).connect(account));
    }
}
