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

/** The client of a request is told to a mail server that wants to know, see OriginatingIpTest. */
@SpringBootTest(properties = "postern.originating-ip=default")
@AutoConfigureMockMvc
class OriginatingIpOfRequestsTest {

    private static final ScriptedImapServer SERVER =
            ScriptedImapServer.start().capabilities("IMAP4rev1", "ID");

    @Autowired private MockMvcTester http;

    @DynamicPropertySource
    static void theScriptedServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @Test
    void theAddressOfTheClientGoesBeforeItsLogin() {
        SERVER.expect("ID (\"name\" \"Postern\" \"x-originating-ip\" \"203.0.113.7\")")
                .reply("* ID NIL", "OK");
        SERVER.expect("LOGIN anne secret").reply("NO [AUTHENTICATIONFAILED] no");

        var answer =
                http.post()
                        .uri("/v1/sessions")
                        .remoteAddress("203.0.113.7")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"username\":\"anne\",\"password\":\"secret\"}")
                        .exchange();

        assertThat(answer).hasStatus(401);
        SERVER.verify();
    }
}
