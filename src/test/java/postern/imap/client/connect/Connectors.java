package postern.imap.client.connect;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.util.unit.DataSize;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnector;
import postern.imap.client.wire.ConnectionProperties;
import postern.provider.MailServers;
import postern.testserver.TestServer;

/** Real connectors for tests, without Spring. */
public final class Connectors {

    private Connectors() {}

    public static ImapConnector connector() {
        return connector(Duration.ofSeconds(60));
    }

    public static ImapConnector connector(Duration timeout) {
        var properties =
                new ConnectionProperties(
                        timeout, timeout, timeout, timeout, DataSize.ofMegabytes(128), null);
        return new AngusConnector(
                properties,
                new DefaultSslBundleRegistry(),
                MailServers.only(new ImapServer("localhost", 143, Security.NONE)),
                new SimpleMeterRegistry());
    }

    public static Account account(TestServer server, String user) {
        return account(server.host(), server.port(), user, server.password());
    }

    public static Account account(String host, int port, String user, String password) {
        return new Account(new ImapServer(host, port, Security.NONE), user, new Password(password));
    }
}
