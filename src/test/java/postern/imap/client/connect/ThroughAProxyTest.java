package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.provider.ConfiguredServers;
import postern.testserver.FakeProxy;
import postern.testserver.ScriptedImapServer;

/** A mail server whose name only the proxy can resolve. */
@Timeout(30)
class ThroughAProxyTest {

    private static final ImapServer HIDDEN =
            new ImapServer("imap.hidden.invalid", 143, Security.NONE);

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5", "http"})
    void theProxyResolvesTheNameAndConnects(String protocol) throws IOException {
        server.expect("LOGIN anne secret").reply("OK [CAPABILITY IMAP4rev1] welcome");
        server.expectMatching("STATUS \"INBOX\" .*").reply("* STATUS \"INBOX\" (MESSAGES 3)", "OK");

        try (var proxy = FakeProxy.open().route(HIDDEN.host(), HIDDEN.port(), address());
                var connection = connect(protocol + "://" + proxy.address())) {
            assertThat(connection.status(MailboxName.INBOX).messages()).isEqualTo(3);
            assertThat(proxy.asked()).containsExactly("imap.hidden.invalid:143");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5", "http"})
    void aProxyMayWantACredential(String protocol) throws IOException {
        server.expect("LOGIN anne secret").reply("OK [CAPABILITY IMAP4rev1] welcome");

        try (var proxy =
                FakeProxy.closed("gateway:p@ss").route(HIDDEN.host(), HIDDEN.port(), address())) {
            connect(protocol + "://gateway:p%40ss@" + proxy.address()).close();

            assertThatThrownBy(() -> connect(protocol + "://gateway:wrong@" + proxy.address()))
                    .isInstanceOf(ImapException.ServerUnreachable.class)
                    .hasMessage("the proxy does not accept its user and password");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5", "http"})
    void whatTheProxyCannotReachIsUnreachable(String protocol) throws IOException {
        try (var proxy = FakeProxy.open()) {
            assertThatThrownBy(() -> connect(protocol + "://" + proxy.address()))
                    .isInstanceOf(ImapException.ServerUnreachable.class)
                    .hasMessageStartingWith("the proxy does not connect to the mail server");
        }
    }

    private PoolableConnection connect(String proxy) {
        var servers =
                ConfiguredServers.of(
                        "servers.hidden.host=" + HIDDEN.host(),
                        "servers.hidden.security=none",
                        "proxies.hidden=" + proxy);
        return Connectors.connector(servers)
                .connect(new Account(HIDDEN, "anne", new Password("secret")));
    }

    private InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(server.host()), server.port());
    }
}
