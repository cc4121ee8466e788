package postern.web.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import postern.testclient.SecondImapClient;
import postern.web.OnGreenMail;
import tools.jackson.databind.json.JsonMapper;

/** Clients of HTTP/2 that stop lose their stream, and not the connection. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.http2.enabled=true",
            "server.jetty.connection-idle-timeout=10s",
            "postern.body.slowest=1KB",
            "postern.body.grace=1s",
            "postern.events.write-timeout=1s",
            "postern.events.heartbeat=1s"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(180)
class SlowHttp2ClientsTest extends Http2Fixture {

    @Test
    void aBodyThatStopsIsARequestThatCameTooSlowly() throws Exception {
        var client = client();
        var search = search(client, HttpFields.EMPTY).send("{".getBytes(US_ASCII), false);

        var refused = search.answer();

        assertThat(refused.status()).isEqualTo(408);
        assertThat(refused.body()).contains("\"request-too-slow\"");
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
    }

    @Test
    void aListenerThatStopsReadingLosesItsStreamAndNotTheConnection() throws Exception {
        var client = client(0);
        var events = client.begin("GET", "/v1/events?mailboxId=inbox", credentials(), true);

        assertThat(events.reset()).isNotEqualTo(Http2Client.NO_RESET);
        assertThat(client.isOpen()).isTrue();
        assertThat(client.begin("HEAD", "/v1/account", credentials(), true).status())
                .isEqualTo(200);
    }

    /** As over HTTP/1.1, where the idle timeout of the connection ends it. */
    @Test
    void aDownloadWhoseReaderStopsIsCutAndOthersGoOn() throws Exception {
        var client = client(64 << 10);
        var mail = "Subject: tea\r\n\r\n" + "0123456789".repeat(100_000);
        var path = "/v1/messages/" + stored(client, mail) + "/raw";
        var download = client.beginUnread(path, credentials());

        assertThat(download.status()).isEqualTo(200);
        assertThat(download.reset()).isNotEqualTo(Http2Client.NO_RESET);
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
    }

    /** By IMAP: an upload may be too slow here. */
    private String stored(Http2Client client, String mail) throws Exception {
        try (var program = SecondImapClient.of(SERVER, user)) {
            program.append("INBOX", Set.of(), mail.getBytes(US_ASCII));
        }
        var list = get(client, "/v1/mailboxes/inbox/messages");
        assertThat(list.status()).as(list.body()).isEqualTo(200);
        return new JsonMapper().readTree(list.body()).at("/items/0/id").asString();
    }
}
