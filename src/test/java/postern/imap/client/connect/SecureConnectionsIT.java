package postern.imap.client.connect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnector;
import postern.imap.ImapException.CertificateNotTrusted;
import postern.imap.ImapException.ServerUnreachable;
import postern.imap.MailboxName;
import postern.imap.client.wire.ConnectionProperties;
import postern.provider.ConfiguredServers;
import postern.provider.MailServers;
import postern.testserver.FakeProxy;
import postern.testserver.RealServer;
import postern.testserver.ScriptedImapServer;

/** Which certificates a connection to a mail server trusts, configured as an operator would. */
class SecureConnectionsIT {

    private static final RealServer SERVER = RealServer.DOVECOT_2_3;
    private static final String UNTRUSTED =
            "the certificate of the mail server comes from no authority that is trusted";
    private static final String MISNAMED =
            "the certificate of the mail server is for another name, or cannot be used";

    @EnableConfigurationProperties(ConnectionProperties.class)
    @Import({AngusConnector.class, SimpleMeterRegistry.class})
    static class Connecting {

        @Bean
        MailServers servers(Environment environment) {
            var proxy = environment.getProperty("proxy");
            return proxy == null
                    ? ConfiguredServers.of()
                    : ConfiguredServers.of("proxies.all=" + proxy);
        }
    }

