package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.testserver.InMemoryServer;

/** Values of parameters that Spring would take for others. */
@OnGreenMail
class StrictParametersTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;

    @ParameterizedTest
    @CsvSource({
        "/v1/mailboxes, counts, TRUE",
        "/v1/mailboxes, counts, yes",
        "/v1/mailboxes, rights, 2",
        "/v1/mailboxes, rights, ''",
        "/v1/mailboxes/inbox/messages, unseen, on",
        "/v1/mailboxes/inbox/messages, unseen, ''",
        "/v1/mailboxes/inbox/messages, limit, ''",
        "/v1/mailboxes/inbox/messages, limit, 0x10",
        "/v1/mailboxes/inbox/messages, limit, +1",
        "/v1/mailboxes/inbox/messages, limit, '1&limit=2'",
        "/v1/mailboxes/inbox/messages, text, 'tea&text=tea'",
        "/v1/mailboxes/inbox/messages, since, 2026-03-01T24:00:00Z",
        "/v1/mailboxes/inbox/messages, limit, 01",
        "/v1/mailboxes/inbox/messages, larger, #1",
        "/v1/mailboxes/inbox/messages, sort, ''",
        "/v1/mailboxes/inbox/messages, cursor, ''",
        "/v1/mailboxes/inbox/messages, sort, RECEIVED_AT",
        "/v1/mailboxes/inbox/messages, fields, SUBJECT",
        "/v1/mailboxes/inbox/messages, fields, 'id,SUBJECT'",
        "/v1/mailboxes/inbox/messages, since, %20",
        "/v1/mailboxes/inbox/messages, cursor, %20",
        "/v1/mailboxes/inbox/messages, limit, %201",
        "/v1/mailboxes/inbox/messages, fields, 'id,%20'",
        "/v1/mailboxes/inbox/messages, fields, 'id,%20subject'",
        "/v1/mailboxes/inbox/messages, fields, 'id,,subject'",
        "/v1/mailboxes/inbox/threads, scope, ''",
        "/v1/mailboxes/inbox/threads, scope, MAILBOX",
        "/v1/mailboxes/inbox/threads, scope, '%20mailbox'",
        "/v1/messages/x/html, remote, ''",
        "/v1/messages/x/html, remote, %20",
        "/v1/messages/x/html, links, ''"
    })
    void aValueThatIsNotOfItsTypeIsRefused(String path, String parameter, String value)
            throws Exception {
        var user = SERVER.newUser();

        var answer =
                http.get()
                        .uri(URI.create(path + "?" + parameter + "=" + value))
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                        .exchange();

        assertThat(answer).hasStatus(400);
        assertThat(answer.getResponse().getContentAsString(StandardCharsets.UTF_8))
                .contains("\"parameter\":\"%s\"".formatted(parameter));
    }

    /** As generated clients write booleans: those for PHP as numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "1", "0"})
    void aBooleanMayBeANumber(String value) {
        var user = SERVER.newUser();

        var answer =
                http.get()
                        .uri("/v1/mailboxes?counts=" + value)
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                        .exchange();

        assertThat(answer).hasStatusOk();
    }

    @Test
    void aNumberIsNoTime() {
        var user = SERVER.newUser();

        var answer =
                http.post()
                        .uri("/v1/mailboxes/inbox/messages?receivedAt=0")
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                        .contentType(MediaType.parseMediaType("message/rfc822"))
                        .content("Subject: tea\r\n\r\ntea\r\n")
                        .exchange();

        assertThat(answer).hasStatus(400);
    }
}
