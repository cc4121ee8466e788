package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.AuthorizationServer;
import postern.testserver.OauthDovecot;
import postern.testserver.RealServer;
import tools.jackson.databind.json.JsonMapper;

/** A session begun with a code, on a real mail server that asks the issuer about each token. */
@SpringBootTest
@AutoConfigureMockMvc
@Timeout(180)
class CodeSignInIT {

    private static final AuthorizationServer ISSUER = AuthorizationServer.start();
    private static final OauthDovecot MAIL = OauthDovecot.start(RealServer.DOVECOT_2_4);
    private static final String REDIRECT = "https://app.example.org/in";

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) {
        MAIL.trust(ISSUER::user);
        properties.add("postern.imap.host", MAIL::host);
        properties.add("postern.imap.port", MAIL::port);
        properties.add("postern.imap.security", () -> "none");
        properties.add("postern.imap.oauth-issuer", () -> "https://issuer.example.org");
        // so that the requests log in again and again
        properties.add("postern.imap.pool.idle-timeout", () -> "1ms");
        var house = "postern.oauth.clients.house.";
        properties.add(house + "server", () -> "default");
        properties.add(house + "client-id", () -> AuthorizationServer.CLIENT);
        properties.add(house + "client-secret", () -> AuthorizationServer.SECRET);
        properties.add(house + "redirect-uris", () -> REDIRECT);
        properties.add(house + "scopes", () -> "mail");
        properties.add(house + "token-endpoint", () -> ISSUER.url("/token"));
        properties.add(house + "internal", () -> "true");
    }

    @AfterAll
    static void stop() {
        MAIL.close();
        ISSUER.close();
    }

    @Test
    void theSessionOutlivesItsAccessTokensAndEndsWithTheConsent() {
        ISSUER.lifetime(30);
        var session =
                post(
                        """
                        {"username": "u1", "provider": "house", "code": "%s", "codeVerifier": "%s",
                         "redirectUri": "%s"}
                        """
                                .formatted(
                                        ISSUER.code("u1", REDIRECT),
                                        AuthorizationServer.VERIFIER,
                                        REDIRECT));
        assertThat(session).hasStatus(201);

        while (ISSUER.refreshes("u1") < 2) {
            var list = get("/v1/mailboxes/inbox/messages", session);
            assertThat(list).hasStatusOk();
        }

        ISSUER.withdraw("u1");
        var answer = get("/v1/mailboxes/inbox/messages", session);
        while (answer.getResponse().getStatus() == 200) {
            answer = get("/v1/mailboxes/inbox/messages", session);
        }
        assertThat(text(answer, "code")).isEqualTo("sign-in-ended");
    }

    @Test
    void aRightTokenUnderAWrongNameBeginsNothing() {
        var answer =
                post(
                        """
                        {"username": "u2", "provider": "house", "code": "%s", "codeVerifier": "%s",
                         "redirectUri": "%s"}
                        """
                                .formatted(
                                        ISSUER.code("u1", REDIRECT),
                                        AuthorizationServer.VERIFIER,
                                        REDIRECT));

        assertThat(answer).hasStatus(401);
        assertThat(text(answer, "code")).isEqualTo("access-token-refused");
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/v1/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult get(String path, MvcTestResult session) {
        return http.get()
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + text(session, "token"))
                .exchange();
    }

    private String text(MvcTestResult answer, String field) {
        return json.readTree(answer.getResponse().getContentAsByteArray()).get(field).asString();
    }
}
