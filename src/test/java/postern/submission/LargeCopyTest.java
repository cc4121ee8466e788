package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.FaultyProxy;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/** The copy of a large message is uploaded while it is sent, and stored once it was sent. */
@OnGreenMail
class LargeCopyTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();
    private static final FaultyProxy IMAP =
            FaultyProxy.inFrontOf(InMemoryServer.GREENMAIL.host(), InMemoryServer.GREENMAIL.port());
    private static final int LINES = 40_000;

    @Autowired private MockMvcTester http;
    private SendingApi api;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        var prefix = "postern.servers.proxied.";
        properties.add(prefix + "host", IMAP::host);
        properties.add(prefix + "port", IMAP::port);
        properties.add(prefix + "security", () -> "none");
        properties.add(prefix + "submission.host", SMTP::host);
        properties.add(prefix + "submission.port", SMTP::port);
        properties.add(prefix + "submission.security", () -> "none");
        properties.add(prefix + "submission.sent-copy", () -> "client");
    }

    @BeforeEach
    void anAccount() {
        api = new SendingApi(http);
        api.logIn(
                "{'username': '%s', 'password': '%s', 'server': 'proxied'}"
                        .formatted(api.user, InMemoryServer.GREENMAIL.password()));
    }

    @AfterEach
    void forget() {
        IMAP.toServer().resume();
        SMTP.reset();
    }

    private String letter() {
        return "From: %s\r\nTo: b@example.org\r\nSubject: large\r\n\r\n".formatted(api.from())
                + "A line of a large message, which is not the last one.\r\n".repeat(LINES)
                + "The last.\r\n";
    }

    private MvcTestResult send() {
        return api.post("/v1/send", "message/rfc822", letter());
    }

    /** All but a buffer of the message has come to the mail server before the answer to the dot. */
    private void atTheEnd(Runnable then) {
        long before = IMAP.toServer().octets();
        SMTP.listening(command -> {
            if (command.equals(".")) {
                Awaitility.await()
                        .atMost(60, TimeUnit.SECONDS)
                        .until(() -> IMAP.toServer().octets() > before + 2_000_000 - 200_000);
                then.run();
            }
        });
    }

    @Test
    void theCopyIsUploadedWhileTheMessageIsSent() {
        atTheEnd(() -> assertThat(api.list("sent")).isEmpty());

        var sent = api.ok(send());

        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        var copy = sent.at("/copy/id").asString();
        assertThat(api.octets("/v1/messages/%s/raw".formatted(copy)))
                .isEqualTo(SMTP.messages().getFirst());
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void aMessageThatIsRefusedLeavesNoCopy() {
        atTheEnd(() -> {});
        SMTP.answers(".", "554 5.7.1 no");

        api.problem(send(), 403, "sending-not-permitted");

        assertThat(api.list("sent")).isEmpty();
    }

    @Test
    void aMessageOfWhichNobodyKnowsLeavesNoCopy() {
        atTheEnd(() -> {});
        SMTP.drops(".");

        api.problem(send(), 502, "outcome-unknown");

        assertThat(api.list("sent")).isEmpty();
    }

    /** Also where the gateway cannot know how much of it has come to the mail server. */
    @ParameterizedTest
    @ValueSource(strings = {"APPEND", "last."})
    void anUploadThatFailsIsDoneAgainOnceTheMessageIsSent(String cutBefore) {
        IMAP.toServer().cutBefore(cutBefore);

        var sent = api.ok(send());

        assertThat(sent.at("/copy/outcome").asString()).as(sent.toString()).isEqualTo("stored");
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void aCopyWhoseAnswerIsLostIsFoundAndNotStoredAgain() {
        atTheEnd(() -> IMAP.toClient().cutBefore("APPENDUID"));

        var sent = api.ok(send());

        assertThat(sent.at("/copy/outcome").asString()).as(sent.toString()).isEqualTo("stored");
        assertThat(api.list("sent")).hasSize(1);
    }
}
