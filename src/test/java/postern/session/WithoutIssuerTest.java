package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.testserver.ScriptedImapServer;

/** Access tokens for a mail server that is tied to no issuer. */
@SpringBootTest
@AutoConfigureMockMvc
class WithoutIssuerTest {

    private static final ScriptedImapServer SERVER = ScriptedImapServer.start();

    @Autowired private MockMvcTester http;

    @DynamicPropertySource
    static void theScriptedServer(DynamicPropertyRegistry properties) {
        SERVER.capabilities("IMAP4rev1", "SASL-IR", "AUTH=OAUTHBEARER", "AUTH=XOAUTH2");
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @Test
    void anAccessTokenDoesNotLeaveTheGateway() {
        var answer =
                http.post()
                        .uri("/v1/sessions")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"username\":\"anne\",\"accessToken\":\"secret\"}")
                        .exchange();

        assertThat(answer).hasStatus(422);
        assertThat(answer).bodyJson().extractingPath("$.code").isEqualTo("not-possible");
        assertThat(SERVER.connections()).isZero();
    }
}
