package postern.imap.client.connect;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.util.unit.DataSize;
import postern.account.Account;
import postern.account.ImapProperties;
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
        return connector(timeout, new ImapProperties("localhost", null, Security.TLS, null));
    }

    /** A connector whose commands may take this time, and everything else a minute. */
    public static ImapConnector connectorWithCommandTimeout(Duration timeout) {
        var minute = Duration.ofMinutes(1);
        return connector(
                new ConnectionProperties(
                        minute,
                        minute,
                        timeout,
                        minute,
                        DataSize.ofMegabytes(128),
                        DataSize.ofMegabytes(256),
                        null,
                        null),
                MailServers.only(new ImapProperties("localhost", null, Security.TLS, null)),
                new SimpleMeterRegistry());
    }

    /** A connector that sends access tokens to this server. */
    public static ImapConnector oauthConnector(String host, int port) {
        var issuer = URI.create("https://issuer.example.org");
        return connector(
                Duration.ofSeconds(60), new ImapProperties(host, port, Security.NONE, issuer));
    }

    /** A connector that knows these servers. */
    public static ImapConnector connector(MailServers servers) {
        return connector(Duration.ofSeconds(60), servers);
    }

    /** A connector that counts its commands here. */
    public static ImapConnector connector(MeterRegistry meters) {
        var servers = new ImapProperties("localhost", null, Security.TLS, null);
        return connector(Duration.ofSeconds(60), MailServers.only(servers), meters);
    }

    private static ImapConnector connector(Duration timeout, ImapProperties servers) {
        return connector(timeout, MailServers.only(servers));
    }

    private static ImapConnector connector(Duration timeout, MailServers servers) {
        return connector(timeout, servers, new SimpleMeterRegistry());
    }

    private static ImapConnector connector(
            Duration timeout, MailServers servers, MeterRegistry meters) {
        return connector(
                new ConnectionProperties(
                        timeout,
                        timeout,
                        timeout,
                        timeout,
                        DataSize.ofMegabytes(128),
                        DataSize.ofMegabytes(256),
                        null,
                        null),
                servers,
                meters);
    }

    private static ImapConnector connector(
            ConnectionProperties properties, MailServers servers, MeterRegistry meters) {
        return new AngusConnector(properties, new DefaultSslBundleRegistry(), servers, meters);
    }

    public static Account account(TestServer server, String user) {
        return account(server.host(), server.port(), user, server.password());
    }

    public static Account account(String host, int port, String user, String password) {
        return new Account(new ImapServer(host, port, Security.NONE), user, new Password(password));
    }
}
