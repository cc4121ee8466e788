package postern.smtp.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.provider.MailServers;
import postern.provider.SmtpServer;
import postern.provider.TrustedAuthorities;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpProperties;
import postern.smtp.Submitter;
import postern.testserver.ScriptedSmtpServer;

/** Connects to a scripted server, with a clock set by the test. */
final class ClientFixture {

    private static final ImapServer IMAP = new ImapServer("localhost", 993, Security.TLS);

    private final ScriptedSmtpServer server;
    private Duration patience = Duration.ofSeconds(20);
    private boolean chunking = true;
    private long now;
    private @Nullable SmtpClient latest;

    ClientFixture(ScriptedSmtpServer server) {
        this.server = server;
    }

    void patience(Duration time) {
        patience = time;
    }

    void withoutChunking() {
        chunking = false;
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    /** Ends the client that has connected last, as when the process ends. */
    void end() {
        if (latest != null) {
            latest.destroy();
        }
    }

    PoolableSmtpConnection connect() {
        return connect(server.host(), server.port());
    }

    PoolableSmtpConnection connect(String host, int port) {
        var servers = MailServers.only(IMAP);
        var client =
                new SmtpClient(
                        new SmtpProperties(patience, patience, patience, patience, null, chunking),
                        servers,
                        new TrustedAuthorities(null, servers, new DefaultSslBundleRegistry()),
                        () -> now);
        latest = client;
        return client.open(
                new Submitter(
                        IMAP,
                        new SmtpServer(host, port, Security.NONE),
                        "anne",
                        "anne",
                        new Password("secret")));
    }
}
