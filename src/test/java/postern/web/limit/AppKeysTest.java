package postern.web.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** Only apps to which the operator has given a key may use the gateway. */
@OnGreenMail
@TestPropertySource(
        properties = {
            // printf %s key-of-the-webmail | sha256sum
            "postern.app-keys.webmail=" + AppKeysTest.REPLACED + "," + AppKeysTest.WEBMAIL,
            "postern.app-keys.exporter=" + AppKeysTest.EXPORTER,
            "postern.rate.per-app=1000",
        })
class AppKeysTest {

    static final String WEBMAIL =
            "94b1e4b0cdf1171d9902bc5a15f85491b2707a3e68e57b34e97945c77a5094a3";
    static final String REPLACED =
            "0000000000000000000000000000000000000000000000000000000000000000";
    static final String EXPORTER =
            "d94697639b8be68acda12c913e51775a4e421d5bede0c80c90888b5f43da69ce";

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    private final String user = SERVER.newUser();

    /** Which requests need a key is told by how their path begins. */
    @Test
    void aCodedPathIsNoWayAroundTheKey() {
        assertThat(http.get().uri(URI.create("/%76%31/mailboxes")).exchange()).hasStatus(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-of-the-webmail", "key-of-the-exporter"})
    void anAppWithAKeyIsServed(String key) {
        var answer = http.post().uri("/v1/sessions").header("Postern-Key", key);

        assertThat(answer.contentType(MediaType.APPLICATION_JSON).content(login()))
                .hasStatus(201)
                .headers()
                .hasHeaderSatisfying(
                        "RateLimit",
                        it -> assertThat(it).singleElement().asString().startsWith("\"app\";r="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "another-key", "key-of-the-webmail ", WEBMAIL})
    void anyOtherKeyIsRefused(String key) {
        assertThat(http.get().uri("/v1/mailboxes").header("Postern-Key", key))
                .hasStatus(403)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("app-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/mailboxes", "/v1/sessions", "/v1/nothing", "/v1/sessions/current"})
    void withoutAKeyNothingIsAnswered(String path) {
        assertThat(http.post().uri(path)).hasStatus(403);
    }

    /** A browser that opens a link sends no header; an orchestrator asks for the health. */
    @Test
    void linksTheContractAndTheHealthNeedNoKey() {
        assertThat(http.get().uri("/v1/links/x")).hasStatus(404);
        assertThat(http.get().uri("/v3/api-docs")).hasStatusOk();
        assertThat(http.get().uri("/actuator/health/liveness")).hasStatusOk();
        assertThat(http.get().uri("/livez")).hasStatusOk();
        assertThat(http.get().uri("/readyz")).hasStatusOk();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key-of-the-webmail", "1234"})
    void aKeyInTheClearEndsTheStart(String hash) {
        assertThatThrownBy(() -> new AppKeyProperties(Map.of("webmail", List.of(hash))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postern.app-keys.webmail")
                .hasMessageNotContaining("key-of");
    }

    private String login() {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user, SERVER.password());
    }
}