    private final ApplicationContextRunner gateway =
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                    .withUserConfiguration(Connecting.class);

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"TLS", "STARTTLS"})
    void trustsTheAuthoritiesOfTheSslBundle(Security security) {
        var account = account(SERVER.host(), port(security), security);

        trusting(SERVER.certificate())
                .run(context -> {
                    try (var connection = context.getBean(ImapConnector.class).connect(account)) {
                        assertThat(connection.status(MailboxName.INBOX).messages()).isZero();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"TLS", "STARTTLS"})
    void refusesACertificateThatNobodyVouchesFor(Security security) {
        var account = account(SERVER.host(), port(security), security);

        gateway.run(context ->
                assertThatThrownBy(() -> context.getBean(ImapConnector.class).connect(account))
                        .isInstanceOf(CertificateNotTrusted.class)
                        .hasMessage(UNTRUSTED));
    }

    @Test
    void refusesATrustedCertificateOfAnotherHost() {
        var keyAndCertificate = selfSigned("mail.example.org");

        trusting(keyAndCertificate)
                .withPropertyValues(
                        "spring.ssl.bundle.pem.impostor.keystore.certificate=" + keyAndCertificate,
                        "spring.ssl.bundle.pem.impostor.keystore.private-key=" + keyAndCertificate)
                .run(context -> {
                    var connector = context.getBean(ImapConnector.class);
                    try (var impostor = impostor(context.getBean(SslBundles.class))) {
                        var host = impostor.getInetAddress().getHostAddress();
                        var account = account(host, impostor.getLocalPort(), Security.TLS);

                        assertThatThrownBy(() -> connector.connect(account))
                                .isInstanceOf(CertificateNotTrusted.class)
                                .hasMessage(MISNAMED);
                    }
                });
    }

    /** The proxy is not trusted: it may connect to any server that it likes. */
    @ParameterizedTest
    @CsvSource({"socks5, TLS", "http, TLS", "socks5, STARTTLS", "http, STARTTLS"})
    void theCertificateIsCheckedBehindAProxyToo(String protocol, Security security)
            throws IOException {
        var server = new InetSocketAddress(InetAddress.getByName(SERVER.host()), port(security));
        try (var proxy =
                FakeProxy.open()
                        .route("localhost", 1993, server)
                        .route("imap.hidden.invalid", 1993, server)) {
            trusting(SERVER.certificate())
                    .withPropertyValues("proxy=" + protocol + "://" + proxy.address())
                    .run(context -> {
                        var connector = context.getBean(ImapConnector.class);

                        connector.connect(account("localhost", 1993, security)).close();
                        assertThatThrownBy(() ->
                                        connector.connect(
                                                account("imap.hidden.invalid", 1993, security)))
                                .isInstanceOf(CertificateNotTrusted.class)
                                .hasMessage(MISNAMED);
                        assertThat(proxy.asked())
                                .containsExactly("localhost:1993", "imap.hidden.invalid:1993");
                    });
        }
    }

    @Test
    void refusesAServerThatDoesNotOfferStartTls() {
        try (var server = ScriptedImapServer.start()) {
            var account = account(server.host(), server.port(), Security.STARTTLS);

            gateway.run(context ->
                    assertThatThrownBy(() -> context.getBean(ImapConnector.class).connect(account))
                            .isInstanceOf(ServerUnreachable.class)
                            .hasMessage("the mail server does not offer STARTTLS"));

            assertThat(server.commands()).isEmpty();
        }
    }

    @Test
    void refusesWhatWasSaidInTheClearBehindTheOkToStartTls() {
        trusting(SERVER.certificate())
                .run(context -> {
                    var connector = context.getBean(ImapConnector.class);
                    try (var nothing = StartTlsInjector.inFrontOf(SERVER, "");
                            var injector =
                                    StartTlsInjector.inFrontOf(
                                            SERVER, "* CAPABILITY IMAP4rev1\r\n")) {
                        connector
                                .connect(account(nothing.host(), nothing.port(), Security.STARTTLS))
                                .close();
                        var account = account(injector.host(), injector.port(), Security.STARTTLS);

                        assertThatThrownBy(() -> connector.connect(account))
                                .isInstanceOf(ServerUnreachable.class);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"NONE, SCRAM-SHA-256", "TLS, PLAIN", "STARTTLS, PLAIN"})
    void aPasswordCrossesOnlyProtectedConnectionsWhereScramIsAnnounced(
            Security security, String method) {
        var server = RealServer.DOVECOT_2_4;
        int port = security == Security.TLS ? server.tlsPort() : server.port();
        var user = server.newUser();
        var address = new ImapServer(server.host(), port, security);

        trusting(server.certificate())
                .run(context ->
                        context.getBean(ImapConnector.class)
                                .connect(
                                        new Account(address, user, new Password(server.password())))
                                .close());

        await().until(() -> server.log().contains("user=<" + user + ">"));
        assertThat(server.log()).contains("user=<%s>, method=%s,".formatted(user, method));
    }

    private ApplicationContextRunner trusting(String certificate) {
        return gateway.withPropertyValues(
                "spring.ssl.bundle.pem.mail-server.truststore.certificate=" + certificate,
                "postern.imap.connection.ssl-bundle=mail-server");
    }

    private static int port(Security security) {
        return security == Security.TLS ? SERVER.tlsPort() : SERVER.port();
    }

    private static Account account(String host, int port, Security security) {
        var password = new Password(SERVER.password());
        return new Account(new ImapServer(host, port, security), SERVER.newUser(), password);
    }

    private static String selfSigned(String host) {
        return SERVER.run(
                "sh",
                "-c",
                "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN="
                        + host
                        + " -addext subjectAltName=DNS:"
                        + host
                        + " -keyout /tmp/key.pem -out /tmp/cert.pem 2>&1 >/dev/null"
                        + " && cat /tmp/cert.pem /tmp/key.pem");
    }

    private static SSLServerSocket impostor(SslBundles bundles) throws IOException {
        ServerSocketFactory sockets =
                bundles.getBundle("impostor").createSslContext().getServerSocketFactory();
        var listener =
                (SSLServerSocket)
                        sockets.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("impostor").start(() -> greet(listener));
        return listener;
    }

    private static void greet(SSLServerSocket listener) {
        try (var client = listener.accept()) {
            client.getOutputStream()
                    .write("* OK [CAPABILITY IMAP4rev1] ready\r\n".getBytes(US_ASCII));
            client.getInputStream().read();
        } catch (IOException e) {
            // the client has closed the connection, as expected
        }
    }
}
