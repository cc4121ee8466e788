package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/** What becomes of drafts that apps send by themselves. */
@OnGreenMail
@TestPropertySource(properties = "postern.submission.sent-copy=client")
class MarkSentTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();

    @Autowired private MockMvcTester http;
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
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'subject': 'Hi', 'text': 'Hello', 'internetMessageId': 'own@example.org'}"
                .formatted(api.from());
    }

    private MvcTestResult mark(String draft, String wishes) {
        return mark(draft, wishes, null);
    }

    private MvcTestResult mark(String draft, String wishes, @Nullable String key) {
        return api.post(
                "/v1/messages/%s/mark-sent".formatted(draft), "application/json", wishes, key);
    }

    @Test
    void itIsFiledAndTheOriginalIsMarkedInOneCall() {
        var original = api.stored("inbox", "{'subject': 'What?', 'text': 'x'}");
        var draft = api.draft(letter());

        var marked = api.ok(mark(draft, "{'answers': '%s'}".formatted(original)));

        assertThat(marked.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(marked.at("/draft/outcome").asString()).isEqualTo("moved");
        assertThat(marked.at("/original/marked").asBoolean()).isTrue();
        assertThat(api.list("drafts")).isEmpty();
        var copy = api.list("sent").getFirst();
        assertThat(copy.get("id")).isEqualTo(marked.at("/copy/id"));
        assertThat(copy.get("keywords").propertyNames())
                .contains("$seen", "$Submitted")
                .doesNotContain("$draft", "$SubmitPending");
        assertThat(api.get("/v1/messages/" + original).get("keywords").propertyNames())
                .contains("$answered");
        assertThat(SMTP.commands()).isEmpty();
        api.problem(api.send(copy.get("id").asString()), 409, "already-sent");
    }

    @Test
    void markedAgainItStaysWhereItIs() {
        var first = api.ok(mark(api.draft(letter()), "{}"));

        var second = api.ok(mark(first.at("/copy/id").asString(), "{}"));

        assertThat(second.at("/copy/id")).isEqualTo(first.at("/copy/id"));
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void whereTheGatewayStoresCopiesItStoresWhatItSends() {
        api.stored("sent", letter());

        var sent = api.ok(api.sendNew(letter()));

        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(api.list("sent")).hasSize(2);
    }

    @Test
    void aDraftThatIsMovedIsKnownToBeSent() {
        var draft = api.draft(letter());
        api.ok(mark(draft, "{}"));

        api.problem(mark(draft, "{}"), 409, "already-sent");
        api.problem(api.send(draft), 409, "already-sent");

        assertThat(SMTP.commands()).isEmpty();
    }

    @Test
    void theSameRequestWithAKeyHasTheSameAnswer() {
        var draft = api.draft(letter());

        var first = api.ok(mark(draft, "{}", "k"));

        assertThat(api.ok(mark(draft, "{}", "k"))).isEqualTo(first);
    }

    @Test
    void aCopyThatIsThereAlreadyIsNotStoredTwice() {
        var copy = api.stored("sent", letter());
        var draft = api.draft(letter());

        var marked = api.ok(mark(draft, "{}"));

        assertThat(marked.at("/copy/outcome").asString()).isEqualTo("byProvider");
        assertThat(marked.at("/copy/id").asString()).isEqualTo(copy);
        assertThat(marked.at("/draft/outcome").asString()).isEqualTo("removed");
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void withoutACopyTheDraftIsRemoved() {
        var marked = api.ok(mark(api.draft(letter()), "{'saveCopy': 'never'}"));

        assertThat(marked.at("/copy/outcome").asString()).isEqualTo("none");
        assertThat(marked.at("/draft/outcome").asString()).isEqualTo("removed");
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).isEmpty();
    }

    @Test
    void itSettlesADraftOfWhichNobodyKnew() {
        var draft = api.draft(letter());
        api.patch(draft, "{'keywords': {'$SubmitPending': true}}");
        api.problem(api.send(draft), 409, "submission-unknown");

        api.ok(mark(draft, "{}"));

        assertThat(api.list("sent").getFirst().get("keywords").propertyNames())
                .contains("$Submitted")
                .doesNotContain("$SubmitPending");
    }

    @Test
    void whatCannotBeMarkedIsSaidBesideWhatWasDone() {
        var gone = api.stored("inbox", "{'subject': 'x'}");
        api.patch(gone, "{'mailboxId': 'drafts'}");

        var marked = api.ok(mark(api.draft(letter()), "{'forwards': '%s'}".formatted(gone)));

        assertThat(marked.at("/original/marked").asBoolean()).isFalse();
        assertThat(marked.at("/original/detail").asString()).isNotEmpty();
        assertThat(marked.at("/copy/outcome").asString()).isEqualTo("stored");
    }

    @Test
    void onlyADraftIsMarked() {
        var received =
                api.stored(
                        "inbox",
                        letter().replace("'text'", "'keywords': {'$draft': false}, 'text'"));

        api.problem(mark(received, "{'saveCopy': 'never'}"), 422, "not-possible");

        assertThat(api.list("inbox")).hasSize(1);
    }
}
