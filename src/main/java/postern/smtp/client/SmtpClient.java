package postern.smtp.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.Security;
import postern.deadline.Deadlines;
import postern.provider.MailServers;
import postern.provider.TrustedAuthorities;
import postern.proxy.ProxyRefused;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpException;
import postern.smtp.SmtpException.Step;
import postern.smtp.SmtpOpener;
import postern.smtp.SmtpProperties;
import postern.smtp.Submitter;
import postern.trace.Step.Kind;

/** Connects to submission servers and logs in. */
@Component
public final class SmtpClient implements SmtpOpener, DisposableBean {

    private final SmtpProperties properties;
    private final MailServers servers;
    private final TrustedAuthorities trusted;
    private final LongSupplier nanos;
    private final Deadlines deadlines = new Deadlines("smtp-deadlines");

    @Autowired
    SmtpClient(
            SmtpProperties properties,
            MailServers servers,
            SslBundles bundles,
            Environment environment) {
        this(
                properties,
                servers,
                trusted(properties, servers, bundles, environment),
                System::nanoTime);
    }

    private static TrustedAuthorities trusted(
            SmtpProperties properties,
            MailServers servers,
            SslBundles bundles,
            Environment environment) {
        if (properties.sslBundle() != null) {
            return new TrustedAuthorities(
                    "postern.submission.connection.ssl-bundle",
                    properties.sslBundle(),
                    servers,
                    bundles);
        }
        var ofImap = "postern.imap.connection.ssl-bundle";
        return new TrustedAuthorities(ofImap, environment.getProperty(ofImap), servers, bundles);
    }

    /**
     * @param nanos the time in nanoseconds, from whatever origin
     */
    SmtpClient(
            SmtpProperties properties,
            MailServers servers,
            TrustedAuthorities trusted,
            LongSupplier nanos) {
        this.properties = properties;
        this.nanos = nanos;
        this.servers = servers;
        this.trusted = trusted;
    }

    @Override
    public PoolableSmtpConnection open(Submitter submitter) {
        if (submitter.credential() instanceof AccessToken
                && !servers.takesAccessTokens(submitter.mailServer())) {
            throw new SmtpException.NotPossible(
                    "the gateway sends no access tokens to this submission server, because no"
                            + " oauth-issuer is configured for the mail server");
        }
        var server = submitter.server();
        var proxy = servers.proxy(submitter.mailServer());
        var transport = new SmtpTransport(proxy, server, deadlines, properties.loginTimeout());
        boolean connected = false;
        long started = System.nanoTime();
        var outcome = "fault";
        try {
            transport.connect(
                    proxy.isPresent()
                            ? InetSocketAddress.createUnresolved(server.host(), server.port())
                            : new InetSocketAddress(server.host(), server.port()),
                    properties.connectTimeout());
            var connection = logIn(transport, submitter);
            connected = true;
            outcome = "ok";
            return connection;
        } catch (IOException e) {
            var failure = failed(transport, e);
            outcome = failure.word();
            throw failure;
        } catch (SmtpException e) {
            outcome = e.word();
            throw e;
        } finally {
            transport.trace(Kind.SMTP_CONNECT, outcome, 0, started);
            if (!connected) {
                transport.close();
            }
        }
    }

    private PoolableSmtpConnection logIn(SmtpTransport transport, Submitter submitter)
            throws IOException {
        var server = submitter.server();
        var trusting = trusted.socketsTo(submitter.mailServer());
        if (server.security() == Security.TLS) {
            transport.protect(trusting, server);
        }
        var greeting = transport.read().reply();
        if (!greeting.positive()) {
            throw new SmtpException.Refused(Step.CONNECTION, greeting);
        }
        var extensions = greet(transport);
        if (server.security() == Security.STARTTLS) {
            startTls(transport, extensions);
            transport.protect(trusting, server);
            extensions = greet(transport); // what came before TLS does not count
        }
        new LoginExchange(transport, extensions, submitter).run();
        transport.within(properties.commandTimeout()); // until it is used
        return new ClientConnection(transport, extensions, properties, nanos);
    }

    private static Extensions greet(SmtpTransport transport) throws IOException {
        transport.send("EHLO " + transport.addressLiteral());
        transport.flush();
        var lines = transport.read();
        if (lines.code() / 100 != 2) {
            throw new SmtpException.Refused(Step.CONNECTION, lines.reply());
        }
        return Extensions.of(lines.texts());
    }

    private static void startTls(SmtpTransport transport, Extensions extensions)
            throws IOException {
        if (!extensions.offers("STARTTLS")) {
            throw new SmtpException.Unreachable(
                    "the submission server does not offer STARTTLS", null);
        }
        var reply = transport.exchange("STARTTLS");
        if (!reply.positive()) {
            throw new SmtpException.Refused(Step.CONNECTION, reply);
        }
        if (transport.hasUnread()) {
            // somebody on the way wants it to be taken for an answer of the protected server
            throw new SmtpException.ProtocolError(
                    "the submission server said more than it was asked before TLS");
        }
    }

    @Override
    public void destroy() {
        deadlines.close();
    }

    static SmtpException failed(SmtpTransport transport, IOException e) {
        if (transport.timedOut()) {
            return new SmtpException.TimedOut(e);
        }
        var distrust = TrustedAuthorities.distrust(e);
        if (distrust != null) {
            return new SmtpException.CertificateNotTrusted(
                    "the certificate of the submission server " + distrust, e);
        }
        boolean tls = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new SmtpException.TimedOut(e);
            }
            if (cause instanceof ProxyRefused refused) {
                return new SmtpException.Unreachable(String.valueOf(refused.getMessage()), e);
            }
            tls |= cause instanceof SSLException || cause instanceof GeneralSecurityException;
        }
        return new SmtpException.Unreachable(
                tls
                        ? "no trusted TLS connection to the submission server"
                        : "the submission server cannot be reached, or has ended the connection",
                e);
    }
}
