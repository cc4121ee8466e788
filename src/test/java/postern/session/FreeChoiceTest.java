package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.FakeDns;
import postern.testserver.FakeProxy;
import postern.testserver.SelfSignedCertificate;
import postern.testserver.provider.ProviderScript;
import postern.testserver.provider.ProviderServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mail servers that callers name by host. All connections go through a proxy of the test, which
 * remembers which addresses it was asked for; the names are those of a DNS of the test.
 */
@SpringBootTest
@AutoConfigureMockMvc
@ContextConfiguration(initializers = FreeChoiceTest.SwitchedOn.class)
class FreeChoiceTest {

    private static final String PUBLIC = "93.184.216.34";
    private static final FakeDns DNS = FakeDns.start();
    private static final FakeProxy PROXY = proxy();
    private static final SelfSignedCertificate CERTIFICATE =
            SelfSignedCertificate.of(List.of("dns:*.chosen.example"));
    private static final AtomicInteger USERS = new AtomicInteger();

    static final class SwitchedOn
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of(
                            "postern.free-choice.enabled=true",
                            "postern.free-choice.dns=" + DNS.address(),
                            "postern.discovery.remote=true",
                            "postern.discovery.dns=" + DNS.address(),
                            "postern.imap.host=mail.example.org",
                            "postern.proxies.all=socks5://" + PROXY.address(),
                            "postern.login.max-failures-per-account=3",
                            "postern.login.refusal-time=0s",
                            "postern.imap.connection.ssl-bundle=chosen")
                    .and(CERTIFICATE.bundle("chosen"))
                    .applyTo(context);
        }
    }

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private final String user = "anne%d@chosen.example".formatted(USERS.incrementAndGet());
    private final ProviderServer server = start(false);
    private final ProviderServer withStartTls = start(true);

    @AfterEach
    void stop() throws IOException {
        server.close();
        withStartTls.close();
        PROXY.asked().clear();
    }

    @AfterAll
    static void stopAll() throws IOException {
        PROXY.close();
        DNS.close();
    }

    @ParameterizedTest
    @CsvSource({"993, tls", "143, starttls"})
    void aCallerNamesAServerAndReadsMailThere(int port, String security) {
        DNS.host("imap.chosen.example", PUBLIC);
        PROXY.route(PUBLIC, 993, server.listening());
        PROXY.route(PUBLIC, 143, withStartTls.listening());

        var answer = logIn("IMAP.chosen.example", port, security);

        assertThat(answer).hasStatus(201);
        assertThat(tree(answer).at("/account/server/host").asString())
                .isEqualTo("imap.chosen.example");
        var list =
                http.get()
                        .uri("/v1/mailboxes")
                        .header("Authorization", "Bearer " + tree(answer).get("token").asString())
                        .exchange();
        assertThat(list).hasStatusOk();
        assertThat(PROXY.asked()).isNotEmpty().containsOnly(PUBLIC + ":" + port);
    }

    /** A load balancer keeps accounts apart by what stands in front of their tokens. */
    @Test
    void theTokenHasTheServerInItAndInFrontOfIt() {
        DNS.host("a.chosen.example", PUBLIC).host("b.chosen.example", PUBLIC);
        PROXY.route(PUBLIC, 993, server.listening());

        var one = tree(logIn("a.chosen.example", 993, "tls")).get("token").asString();
        var same = tree(logIn("a.chosen.example", 993, "tls")).get("token").asString();
        var other = tree(logIn("b.chosen.example", 993, "tls")).get("token").asString();

        assertThat(tag(one)).isEqualTo(tag(same)).isNotEqualTo(tag(other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.1.",
                "0",
                "0.0.0.0",
                "::1",
                "[::1]",
                "::",
                "[::]",
                "::ffff:127.0.0.1",
                "[::ffff:7f00:1]",
                "0:0:0:0:0:0:0:1",
                "fe80::1%eth0",
                "fe80::1%25lo",
                "[64:ff9b::7f00:1]",
                "169.254.169.254",
                "0xa9fea9fe",
                "10.0.0.1",
                "93.184.216.34",
                "[2606:4700::1111]",
                "１２７.０.０.１",
                "127。0。0。1",
                "①②⑦.⓪.⓪.①",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "ip6-localhost",
                "foo.localhost",
                "metadata.google.internal",
                "printer.local",
                "nas.lan",
                "router.home.arpa",
                "db.corp",
                "mail",
                "imap.chosen.example.",
                "imap..chosen.example",
                "imap.chosen.example:143",
                "imap.chosen.example@127.0.0.1",
                "user@imap.chosen.example",
                "http://127.0.0.1/",
                "imap.chosen.example/x",
                "imap.chosen.example#x",
                "imap.chosen.example\\\\u0000.x",
                "imap chosen.example",
                "imap.chosen.example\\\\r\\\\nx",
                "-imap.chosen.example",
                "_imap.chosen.example",
                "*.chosen.example",
                " "
            })
    void whatIsNoNameOfThePublicDnsIsRefusedBeforeAnythingIsAsked(String host) {
        var answer = logIn(host.replace("\\\\", "\\"), 993, "tls");

        assertThat(answer).hasStatus(400);
        assertThat(tree(answer).at("/errors/0/pointer").asString()).isEqualTo("/imap/host");
        assertThat(PROXY.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.9.10",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::7f00:1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:0:7f00:1::",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "ff02::1",
                PUBLIC + " 10.0.0.1",
                PUBLIC + " ::1"
            })
    void aNameOfAnAddressThatIsNotPublicIsRefusedLikeOneWithoutAddress(String addresses) {
        DNS.host("inside.chosen.example", addresses.split(" "));
        PROXY.route(PUBLIC, 993, server.listening());

        var refused = tree(logIn("inside.chosen.example", 993, "tls"));

        assertThat(refused.get("code").asString()).isEqualTo("server-unreachable");
        assertThat(refused.get("detail"))
                .isEqualTo(tree(logIn("nowhere.chosen.example", 993, "tls")).get("detail"));
        assertThat(PROXY.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "22, tls, port",
        "25, starttls, port",
        "80, tls, port",
        "110, starttls, port",
        "443, tls, port",
        "587, starttls, port",
        "995, tls, port",
        "6379, tls, port",
        "0, tls, port",
        "-1, tls, port",
        "65536, tls, port",
        "143, none, security",
        "993, none, security",
        "993, TLS, security",
        "993, ssl, security"
    })
    void onlyImapWithTlsIsSpoken(int port, String security, String field) {
        DNS.host("imap.chosen.example", PUBLIC);

        var answer = logIn("imap.chosen.example", port, security);

        assertThat(answer).hasStatus(400);
        assertThat(tree(answer).at("/errors/0/pointer").asString()).isEqualTo("/imap/" + field);
        assertThat(PROXY.asked()).isEmpty();
    }

    /** A name of one's own that leads to the server of others gets no password. */
    @Test
    void aServerThatHasNoCertificateForTheNameGetsNoPassword() {
        DNS.host("imap.other.example", PUBLIC);
        PROXY.route(PUBLIC, 993, server.listening());

        var answer = logIn("imap.other.example", 993, "tls");

        assertThat(tree(answer).get("code").asString()).isEqualTo("certificate-not-trusted");
        assertThat(server.commands()).doesNotContain("LOGIN", "AUTHENTICATE");
    }

    @Test
    void anAccessTokenIsNotSentThere() {
        DNS.host("imap.chosen.example", PUBLIC);
        PROXY.route(PUBLIC, 993, server.listening());

        var answer =
                post(
                        """
                        {"username": "%s", "accessToken": "a-token",
                         "imap": {"host": "imap.chosen.example", "port": 993, "security": "tls"}}
                        """
                                .formatted(user));

        assertThat(answer).hasStatus(422);
        assertThat(PROXY.asked()).isEmpty();
    }

    @Test
    void aServerIsNamedInOneWay() {
        var answer =
                post(
                        """
                        {"username": "%s", "password": "x", "server": "default",
                         "imap": {"host": "imap.chosen.example", "port": 993, "security": "tls"}}
                        """
                                .formatted(user));

        assertThat(answer).hasStatus(400);
        assertThat(tree(answer).at("/errors/0/pointer").asString()).isEqualTo("/imap");
    }

    /** All names that a certificate is for count as one server. */
    @Test
    void guessesUnderManyNamesOfAServerAreCountedTogether() {
        for (int i = 1; i <= 4; i++) {
            DNS.host("n%d.chosen.example".formatted(i), PUBLIC);
        }
        PROXY.route(PUBLIC, 993, server.listening());
        for (int i = 1; i <= 3; i++) {
            assertThat(guess("n%d.chosen.example".formatted(i), "wrong" + i))
                    .isIn("authentication-failed", "too-many-logins");
        }

        assertThat(guess("n4.chosen.example", "wrong4")).isEqualTo("too-many-logins");
    }

    @Test
    void discoveryTellsThatAFoundServerCanBeNamed() {
        DNS.host("imap.chosen.example", PUBLIC)
                .services("_imaps._tcp.chosen.example", "0 1 993 imap.chosen.example");

        var found =
                tree(
                        http.post()
                                .uri("/v1/discovery")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("{\"email\": \"anne@chosen.example\"}")
                                .exchange());

        assertThat(found.has("server")).isFalse();
        assertThat(found.at("/signIn/0/allowed").asBoolean()).isTrue();
        PROXY.route(PUBLIC, 993, server.listening());
        var answer =
                post(
                        "{\"username\": \"%s\", \"password\": \"%s\", \"imap\": %s}"
                                .formatted(user, ProviderServer.APP_PASSWORD, found.get("imap")));
        assertThat(answer).hasStatus(201);
    }

    private String guess(String host, String password) {
        return tree(logIn(host, 993, "tls", password)).get("code").asString();
    }

    private MvcTestResult logIn(String host, int port, String security) {
        return logIn(host, port, security, ProviderServer.APP_PASSWORD);
    }

    private MvcTestResult logIn(String host, int port, String security, String password) {
        return post(
                """
                {"username": "%s", "password": "%s",
                 "imap": {"host": "%s", "port": %d, "security": "%s"}}
                """
                        .formatted(user, password, host, port, security));
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/v1/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private JsonNode tree(MvcTestResult answer) {
        return json.readTree(answer.getResponse().getContentAsByteArray());
    }

    private static String tag(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private ProviderServer start(boolean startTls) {
        var like = startTls ? "proton-bridge" : "yahoo";
        var script =
                ProviderScript.all().stream()
                        .filter(it -> it.toString().equals(like))
                        .findFirst()
                        .orElseThrow();
        return ProviderServer.start(script, user, CERTIFICATE.context(), startTls);
    }

    private static FakeProxy proxy() {
        try {
            return FakeProxy.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
