package postern.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.testserver.OauthDovecot;
import postern.testserver.RealServer;
import postern.testserver.SignInPages;
import postern.testserver.SpringAuthorizationServer;
import postern.web.id.MessageId;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sessions on real mail servers that ask the authorization server about each token. Every client
 * counts as slow after 8 MB, so that a download gives its connection back.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.download.warm-up=8MB", "postern.download.slowest=1TB"})
@Timeout(300)
class AuthorizationServerSignInIT {

    private static final SpringAuthorizationServer ISSUER = SpringAuthorizationServer.start();
    private static final Map<RealServer, OauthDovecot> SERVERS =
            Map.of(
                    RealServer.DOVECOT_2_3, OauthDovecot.start(RealServer.DOVECOT_2_3, ISSUER),
                    RealServer.DOVECOT_2_4, OauthDovecot.start(RealServer.DOVECOT_2_4, ISSUER));
    private static final String VERIFIER = "v".repeat(64);
    private static final int LARGE = 60 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static int users;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String user = "u" + ++users;

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    @Autowired private MeterRegistry meters;
    @Autowired private JsonMapper json;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) {
        SERVERS.forEach((like, server) -> {
            var mail = "postern.servers.%s.".formatted(name(like));
            properties.add(mail + "host", server::host);
            properties.add(mail + "port", server::port);
            properties.add(mail + "security", () -> "none");
            properties.add(mail + "domains", () -> name(like) + ".example");
            properties.add(mail + "oauth-issuer", () -> "https://issuer.example.org");
            var client = "postern.oauth.clients.%s.".formatted(name(like));
            properties.add(client + "client-id", () -> SpringAuthorizationServer.CLIENT);
            properties.add(client + "client-secret", () -> SpringAuthorizationServer.SECRET);
            properties.add(client + "redirect-uris", () -> SpringAuthorizationServer.REDIRECT);
            properties.add(client + "scopes", () -> "openid,mail");
            properties.add(client + "token-endpoint", () -> ISSUER.url("/oauth2/token"));
            properties.add(client + "revocation-endpoint", () -> ISSUER.url("/oauth2/revoke"));
            properties.add(client + "internal", () -> "true");
        });
    }

    @AfterEach
    void reset() {
        ISSUER.lifetime(Duration.ofHours(1));
        http.close();
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(OauthDovecot::close);
        ISSUER.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void anIdleConnectionServesAfterTheTokenHasEndedAndALostOneIsReplacedWithAnother(
            RealServer like) throws Exception {
        var session = token(signIn(like, user));
        assertThat(mailboxes(session).statusCode()).isEqualTo(200);
        ISSUER.expireAccessTokens(user);

        assertThat(mailboxes(session).statusCode()).isEqualTo(200);
        assertThat(ISSUER.refreshes(user)).as("the idle connection serves").isZero();

        requireNonNull(SERVERS.get(like)).disconnect(user);
        assertThat(mailboxes(session).statusCode()).as("refreshed in the request").isEqualTo(200);
        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
        assertThat(ISSUER.living(user)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void theSessionOutlivesItsAccessTokensAndEndsWithTheConsent(RealServer like) throws Exception {
        ISSUER.lifetime(Duration.ofSeconds(30));
        var session = token(signIn(like, user));

        for (int refreshes = 0; refreshes < 3; refreshes++) {
            assertThat(ISSUER.refreshes(user)).isEqualTo(refreshes);
            requireNonNull(SERVERS.get(like)).disconnect(user);
            assertThat(mailboxes(session).statusCode()).isEqualTo(200);
        }

        ISSUER.withdraw(user);
        requireNonNull(SERVERS.get(like)).disconnect(user);
        var answer = mailboxes(session);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(text(answer, "code")).isEqualTo("sign-in-ended");
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void aDownloadGoesOnWithAnotherToken(RealServer like) throws Exception {
        var message = message();
        var id = append(like, message);
        var session = token(signIn(like, user));

        var request = get("/v1/messages/%s/raw".formatted(id), session);
        try (var body = http.send(request, BodyHandlers.ofInputStream()).body()) {
            var begin = body.readNBytes(10 << 20);
            await().atMost(PATIENCE).until(this::theDownloadHasNoConnection);
            ISSUER.expireAccessTokens(user);
            requireNonNull(SERVERS.get(like)).disconnect(user);
            var rest = body.readAllBytes();

            assertThat(begin).isEqualTo(Arrays.copyOf(message, begin.length));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(message, begin.length, message.length));
        }

        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
        assertThat(ISSUER.living(user)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void aRightTokenUnderAWrongNameBeginsNothing(RealServer like) throws Exception {
        var answer = signIn(like, "u20");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(text(answer, "code")).isEqualTo("access-token-refused");
        await().atMost(PATIENCE).until(() -> ISSUER.living(user) == 0);
    }

    private HttpResponse<String> signIn(RealServer like, String username)
            throws IOException, InterruptedException {
        var start =
                SignInPages.authorization(
                        ISSUER.url("/oauth2/authorize"),
                        Map.of(
                                "client_id", SpringAuthorizationServer.CLIENT,
                                "redirect_uri", SpringAuthorizationServer.REDIRECT,
                                "scope", "openid mail"),
                        VERIFIER,
                        "state");
        var back =
                new SignInPages(user, SpringAuthorizationServer.PASSWORD)
                        .visit(start, SpringAuthorizationServer.REDIRECT);
        var body =
                """
                {"username": "%s", "provider": "%s", "code": "%s", "codeVerifier": "%s",
                 "redirectUri": "%s"}
                """
                        .formatted(
                                username,
                                name(like),
                                back.get("code"),
                                VERIFIER,
                                SpringAuthorizationServer.REDIRECT);
        var login =
                HttpRequest.newBuilder(uri("/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(login, BodyHandlers.ofString());
    }

    /** By the user's password, which leaves the grant alone. */
    private String append(RealServer like, byte[] message) {
        var mail = requireNonNull(SERVERS.get(like));
        var server = new ImapServer(mail.host(), mail.port(), Security.NONE);
        var account = new Account(server, user, new Password(like.password()));
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.INBOX,
                            Set.of(),
                            Instant.parse("2026-03-01T00:00:00Z"),
                            new ByteArrayInputStream(message),
                            message.length);
            return MessageId.of(requireNonNull(appended.message())).toString();
        }
    }

    private static byte[] message() {
        var line = "The quick brown fox jumps over the lazy dog. %08d\r\n";
        var text = new StringBuilder("Subject: large\r\nContent-Type: text/plain\r\n\r\n");
        for (int i = 0; text.length() < LARGE; i++) {
            text.append(line.formatted(i));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private boolean theDownloadHasNoConnection() {
        return meters.get("postern.imap.connections").tag("state", "lent").gauge().value() == 0
                && meters.get("postern.downloads.active").gauge().value() == 1;
    }

    private String token(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return text(answer, "token");
    }

    private String text(HttpResponse<String> answer, String field) {
        return json.readTree(answer.body()).get(field).asString();
    }

    private HttpResponse<String> mailboxes(String session)
            throws IOException, InterruptedException {
        return http.send(get("/v1/mailboxes", session), BodyHandlers.ofString());
    }

    private HttpRequest get(String path, String session) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + session)
                .GET()
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:%d%s".formatted(port, path));
    }

    private static String name(RealServer like) {
        return like == RealServer.DOVECOT_2_3 ? "old" : "new";
    }
}
