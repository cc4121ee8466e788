package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.shared.ForgetfulState;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/** Where the provider stores the copy, the copy does not name the request that was sent. */
@OnGreenMail
@Import(ForgetfulState.Used.class)
@TestPropertySource(
        properties = {
            "postern.session.keys=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "postern.submission.sent-copy=server"
        })
class ProviderCopiesTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();
    private static final String KEY = "the key";

    @Autowired private MockMvcTester http;
    @Autowired private ForgetfulState state;
    private SendingApi api;

    @DynamicPropertySource
    static void submission(DynamicPropertyRegistry properties) {
        SMTP.register(properties);
    }

    @BeforeEach
    void anAccount() {
        api = new SendingApi(http);
    }

    @AfterEach
    void forget() {
        SMTP.reset();
    }

    private String letter() {
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'text': 'Hello'}"
                .formatted(api.from());
    }

    private String letterOfItsOwn() {
        return letter().replace("'text'", "'internetMessageId': 'own@example.org', 'text'");
    }

    private MvcTestResult sendOnAnotherReplica(String letter) {
        state.forgetRequests();
        return api.post("/v1/send", "application/json", letter, KEY);
    }

    /** The provider stores a copy of what is being sent, as it got it. */
    private void theProviderFiles() {
        var filed = new AtomicBoolean();
        SMTP.listening(command -> {
            if (command.startsWith("MAIL") && filed.compareAndSet(false, true)) {
                var draft = api.list("drafts").getFirst().get("id").asString();
                var octets = api.octets("/v1/messages/%s/raw".formatted(draft));
                api.ok(
                        api.post(
                                "/v1/mailboxes/sent/messages",
                                "message/rfc822",
                                octets.replaceFirst("Postern-Request:.*\r\n", "")));
            }
        });
    }

    @Test
    void aMessageIdThatFollowsFromTheKeyTellsThatTheMessageIsSent() {
        theProviderFiles();
        var first = api.ok(sendOnAnotherReplica(letter()));
        assertThat(first.at("/copy/outcome").asString()).isEqualTo("byProvider");
        assertThat(first.at("/draft/outcome").asString()).isEqualTo("removed");

        var second = sendOnAnotherReplica(letter());

        assertThat(api.ok(second).at("/copy/id")).isEqualTo(first.at("/copy/id"));
        assertThat(second.getResponse().getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aMessageIdOfTheCallersTellsNothing() {
        theProviderFiles();
        api.ok(sendOnAnotherReplica(letterOfItsOwn()));

        api.problem(sendOnAnotherReplica(letterOfItsOwn()), 409, "submission-unknown");

        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aMessageThatTheAppHasFiledByItselfDoesNotSayThatItIsSent() {
        api.stored("sent", letterOfItsOwn());

        api.problem(sendOnAnotherReplica(letterOfItsOwn()), 409, "submission-unknown");

        assertThat(SMTP.messages()).isEmpty();
        assertThat(api.list("drafts")).isEmpty();
    }

    @Test
    void aCopyThatTheGatewayIsAskedToStoreNamesItsRequest() {
        api.stored("sent", letterOfItsOwn());
        var letter =
                letterOfItsOwn().replace("'text'", "'submission': {'saveCopy': 'always'}, 'text'");

        api.ok(sendOnAnotherReplica(letter));
        api.ok(sendOnAnotherReplica(letter));

        assertThat(SMTP.messages()).hasSize(1);
    }
}
