package postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.testserver.AuthorizationServer.CLIENT;
import static postern.testserver.AuthorizationServer.SECRET;
import static postern.testserver.AuthorizationServer.VERIFIER;

import java.util.concurrent.CountDownLatch;
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
import postern.testserver.AuthorizationServer;
import postern.testserver.TokenMailServer;

/** An authorization server that does not answer in time; in no other test may the time end. */
@SpringBootTest
@AutoConfigureMockMvc
@Timeout(120)
class SlowAuthorizationServerTest {

    private static final AuthorizationServer ISSUER = AuthorizationServer.start();
    private static final TokenMailServer MAIL = TokenMailServer.start(ISSUER::user);
    private static final String REDIRECT = "https://app.example.org/signed-in";

    @Autowired private MockMvcTester http;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", MAIL::host);
        properties.add("postern.imap.port", MAIL::port);
        properties.add("postern.imap.security", () -> "none");
        properties.add("postern.imap.oauth-issuer", () -> "https://issuer.example.org");
        properties.add("postern.oauth.timeout", () -> "1s");
        var house = "postern.oauth.clients.house.";
        properties.add(house + "server", () -> "default");
        properties.add(house + "client-id", () -> CLIENT);
        properties.add(house + "client-secret", () -> SECRET);
        properties.add(house + "redirect-uris", () -> REDIRECT);
        properties.add(house + "scopes", () -> "mail");
        properties.add(house + "token-endpoint", () -> ISSUER.url("/token"));
        properties.add(house + "internal", () -> "true");
    }

    @Test
    void aSlowAuthorizationServerIsA503InTime() {
        var gate = new CountDownLatch(1);
        ISSUER.waitFor(gate);

        var answer =
                http.post()
                        .uri("/v1/sessions")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(
                                """
                                {"provider": "house", "code": "%s", "codeVerifier": "%s",
                                 "redirectUri": "%s"}
                                """
                                        .formatted(
                                                ISSUER.code("anne", REDIRECT), VERIFIER, REDIRECT))
                        .exchange();

        gate.countDown();
        assertThat(answer).hasStatus(503).hasHeader(HttpHeaders.RETRY_AFTER, "5");
        assertThat(answer).bodyJson().extractingPath("$.code").isEqualTo("sign-in-unavailable");
    }
}
