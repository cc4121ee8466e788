package postern.smtp.client;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.provider.MailServers;
import postern.provider.SmtpServer;
import postern.provider.TrustedAuthorities;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpProperties;
import postern.smtp.Submitter;
import postern.testserver.FaultyProxy;
import postern.testserver.ScriptedSmtpServer;

/** Connects to a scripted server, with a clock set by the test. */
final class ClientFixture {

    private static final ImapServer IMAP = new ImapServer("localhost", 993, Security.TLS);

    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedSmtpServer server;
    private Duration answerTime = LONG;
    private boolean chunking = true;
    private long now;
    private @Nullable SmtpClient latest;

    ClientFixture(ScriptedSmtpServer server) {
        this.server = server;
    }

    /** How long connections that are opened from now on wait for an answer after the login. */
    void answerTime(Duration time) {
        answerTime = time;
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
                        new SmtpProperties(LONG, LONG, answerTime, answerTime, null, chunking),
                        servers,
                        new TrustedAuthorities(
                                "postern.x", null, servers, new DefaultSslBundleRegistry()),
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

    /**
     * Sends a message whose octets all leave before the first answer, which is held back until the
     * server has them; this fails where the client waits for an answer before.
     *
     * @return the round trips that it took
     */
    long roundTripsOfOneFlight(
            FaultyProxy proxy,
            PoolableSmtpConnection connection,
            Envelope envelope,
            OutgoingMessage message) {
        long before = proxy.roundTrips();
        int messages = server.messages().size();
        proxy.toClient().stall();
        var sending = CompletableFuture.runAsync(() -> connection.send(envelope, message));
        try {
            await().atMost(LONG).until(() -> server.messages().size() > messages);
        } finally {
            proxy.toClient().resume();
        }
        sending.join();
        return proxy.roundTrips() - before;
    }
}
