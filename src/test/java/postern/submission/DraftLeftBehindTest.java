package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.shared.FailingState;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.testserver.FaultyProxy;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedSmtpServer;

/**
 * A request with an {@code Idempotency-Key} has stored its message, has not sent it, and could not
 * remove it. The mail server cannot let one of two claims win, and the store is not durable.
 */
@SpringBootTest(properties = "postern.session.keys=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
@AutoConfigureMockMvc
@Import(DraftLeftBehindTest.State.class)
@Timeout(60)
class DraftLeftBehindTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();
    private static final FaultyProxy IMAP =
            FaultyProxy.inFrontOf(InMemoryServer.GREENMAIL.host(), InMemoryServer.GREENMAIL.port());
    private static final Set<SharedArea> CLAIMS = Set.of(SharedArea.SUBMISSIONS);

    /** What a claim sends, and a look does not. */
    private static final String CLAIM = "+FLAGS.SILENT ($SubmitPending)";

    private static final String REMOVAL = "\\Deleted";

    @Autowired private MockMvcTester http;
    @Autowired private FailingState state;
    private SendingApi api;

    static class State {
        @Bean
        @Primary
        FailingState aStoreThatIsNotDurable() {
            return new FailingState(new InMemorySharedState(InstantSource.system()), false);
        }
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", IMAP::host);
        properties.add("postern.imap.port", IMAP::port);
        properties.add("postern.imap.security", () -> "none");
        SMTP.register(properties);
    }

    @BeforeEach
    void anAccount() {
        api = new SendingApi(http);
    }

    @AfterEach
    void mend() {
        state.answerAgain();
        SMTP.reset();
    }

    @AfterAll
    static void close() {
        IMAP.close();
    }

    private String letter() {
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'subject': 'Hi', 'text': 'Hello'}"
                .formatted(api.from());
    }

    private String anotherLetter() {
        return letter().replace("Hello", "Bye");
    }

    private MvcTestResult send(String letter) {
        return api.post("/v1/send", "application/json", letter, "k");
    }

    private void theRepetitionSendsTheDraft() {
        assertThat(SMTP.messages()).isEmpty();
        assertThat(api.list("drafts")).hasSize(1);

        api.ok(send(letter()));

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void whileTheStoreIsAwayTheDraftStaysAndIsSentByTheRepetitionAtOnce() {
        state.fail(CLAIMS);
        var problem = api.problem(send(letter()), 503, "store-unavailable");
        assertThat(problem.get("retryable").asBoolean()).isTrue();
        assertThat(problem.get("detail").asString()).contains("not sent", "drafts");
        state.answerAgain();

        theRepetitionSendsTheDraft();
    }

    @Test
    void aDraftWhoseClaimIsLostIsSentByTheRepetitionAtOnce() {
        IMAP.toServer().cutBefore(CLAIM);
        api.problem(send(letter()), 502, "outcome-unknown");

        theRepetitionSendsTheDraft();
    }

    @Test
    void aRefusedMessageThatCannotBeRemovedIsSentByTheRepetitionAtOnce() {
        SMTP.answers("RCPT", "451 4.3.0 later");
        IMAP.toServer().cutBefore(REMOVAL);
        assertThat(send(letter()).getResponse().getStatus()).isBetween(422, 503);
        SMTP.reset();

        theRepetitionSendsTheDraft();
    }

    /** The other one may be about to send it. */
    @Test
    void whatThisProcessDidNotStoreIsLeftAloneAlsoWhereAnEarlierRequestOfItIsUnfinished() {
        IMAP.toServer().cutBefore(CLAIM);
        api.problem(send(letter()), 502, "outcome-unknown");
        anotherProcessHasStoredIt();

        api.problem(send(letter()), 409, "request-in-progress");

        assertThat(SMTP.messages()).isEmpty();
        assertThat(api.list("drafts")).hasSize(1);
    }

    /** Moved there and back, the draft is another message. */
    private void anotherProcessHasStoredIt() {
        var own = api.list("drafts").getFirst().get("id").asString();
        api.patch(own, "{'mailboxId': 'inbox'}");
        var moved = api.list("inbox").getFirst().get("id").asString();
        api.patch(moved, "{'mailboxId': 'drafts'}");
        assertThat(api.list("drafts").getFirst().get("id").asString()).isNotEqualTo(own);
    }

    @Test
    void whatCanBeRemovedIsAndTheKeyIsFreeForAnotherMessage() {
        state.failOnce(CLAIMS);
        api.problem(send(letter()), 503, "store-unavailable");
        assertThat(api.list("drafts")).isEmpty();

        api.ok(send(anotherLetter()));

        assertThat(SMTP.messages()).singleElement().asString().contains("Bye");
    }

    @Test
    void whileNobodyKnowsWhetherItWasStoredTheKeyIsNotFreeForAnotherMessage() {
        IMAP.toServer().cutBefore("APPEND");
        api.problem(send(letter()), 502, "server-unreachable");
        assertThat(api.list("drafts")).isEmpty();

        api.problem(send(anotherLetter()), 422, "idempotency-key-reused");
        api.ok(send(letter()));

        assertThat(SMTP.messages()).singleElement().asString().contains("Hello");
    }
}
