package postern.imap.client.connect;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Security;
import postern.deadline.Deadlines;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.ImapProbe;
import postern.imap.OriginatingAddress;
import postern.imap.Outage;
import postern.imap.PoolableConnection;
import postern.imap.client.ClientConnection;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.wire.AnswerBudget;
import postern.imap.client.wire.AnswerMemory;
import postern.imap.client.wire.AnswerTooLarge;
import postern.imap.client.wire.ConnectionProperties;
import postern.imap.client.wire.ServerRefusals;
import postern.imap.client.wire.TrackedSockets;
import postern.provider.MailServers;
import postern.provider.TrustedAuthorities;
import postern.proxy.ProxyRefused;

/** Connects to mail servers and logs in. */
@Component
public final class AngusConnector implements ImapConnector, ImapProbe, DisposableBean {

    private static final Object NAMED_BY_CALLERS = "named by callers";

    private final ConnectionProperties properties;
    private final Supplier<Socket> tcpSockets;
    private final TrustedAuthorities trusted;
    private final MeterRegistry meters;
    private final MailServers servers;
    private final RefusedCapabilities refused;
    private final Deadlines deadlines = new Deadlines("imap-deadlines");
    private final AnswerMemory memory;

    @Autowired
    public AngusConnector(
            ConnectionProperties properties,
            SslBundles sslBundles,
            MailServers servers,
            MeterRegistry meters) {
        this(properties, sslBundles, servers, meters, Socket::new);
    }

    /**
     * @param tcpSockets creates the unconnected sockets of direct connections
     */
    AngusConnector(
            ConnectionProperties properties,
            SslBundles sslBundles,
            MailServers servers,
            MeterRegistry meters,
            Supplier<Socket> tcpSockets) {
        this.properties = properties;
        this.tcpSockets = tcpSockets;
        this.trusted =
                new TrustedAuthorities(
                        "postern.imap.connection.ssl-bundle",
                        properties.sslBundle(),
                        servers,
                        sslBundles);
        this.refused = new RefusedCapabilities(servers::disabledExtensions);
        this.meters = meters;
        this.memory = new AnswerMemory(properties.answerMemory().toBytes());
        this.servers = servers;
    }

    @Override
    public PoolableConnection connect(Account account) {
        if (account.credential() instanceof AccessToken
                && !servers.takesAccessTokens(account.server())) {
            throw new ImapException.NotPossible(
                    "the gateway sends no access tokens to this mail server, because no oauth-issuer"
                            + " is configured for it",
                    null);
        }
        return greeted(
                account.server(),
                properties.loginTimeout(),
                true,
                (protocol, sockets) -> {
                    tellOriginatingAddress(account.server(), protocol);
                    logIn(account, protocol);
                    return new ClientConnection(
                            protocol.wire(),
                            protocol.capabilities(),
                            sockets,
                            properties,
                            deadlines,
                            meters,
                            account,
                            refused);
                });
    }

    @Override
    public void greet(ImapServer server, Duration patience) {
        greeted(server, patience, false, (_, _) -> true);
    }

    /** What is done on a connection that is protected as it should be, before a login. */
    private interface Greeted<T> {
        T use(AngusProtocol protocol, TrackedSockets sockets) throws IOException, ProtocolException;
    }

    /**
     * @param patience how long it may take
     * @param keeps whether the connection stays open if nothing fails
     */
    private <T> T greeted(ImapServer server, Duration patience, boolean keeps, Greeted<T> next) {
        var sockets = socketsTo(server);
        var timedOut = new AtomicBoolean();
        var budget = new AnswerBudget(share(server), properties.maxAnswer().toBytes());
        var login = new LoginSteps();
        var outcome = "fault";
        boolean greeted = false;
        boolean kept = false;
        try (var _ =
                deadlines.in(
                        patience,
                        () -> {
                            timedOut.set(true);
                            sockets.close();
                        })) {
            var protocol = openProtocol(sockets, budget, login);
            greeted = true;
            startTls(server, protocol);
            var result = next.use(protocol, sockets);
            kept = keeps;
            outcome = "ok";
            return result;
        } catch (AnswerTooLarge e) {
            var failure =
                    new ImapException.ProtocolError(
                            "the mail server says more before the login than the gateway takes",
                            null,
                            e);
            outcome = failure.word();
            throw failure;
        } catch (IOException | ProtocolException | RuntimeException e) {
            var failure = failed(e, timedOut.get(), sockets.established() && !greeted);
            outcome = failure.word();
            throw failure;
        } finally {
            login.ended(server, outcome);
            if (!kept) {
                sockets.close();
                budget.release();
            }
        }
    }

