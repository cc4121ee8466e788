package postern.cases;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** Counts of a mailbox that the gateway has selected while another program changes it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class FreshCountsIT {

    private static final int ROUNDS = 20;
    private static final byte[] MESSAGE =
            "From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n".getBytes(US_ASCII);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void areThoseOfNow(TestServer server) throws IOException {
        var mailbox = CaseMailbox.on(server, port, tokens);
        try (var other = mailbox.otherProgram()) {
            ok(other.command("SELECT INBOX").getLast());
            int total = 0;
            int unread = 0;
            for (int round = 0; round < ROUNDS; round++) {
                mailbox.get("/mailboxes/inbox/messages?limit=1"); // selects it
                switch (round % 4) {
                    case 0, 1 -> {
                        ok(other.command("APPEND INBOX", MESSAGE).getLast());
                        total++;
                        unread++;
                    }
                    case 2 -> {
                        ok(other.command("NOOP").getLast());
                        ok(other.command("STORE " + total + " +FLAGS (\\Seen)").getLast());
                        unread--;
                    }
                    default -> {
                        ok(other.command("STORE " + total + " +FLAGS (\\Deleted)").getLast());
                        ok(other.command("EXPUNGE").getLast());
                        total--;
                    }
                }
                var where = server + " round " + round;
                assertCounts(where, listed(mailbox), total, unread);
                mailbox.get("/mailboxes/inbox/messages?limit=1");
                assertCounts(where, mailbox.get("/mailboxes/inbox"), total, unread);
            }
        }
    }

    private static JsonNode listed(CaseMailbox mailbox) {
        for (var item : mailbox.get("/mailboxes").path("items")) {
            if (item.path("role").asString().equals("inbox")) {
                return item;
            }
        }
        throw new AssertionError("no inbox");
    }

    private static void assertCounts(String where, JsonNode inbox, int total, int unread) {
        assertThat(inbox.path("totalMessages").asInt()).as(where).isEqualTo(total);
        assertThat(inbox.path("unreadMessages").asInt()).as(where).isEqualTo(unread);
    }

    private static void ok(String answer) {
        assertThat(answer).contains(" OK");
    }
}
