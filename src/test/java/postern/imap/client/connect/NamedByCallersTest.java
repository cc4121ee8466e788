package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.util.unit.DataSize;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.client.wire.ConnectionProperties;
import postern.provider.KnownServers;
import postern.provider.MailServers;
import postern.testserver.FakeDns;

/** Direct connections to mail servers that callers name. */
class NamedByCallersTest {

    private static final String PUBLIC = "93.184.216.34";
    private static final String HOST = "imap.chosen.example";

    private final FakeDns dns = FakeDns.start();
    private final List<SocketAddress> connectedTo = new CopyOnWriteArrayList<>();
    private final MailServers servers =
            KnownServers.of(
                    "postern.imap.host=127.0.0.1",
                    "postern.imap.port=1143",
                    "postern.imap.security=none",
                    "postern.free-choice.enabled=true",
                    "postern.free-choice.dns=" + dns.address());

    @AfterEach
    void stop() {
        dns.close();
    }

    /** A second look-up could have another answer (DNS rebinding). */
    @Test
    void theAddressThatWasJudgedIsTheOneThatIsConnectedTo() {
        dns.host(HOST, PUBLIC);

        assertThatThrownBy(() -> connect(HOST, 993, Security.TLS))
                .isInstanceOf(ImapException.ServerUnreachable.class);

        assertThat(connectedTo).singleElement().isEqualTo(new InetSocketAddress(PUBLIC, 993));
        assertThat(dns.questions()).containsExactlyInAnyOrder("A " + HOST, "AAAA " + HOST);

        // the DNS has another answer from now on
        assertThatThrownBy(() -> connect(HOST, 993, Security.TLS))
                .hasMessageContaining("no public address");
        assertThat(connectedTo).hasSize(1);
    }

    @Test
    void whatASealedTokenShouldNotNameIsNotConnectedToEither() {
        dns.host(HOST, PUBLIC);
        for (var server :
                List.of(
                        new ImapServer(HOST, 25, Security.TLS),
                        new ImapServer(HOST, 143, Security.NONE),
                        new ImapServer("127.0.0.1", 993, Security.TLS),
                        new ImapServer("localhost", 143, Security.STARTTLS),
                        new ImapServer(HOST.toUpperCase(Locale.ROOT), 25, Security.TLS))) {
            assertThatThrownBy(() -> connect(server.host(), server.port(), server.security()))
                    .as(server.toString())
                    .isInstanceOf(ImapException.ServerUnreachable.class);
        }
        assertThat(connectedTo).isEmpty();
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void theServerOfTheOperatorMayBeAnywhere() {
        assertThatThrownBy(() -> connect("127.0.0.1", 1143, Security.NONE))
                .isInstanceOf(ImapException.ServerUnreachable.class);

        assertThat(connectedTo).singleElement().isEqualTo(new InetSocketAddress("127.0.0.1", 1143));
    }

    private void connect(String host, int port, Security security) {
        var time = Duration.ofSeconds(10);
        var properties =
                new ConnectionProperties(
                        time,
                        time,
                        time,
                        time,
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(1),
                        null,
                        null);
        var connector =
                new AngusConnector(
                        properties,
                        new DefaultSslBundleRegistry(),
                        servers,
                        new SimpleMeterRegistry(),
                        Recorded::new);
        try {
            connector
                    .connect(
                            new Account(
                                    new ImapServer(host, port, security),
                                    "anne",
                                    new Password("secret")))
                    .close();
        } finally {
            connector.destroy();
        }
    }

    /** A socket that connects to nothing, and changes the DNS meanwhile. */
    private final class Recorded extends Socket {

        @Override
        public void connect(SocketAddress address, int timeout) throws ConnectException {
            connectedTo.add(address);
            dns.host(HOST, "127.0.0.1");
            throw new ConnectException();
        }
    }
}