    /**
     * @param late whether the time for the login was over
     * @param silent whether there was a connection, and no greeting
     */
    private static ImapException failed(Exception e, boolean late, boolean silent) {
        var failure = e instanceof ImapException known ? known : failed(e);
        if (silent && (late || failure instanceof ImapException.ServerTimedOut)) {
            return new ImapException.ServerTimedOut(
                    Outage.NO_GREETING,
                    "the mail server sends no greeting; where TLS is expected, none comes without"
                            + " it",
                    hiddenCause(e));
        }
        return late ? timedOut(e) : failure;
    }

    /** Before the login, so that the server judges the login by it. */
    private void tellOriginatingAddress(ImapServer server, AngusProtocol protocol)
            throws ProtocolException {
        var address = OriginatingAddress.current().orElse(null);
        if (address == null || !servers.isToldOfClients(server) || !protocol.hasCapability("ID")) {
            return;
        }
        var told = new LinkedHashMap<String, String>();
        told.put("name", "Postern");
        told.put("x-originating-ip", address.getHostAddress());
        try {
            protocol.id(told);
        } catch (ConnectionException e) {
            throw e;
        } catch (ProtocolException _) {
            // Refused, so that it sees the gateway's address; or its own ID cannot be read.
        }
    }

    /** Many providers take another password than the one that the user knows. */
    private void logIn(Account account, AngusProtocol protocol)
            throws IOException, ProtocolException {
        var server = account.server();
        try {
            new AuthenticationExchange(account, protocol, servers.disabledExtensions(server)).run();
        } catch (ImapException.AuthenticationFailed e) {
            throw servers.userMust(server)
                    .map(advice -> new ImapException.AuthenticationFailed(e.responseCode(), advice))
                    .orElse(e);
        }
    }

    @Override
    public void destroy() {
        deadlines.close();
    }

    /** Names of servers cost a caller nothing, so that all of those share one share. */
    private AnswerMemory.Share share(ImapServer server) {
        return memory.of(servers.namedByCaller(server) ? NAMED_BY_CALLERS : server);
    }

    private TrackedSockets socketsTo(ImapServer server) {
        if (servers.namedByCaller(server)) {
            return socketsToPublicAddress(server);
        }
        var host = server.host();
        int port = server.port();
        boolean tls = server.security() == Security.TLS;
        var trusting = trusted.socketsTo(server);
        return servers.proxy(server)
                .map(proxy ->
                        new TrackedSockets(
                                () -> InetSocketAddress.createUnresolved(host, port),
                                tls,
                                () -> proxy.socketTo(host, port),
                                trusting))
                .orElseGet(() ->
                        new TrackedSockets(
                                () -> new InetSocketAddress(host, port),
                                tls,
                                tcpSockets,
                                trusting));
    }

    /** The name is looked up here once, for a proxy too, which gets an address. */
    private TrackedSockets socketsToPublicAddress(ImapServer server) {
        var judged = new AtomicReference<InetSocketAddress>();
        var proxy = servers.proxy(server);
        return new TrackedSockets(
                () -> judge(server, judged),
                server.security() == Security.TLS,
                () ->
                        proxy.map(it -> it.socketTo(literal(judged), server.port()))
                                .orElseGet(tcpSockets),
                trusted.socketsTo(server));
    }

    private InetSocketAddress judge(ImapServer server, AtomicReference<InetSocketAddress> judged) {
        try {
            var address = servers.publicAddress(server);
            judged.set(address);
            return address;
        } catch (IOException e) {
            // the same for all reasons: nobody shall learn the names of an internal network
            throw ImapException.ServerUnreachable.withoutReason(
                    "the mail server has no public address that can be connected to", e);
        }
    }

    private static String literal(AtomicReference<InetSocketAddress> judged) {
        return judged.get().getAddress().getHostAddress();
    }

