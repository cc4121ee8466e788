package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import tools.jackson.databind.JsonNode;

/**
 * A new message with an {@code Idempotency-Key} is sent once, although every replica but the first
 * knows of it from the mailbox alone.
 */
@OnGreenMail
@Import(ForgetfulState.Used.class)
@TestPropertySource(
        properties = "postern.session.keys=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
class SendOnceTest {

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
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'subject': 'Hi', 'text': 'Hello'}"
                .formatted(api.from());
    }

    private MvcTestResult send(String letter) {
        return api.post("/v1/send", "application/json", letter, KEY);
    }

    /** Takes away the memory of this process, so that it is another replica. */
    private void onAnotherReplica() {
        state.forgetRequests();
    }

    private static boolean replayed(MvcTestResult answer) {
        return "true".equals(answer.getResponse().getHeader("Idempotency-Replayed"));
    }

    private void claims(String message, String keywords) {
        api.patch(message, "{'mailboxId': 'drafts', 'keywords': {%s}}".formatted(keywords));
    }

    @Test
    void itIsADraftThatIsClaimedUntilItIsSent() {
        SMTP.listening(command -> {
            if (command.startsWith("MAIL")) {
                var draft = api.list("drafts").getFirst();
                assertThat(draft.get("keywords").propertyNames())
                        .contains("$draft", "$SubmitPending");
            }
        });

        var sent = api.ok(send(letter()));

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(SMTP.messages().getFirst()).doesNotContain("Postern-Request");
        assertThat(sent.get("internetMessageId").asString())
                .as("the user name of this account has no domain")
                .endsWith("@example.org");
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(sent.at("/draft/outcome").asString()).isEqualTo("moved");
        assertThat(api.list("drafts")).isEmpty();
        var copy = api.list("sent").getFirst();
        assertThat(copy.get("id").asString()).isEqualTo(sent.at("/copy/id").asString());
        assertThat(copy.get("internetMessageId").asString())
                .isEqualTo(sent.get("internetMessageId").asString());
        assertThat(copy.get("keywords").propertyNames())
                .contains("$seen", "$Submitted")
                .doesNotContain("$draft", "$SubmitPending");
    }

    @Test
    void aRepetitionOnAnotherReplicaIsAnsweredFromTheMailbox() {
        var first = api.ok(send(letter()));
        onAnotherReplica();

        var answer = send(letter());

        var second = api.ok(answer);
        assertThat(replayed(answer)).isTrue();
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(second.get("internetMessageId")).isEqualTo(first.get("internetMessageId"));
        assertThat(second.get("copy")).isEqualTo(first.get("copy"));
        assertThat(second.get("recipients")).isEmpty();
        assertThat(second.has("smtpStatus")).isFalse();
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void anotherMessageWithTheKeyIsRefusedOnAnotherReplica() {
        api.ok(send(letter()));
        onAnotherReplica();

        api.problem(send(letter().replace("Hello", "Bye")), 422, "idempotency-key-reused");

        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void anotherKeyIsAnotherMessage() {
        api.ok(send(letter()));

        api.ok(api.post("/v1/send", "application/json", letter(), "another key"));

        assertThat(SMTP.messages()).hasSize(2);
        assertThat(api.list("sent")).hasSize(2);
    }

    @Test
    void nobodyKnowsWhatBecameOfALostAnswer() {
        SMTP.drops(".");
        api.problem(send(letter()), 502, "outcome-unknown");
        SMTP.reset();

        api.problem(send(letter()), 409, "submission-unknown");
        onAnotherReplica();
        api.problem(send(letter()), 409, "submission-unknown");

        assertThat(SMTP.commands()).isEmpty();
        var draft = api.list("drafts").getFirst();
        api.ok(api.send(draft.get("id").asString(), "?force=true", "{}"));
        onAnotherReplica();
        assertThat(replayed(send(letter()))).as("once somebody has looked").isTrue();
        assertThat(SMTP.messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "AUTH", "MAIL", "RCPT", "DATA"})
    void whatWasRefusedLeavesNothingAndIsSentByTheRepetition(String step) {
        SMTP.answers(step, "451 4.3.0 broken");
        assertThat(send(letter()).getResponse().getStatus()).isBetween(403, 503);
        assertThat(api.list("drafts")).isEmpty();
        SMTP.drops(step);
        api.problem(send(letter()), 502, "server-unreachable");
        assertThat(api.list("drafts")).isEmpty();
        SMTP.reset();
        onAnotherReplica();

        assertThat(replayed(send(letter()))).isFalse();

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void aCrashBeforeTheCopyWasFiledIsMadeUpFor() {
        claims(sentId(api.ok(send(letter()))), "'$SubmitPending': true");
        onAnotherReplica();

        var answer = send(letter());

        assertThat(api.ok(answer).at("/draft/outcome").asString()).isEqualTo("moved");
        assertThat(replayed(answer)).isTrue();
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent").getFirst().get("keywords").propertyNames())
                .doesNotContain("$SubmitPending");
    }

    private static String sentId(JsonNode sent) {
        return sent.at("/copy/id").asString();
    }

    @Test
    void aCrashAfterTheClaimIsUnknown() {
        claims(sentId(api.ok(send(letter()))), "'$Submitted': null, '$SubmitPending': true");
        onAnotherReplica();

        api.problem(send(letter()), 409, "submission-unknown");

        assertThat(SMTP.messages()).hasSize(1);
    }

    /** This server cannot let one of two claims win. */
    @Test
    void aCrashBeforeTheClaimIsWaitedForWhereTheOtherReplicaMayStillBeAtIt() {
        claims(sentId(api.ok(send(letter()))), "'$Submitted': null");
        onAnotherReplica();

        var problem = api.problem(send(letter()), 409, "request-in-progress");

        assertThat(problem.get("retryable").asBoolean()).isTrue();
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aDraftThatAnotherProgramStoredWithTheSameMessageIdIsLeftAlone() {
        var letter = letter().replace("'text'", "'internetMessageId': 'own@example.org', 'text'");
        var draft = api.draft(letter.replace("Hello", "Not yet"));

        api.ok(send(letter));
        onAnotherReplica();
        assertThat(replayed(send(letter))).isTrue();

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(SMTP.messages().getFirst()).contains("Message-ID: <own@example.org>", "Hello");
        assertThat(api.list("drafts").getFirst().get("id").asString()).isEqualTo(draft);
    }

    private String octets() {
        return "From: %s\nTo: b@example.org\nMessage-ID: <own@example.org>\n\nHello\n"
                .formatted(api.from());
    }

    @Test
    void aMessageThatTheAppHasFiledByItselfDoesNotSayThatItIsSent() {
        api.ok(api.post("/v1/mailboxes/sent/messages", "message/rfc822", octets()));

        var answer = api.post("/v1/send", "message/rfc822", octets(), KEY);

        api.ok(answer);
        assertThat(replayed(answer)).isFalse();
        assertThat(SMTP.messages()).hasSize(1);
        onAnotherReplica();
        assertThat(replayed(api.post("/v1/send", "message/rfc822", octets(), KEY))).isTrue();
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aMessageThatWasSentToOthersWithoutAKeyDoesNotSayThatItIsSent() {
        api.ok(api.post("/v1/send", "message/rfc822", octets()));

        var answer = api.post("/v1/send?rcptTo=other@example.org", "message/rfc822", octets(), KEY);

        api.ok(answer);
        assertThat(replayed(answer)).isFalse();
        assertThat(SMTP.messages()).hasSize(2);
        assertThat(SMTP.commands()).contains("RCPT TO:<other@example.org>");
    }

    @Test
    void anEarlierMessageWithTheSameMessageIdDoesNotSayThatItIsSent() {
        var letter = letter().replace("'text'", "'internetMessageId': 'own@example.org', 'text'");
        api.ok(api.sendNew(letter));
        var draft = api.draft(letter.replace("Hello", "Not yet"));
        api.patch(draft, "{'keywords': {'$Submitted': true}}");

        var answer = send(letter.replace("Hi", "Something else"));

        api.ok(answer);
        assertThat(replayed(answer)).isFalse();
        assertThat(SMTP.messages()).hasSize(2);
        onAnotherReplica();
        assertThat(replayed(send(letter.replace("Hi", "Something else")))).isTrue();
        api.problem(
                api.post("/v1/send", "application/json", letter, "another key"),
                422,
                "idempotency-key-reused");
        assertThat(SMTP.messages()).hasSize(2);
    }

    @Test
    void aMessageWithoutACopyCannotHaveAKey() {
        var letter = letter().replace("'text'", "'submission': {'saveCopy': 'never'}, 'text'");

        api.problem(send(letter), 422, "not-possible");

        assertThat(SMTP.commands()).isEmpty();
        assertThat(api.list("drafts")).isEmpty();
    }

    @Test
    void whatCannotBeSentIsNotStored() {
        api.problem(
                send(letter().replace(api.from(), "somebody@example.org")),
                403,
                "sending-not-permitted");

        assertThat(api.list("drafts")).isEmpty();
    }

    @Test
    void theMessageThatIsAnsweredIsMarkedByARepetition() {
        var original = api.stored("inbox", "{'subject': 'What?', 'text': 'x'}");
        var letter =
                letter().replace(
                                "'text'",
                                "'submission': {'answers': '%s'}, 'text'".formatted(original));
        api.ok(send(letter));
        api.patch(original, "{'keywords': {'$answered': null}}");
        onAnotherReplica();

        assertThat(api.ok(send(letter)).at("/original/marked").asBoolean()).isTrue();

        assertThat(api.get("/v1/messages/" + original).get("keywords").propertyNames())
                .contains("$answered");
    }

    @Test
    void theMessageThatInReplyToNamesIsMarkedByARepetitionToo() {
        var original =
                api.stored(
                        "inbox",
                        "{'subject': 'What?', 'text': 'x', 'internetMessageId': 'w@example.org'}");
        var letter = letter().replace("'text'", "'inReplyTo': ['w@example.org'], 'text'");
        var first = api.ok(send(letter));
        assertThat(first.at("/original/marked").asBoolean()).isTrue();
        api.patch(original, "{'keywords': {'$answered': null}}");
        onAnotherReplica();

        assertThat(api.ok(send(letter)).get("original")).isEqualTo(first.get("original"));

        assertThat(api.get("/v1/messages/" + original).get("keywords").propertyNames())
                .contains("$answered");
    }

    @Test
    void formsAndOctetsAreSentOnceToo() {
        var octets = "From: %s\nTo: b@example.org\n\ntext\n".formatted(api.from());
        var first = api.ok(api.post("/v1/send", "message/rfc822", octets, KEY));
        onAnotherReplica();

        var second = api.ok(api.post("/v1/send", "message/rfc822", octets, KEY));

        assertThat(second.get("internetMessageId")).isEqualTo(first.get("internetMessageId"));
        assertThat(SMTP.messages()).hasSize(1);
    }

    /** What another one has stored is claimed while it is removed, and then it is gone. */
    @Test
    void aClaimThatGoesAwayDoesNotKeepTheFirstFromSending() throws Exception {
        var stored = new CompletableFuture<String>();
        SMTP.listening(command -> {
            if (command.startsWith("MAIL")) {
                var draft = api.list("drafts").getFirst().get("id").asString();
                stored.complete(api.octets("/v1/messages/%s/raw".formatted(draft)));
            }
        });
        SMTP.answers("MAIL", "451 4.3.0 not now");
        send(letter());
        SMTP.reset();
        onAnotherReplica();
        assertThat(api.list("drafts")).isEmpty();
        var answered = new AtomicBoolean();
        var other = new CompletableFuture<Void>();
        SMTP.listening(command -> {
            if (command.startsWith("EHLO")) {
                var draft = api.draftOfOctets(stored.join());
                claims(draft, "'$draft': true, '$SubmitPending': true");
                other.completeAsync(
                        () -> {
                            for (int seen = 0; seen < 10 && !answered.get(); ) {
                                seen = api.list("drafts").size() < 2 ? 0 : seen + 1;
                            }
                            api.patch(draft, "{'mailboxId': 'inbox'}");
                            return null;
                        },
                        Thread::startVirtualThread);
            }
        });

        var answer = send(letter());

        answered.set(true);
        api.ok(answer);
        other.join();
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void tenAtOnceSendItOnce() throws Exception {
        List<MvcTestResult> answers;
        Callable<MvcTestResult> send =
                () -> {
                    onAnotherReplica();
                    return send(letter());
                };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers =
                    threads.invokeAll(Collections.nCopies(10, send)).stream()
                            .map(future -> future.resultNow())
                            .toList();
        }

        assertThat(answers).anyMatch(it -> it.getResponse().getStatus() == 200);
        assertThat(answers)
                .allMatch(it -> List.of(200, 409).contains(it.getResponse().getStatus()));
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("sent")).hasSize(1);
        // GreenMail may break while several remove messages; a repetition removes the rest
        api.ok(send(letter()));
        assertThat(api.list("drafts")).isEmpty();
        assertThat(SMTP.messages()).hasSize(1);
    }
}
