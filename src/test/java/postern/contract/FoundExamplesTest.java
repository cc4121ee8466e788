package postern.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.json.JsonMapper;

/** What random requests have found, as plain examples. */
@OnGreenMail
class FoundExamplesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String OUTSIDE_THE_BMP = "😀";

    @Autowired private MockMvcTester http;
    private final String user = SERVER.newUser();

    /** JSON Schema counts characters, and Java counts UTF-16 code units. */
    @ParameterizedTest
    @CsvSource({"10000, 201", "10001, 400"})
    void aSubjectHasTenThousandCharacters(int length, int status) {
        var message = Map.of("subject", OUTSIDE_THE_BMP.repeat(length));

        assertThat(post("/v1/mailboxes/inbox/messages", message)).hasStatus(status);
    }

    @ParameterizedTest
    @CsvSource({"1000, 401", "1001, 400"})
    void aUserNameHasAThousandCharacters(int length, int status) {
        var login = Map.of("username", OUTSIDE_THE_BMP.repeat(length), "password", "x");

        assertThat(post("/v1/sessions", login)).hasStatus(status);
    }

    @Test
    void anEmptyUserNameIsRefused() {
        assertThat(post("/v1/sessions", Map.of("username", "", "password", "x"))).hasStatus(400);
    }

    @Test
    void anIdThatIsNoTextIsNamedItself() {
        var message = Map.of("attachments", List.of(Map.of("messageId", Map.of())));

        assertThat(post("/v1/mailboxes/inbox/messages", message))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].pointer")
                .isEqualTo("/attachments/0/messageId");
    }

    /** Spring reads a form's body as parameters, and "%_" is none. */
    @Test
    void aFormIsNotTakenEvenWhereItIsNotCodedAsOne() {
        var answer =
                http.post()
                        .uri("/v1/mailboxes/inbox/messages")
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .content("{\"subject\": \"%_\"}")
                        .exchange();

        assertThat(answer).hasStatus(415);
    }

    private MvcTestResult post(String path, Object body) {
        return http.post()
                .uri(path)
                .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                .contentType(MediaType.APPLICATION_JSON)
                .content(new JsonMapper().writeValueAsString(body))
                .exchange();
    }
}
