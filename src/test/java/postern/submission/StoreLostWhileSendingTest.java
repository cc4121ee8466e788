package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.shared.FailingState;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/**
 * The store of the replicas is lost while a message is being sent: the answer says what became of
 * the message all the same.
 */
@OnGreenMail
@Import(StoreLostWhileSendingTest.State.class)
@TestPropertySource(
        properties = "postern.session.keys=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
class StoreLostWhileSendingTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();

    @Autowired private MockMvcTester http;
    @Autowired private FailingState state;
    private SendingApi api;

    static class State {
        @Bean
        @Primary
        FailingState failingState() {
            return new FailingState();
        }
    }

    @DynamicPropertySource
    static void submission(DynamicPropertyRegistry properties) {
        SMTP.register(properties);
    }

    @BeforeEach
    void anAccount() {
        state.answerAgain();
        api = new SendingApi(http);
    }

    @AfterEach
    void forget() {
        state.answerAgain();
        SMTP.reset();
    }

    private void lostAt(String step) {
        SMTP.listening(command -> {
            if (command.startsWith(step)) {
                state.fail();
            }
        });
    }

    private String letter() {
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'subject': 'Hi', 'text': 'Hello'}"
                .formatted(api.from());
    }

    private String asksForAReceipt() {
        var message =
                """
                Return-Path: <ada@example.org>
                From: Ada <ada@example.org>
                To: %s
                Subject: Hi
                Disposition-Notification-To: ada@example.org

                Hello
                """
                        .formatted(api.from());
        return api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", message))
                .get("id")
                .asString();
    }

    private JsonNode onlyOneSent() {
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).hasSize(1);
        return api.list("sent").getFirst().get("keywords");
    }

    @Test
    void aDraftThatWasSentIsToldAsSentAndFiled() {
        var draft = api.draft(letter());
        lostAt(".");

        var sent = api.ok(api.send(draft));

        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(onlyOneSent().propertyNames()).contains("$Submitted");
    }

    @Test
    void soIsANewMessageWithAKey() {
        lostAt(".");

        var sent = api.ok(api.post("/v1/send", "application/json", letter(), "k"));

        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(onlyOneSent().propertyNames()).contains("$Submitted");
    }

    @Test
    void soIsAReceipt() {
        var asked = asksForAReceipt();
        lostAt(".");

        var path = "/v1/messages/%s/receipt".formatted(asked);
        api.ok(api.post(path, "application/json", "{}", "k"));

        assertThat(SMTP.messages()).hasSize(1);
        state.answerAgain();
        api.problem(api.post(path, "application/json", "{}", "k"), 409, "request-in-progress");
        api.problem(api.post(path, "application/json", "{}"), 409, "already-sent");
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aDraftThatIsRefusedIsToldAsRefused() {
        var draft = api.draft(letter());
        SMTP.answers("RCPT TO:", "550 5.1.1 unknown");
        lostAt("RCPT");

        api.problem(api.send(draft), 422, "recipients-refused");

        assertThat(api.list("drafts").getFirst().get("keywords").propertyNames())
                .doesNotContain("$SubmitPending", "$Submitted");
    }

    @Test
    void aReceiptThatIsRefusedIsToldAsRefusedAndNotMarked() {
        var asked = asksForAReceipt();
        SMTP.answers("RCPT TO:", "550 5.1.1 unknown");
        lostAt("RCPT");

        api.problem(
                api.post("/v1/messages/%s/receipt".formatted(asked), "application/json", "{}"),
                422,
                "recipients-refused");

        assertThat(api.get("/v1/messages/" + asked).get("keywords").propertyNames().toString())
                .doesNotContainIgnoringCase("$mdnsent");
    }
}