    private AngusProtocol openProtocol(
            TrackedSockets sockets, AnswerBudget budget, LoginSteps login)
            throws IOException, ProtocolException {
        try {
            var protocol =
                    new AngusProtocol(
                            angusProperties(sockets),
                            sockets,
                            (int) properties.maxResponse().toBytes(),
                            budget,
                            login);
            login.connected();
            if (protocol.isAuthenticated()) {
                // A pre-authenticated connection would give every caller that user's mail, whatever
                // the credential.
                throw new ImapException.ProtocolError(
                        "the mail server does not ask who the user is", null, null);
            }
            return protocol;
        } catch (ConnectionException e) {
            var answer = ServerText.of(e);
            throw answer == null
                    ? unreachable(e)
                    : ServerRefusals.greeting(answer.code(), answer.text());
        }
    }

    private Properties angusProperties(TrackedSockets sockets) {
        var prefix = "mail." + AngusProtocol.PREFIX;
        var angus = new Properties();
        angus.put(prefix + ".socketFactory", sockets.connecting());
        angus.put(prefix + ".ssl.socketFactory", sockets.startTls());
        // Otherwise Angus would connect without our socket factory when it fails.
        angus.put(prefix + ".socketFactory.fallback", "false");
        angus.put(
                prefix + ".connectiontimeout",
                Long.toString(properties.connectTimeout().toMillis()));
        angus.put(prefix + ".timeout", Long.toString(properties.commandTimeout().toMillis()));
        // Our sockets check it; Angus does not know the name.
        angus.put(prefix + ".ssl.checkserveridentity", "false");
        angus.put("mail.mime.address.strict", "false");
        return angus;
    }

    private static void startTls(ImapServer server, AngusProtocol protocol)
            throws IOException, ProtocolException {
        if (server.security() != Security.STARTTLS) {
            return;
        }
        if (!protocol.hasCapability("STARTTLS")) {
            throw new ImapException.ServerUnreachable(
                    Outage.NO_STARTTLS, "the mail server does not offer STARTTLS", null);
        }
        try {
            protocol.startTLS();
        } catch (CommandFailedException | BadCommandException e) {
            var answer = ServerText.of(e);
            var refusal =
                    answer == null
                            ? null
                            : ServerRefusals.toException(answer.code(), answer.text());
            throw refusal instanceof ImapException.ServerUnavailable
                    ? refusal
                    : new ImapException.ServerUnreachable(
                            Outage.NO_STARTTLS, "the mail server refuses STARTTLS", e);
        }
        protocol.forgetCapabilities(); // discards capabilities that were received in the clear
        protocol.capability();
    }

    /** A server that answered anything counts as reached. */
    private static ImapException failed(Exception e) {
        var answer = e instanceof ProtocolException protocol ? ServerText.of(protocol) : null;
        if (answer == null) {
            return unreachable(e);
        }
        if (e instanceof ConnectionException) {
            return ServerRefusals.greeting(answer.code(), answer.text());
        }
        var exception =
                ServerRefusals.bad("what it was asked at first", answer.code(), answer.text());
        return exception instanceof ImapException.MailboxNotFound
                ? new ImapException.ProtocolError(
                        "the mail server gives no access", answer.code(), e)
                : exception;
    }

    static ImapException unreachable(Exception e) {
        var distrust = TrustedAuthorities.distrust(hiddenCause(e));
        if (distrust != null) {
            return new ImapException.CertificateNotTrusted(
                    "the certificate of the mail server " + distrust, hiddenCause(e));
        }
        for (Throwable cause = hiddenCause(e); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return timedOut(hiddenCause(e));
            }
            if (cause instanceof ImapException.ServerUnreachable known) {
                return known;
            }
            if (cause instanceof ProxyRefused refused) {
                return new ImapException.ServerUnreachable(
                        Outage.PROXY, refused.getMessage(), refused);
            }
            if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
                return new ImapException.ServerUnreachable(
                        "no trusted TLS connection to the mail server", hiddenCause(e));
            }
        }
        return new ImapException.ServerUnreachable(
                "the mail server cannot be reached", hiddenCause(e));
    }

    private static ImapException timedOut(Throwable cause) {
        return new ImapException.ServerTimedOut(
                Outage.TIMEOUT, "the mail server did not answer in time", cause);
    }

    /** The cause that Angus hides behind a BYE response that it made up. */
    private static Throwable hiddenCause(Exception e) {
        if (e instanceof ProtocolException protocol
                && protocol.getResponse() != null
                && protocol.getResponse().getException() != null) {
            return protocol.getResponse().getException();
        }
        return e;
    }
}
