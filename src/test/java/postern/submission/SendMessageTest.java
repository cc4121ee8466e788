package postern.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** Sends through a scripted submission server, over HTTP. */
@OnGreenMail
@TestPropertySource(properties = "postern.idempotency.max-answer-size=100KB")
class SendMessageTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();

    @Autowired private MockMvcTester http;
    @Autowired private MeterRegistry meters;
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
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}],"
                        .formatted(api.from())
                + " 'cc': [{'email': 'c@example.org'}], 'bcc': [{'email': 'd@example.org'}],"
                + " 'subject': 'Hi', 'text': 'Hello', 'internetMessageId': 'one@example.org'}";
    }

    @Test
    void sendsADraftAndFilesIt() {
        var draft = api.draft(letter());

        var sent = api.ok(api.send(draft));

        assertThat(SMTP.commands())
                .contains(
                        "RCPT TO:<b@example.org>",
                        "RCPT TO:<c@example.org>",
                        "RCPT TO:<d@example.org>")
                .anyMatch(it -> it.startsWith("MAIL FROM:<%s> SIZE=".formatted(api.from())));
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(SMTP.messages().getFirst())
                .contains("Message-ID: <one@example.org>", "\r\n\r\nHello")
                .doesNotContain("Bcc", "d@example.org");
        assertThat(sent.get("internetMessageId").asString()).isEqualTo("one@example.org");
        assertThat(sent.get("queueId").asString()).isEqualTo("4XYZ");
        assertThat(sent.get("recipients")).hasSize(3);
        assertThat(sent.at("/recipients/0/accepted").asBoolean()).isTrue();
        assertThat(sent.at("/recipients/0/smtpStatus").asString()).isEqualTo("250 2.1.0");
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(sent.at("/draft/outcome").asString()).isEqualTo("moved");
        assertThat(sent.has("original")).isFalse();
        assertThat(api.list("drafts")).isEmpty();
        var copy = api.list("sent").getFirst();
        assertThat(copy.get("id").asString()).isEqualTo(sent.at("/copy/id").asString());
        assertThat(copy.get("keywords").propertyNames())
                .contains("$seen", "$Submitted")
                .doesNotContain("$draft", "$SubmitPending");
        assertThat(hiddenRecipient(copy)).isEqualTo("d@example.org");
    }

    private String hiddenRecipient(JsonNode listed) {
        return api.get("/v1/messages/" + listed.get("id").asString()).at("/bcc/0/email").asString();
    }

    /** It could call any mailbox that for drafts, send what is there, and so remove it. */
    @Test
    void aTokenThatDeletesNothingSendsOnlyWhatIsMarkedAsADraft() {
        var draft = api.draft(letter());
        var letter = letter().replace("'text'", "'keywords': {'$draft': false}, 'text'");
        var received = api.stored("drafts", letter);
        var other = api.stored("drafts", letter);
        api.logIn(
                "{'username': '%s', 'password': '%s'}"
                        .formatted(api.user, InMemoryServer.GREENMAIL.password()));

        api.narrow("['read', 'send', 'delete']");
        api.ok(api.send(other, "", "{'saveCopy': 'never'}"));
        api.narrow("['read', 'send']");
        var problem =
                api.problem(api.send(received, "", "{'saveCopy': 'never'}"), 422, "not-possible");
        assertThat(problem.get("detail").asString()).contains("`$draft`", "scope `delete`");
        api.ok(api.send(draft, "", "{'saveCopy': 'never'}"));

        assertThat(SMTP.messages()).hasSize(2);
        assertThat(api.list("drafts")).hasSize(1);
    }

    @Test
    void sendsANewMessageAndStoresTheCopy() {
        var sent = api.ok(api.sendNew(letter()));

        assertThat(SMTP.messages().getFirst()).doesNotContain("Bcc").contains("Hello");
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(sent.has("draft")).isFalse();
        assertThat(hiddenRecipient(api.list("sent").getFirst())).isEqualTo("d@example.org");
    }

    @Test
    void sendsANewMessageWithFiles() {
        var message = letter().replace("'text'", "'attachments': [{'part': 'a.txt'}], 'text'");

        api.ok(api.sendForm(message, "a.txt", "content of the file"));

        assertThat(SMTP.messages().getFirst()).contains("filename=a.txt");
        assertThat(api.list("sent").getFirst().get("hasAttachment").asBoolean()).isTrue();
    }

    @Test
    void sendsOctetsAsTheyAreAndAddsWhatIsMissing() {
        var message = "From: %s\nTo: b@example.org\nX-Odd:  kept \n\n.text\n".formatted(api.from());

        var sent = api.ok(api.post("/v1/send", "message/rfc822", message));

        var octets = SMTP.messages().getFirst();
        assertThat(octets)
                .matches("(?s)Date: [^\\r]*\\r\\nMessage-ID: <[^>]*>\\r\\nFrom: .*")
                .endsWith("\r\nTo: b@example.org\r\nX-Odd:  kept \r\n\r\n..text\r\n")
                .contains(sent.get("internetMessageId").asString());
        assertThat(api.list("sent").getFirst().get("internetMessageId").asString())
                .isEqualTo(sent.get("internetMessageId").asString());
    }

    @Test
    void theEnvelopeMayDifferFromTheHeader() {
        api.ok(
                api.post(
                        "/v1/send?rcptTo=x@example.org&rcptTo=X@EXAMPLE.org&mailFrom="
                                + api.user
                                + "@elsewhere.example&saveCopy=never",
                        "message/rfc822",
                        "From: %s\nTo: b@example.org\n\ntext\n".formatted(api.from())));

        assertThat(SMTP.commands())
                .anyMatch(it -> it.startsWith("MAIL FROM:<%s@elsewhere.".formatted(api.user)))
                .contains("RCPT TO:<x@example.org>")
                .doesNotContain("RCPT TO:<b@example.org>", "RCPT TO:<X@EXAMPLE.org>");
        assertThat(api.list("sent")).isEmpty();
    }

    @Test
    void aComposedMessageSaysInItsBodyHowItIsSent() {
        var original = api.stored("inbox", "{'subject': 'What?', 'text': 'x'}");
        var message =
                letter().replace(
                                "'text'",
                                "'submission': {'saveCopy': 'never', 'answers': '%s', 'reports': ['delay']}, 'text'"
                                        .formatted(original));

        var sent = api.ok(api.sendNew(message));

        assertThat(SMTP.commands()).contains("RCPT TO:<b@example.org> NOTIFY=DELAY");
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("none");
        assertThat(sent.at("/original/marked").asBoolean()).isTrue();
        assertThat(api.get("/v1/messages/" + original).get("keywords").propertyNames())
                .contains("$answered");
        api.problem(
                api.post("/v1/mailboxes/drafts/messages", "application/json", message),
                400,
                "invalid-request");
        api.problem(
                api.post("/v1/send?saveCopy=never", "application/json", letter()),
                400,
                "invalid-request");
    }

    @Test
    void marksTheMessageThatInReplyToNamesFirst() {
        var original = question("inbox", "what@example.org");
        var other = question("inbox", "WHAT@example.org");
        var longer = question("inbox", "somewhat@example.org");
        var second = question("inbox", "two@example.org");
        var reply = answering("what@example.org', 'two@example.org");

        var sent = api.ok(api.send(api.draft(reply)));

        assertThat(sent.at("/original/marked").asBoolean()).isTrue();
        assertThat(sent.at("/original").has("detail")).isFalse();
        assertThat(answered(original)).isTrue();
        assertThat(answered(other)).isFalse();
        assertThat(answered(longer)).isFalse();
        assertThat(answered(second)).isFalse();
    }

    private String question(String mailbox, String id) {
        return api.stored(
                mailbox,
                "{'subject': 'What?', 'text': 'x', 'internetMessageId': '%s'}".formatted(id));
    }

    private String answering(String ids) {
        return letter().replace("'text'", "'inReplyTo': ['%s'], 'text'".formatted(ids));
    }

    private boolean answered(String message) {
        return api.get("/v1/messages/" + message).get("keywords").has("$answered");
    }

    @Test
    void aMessageOfOnesOwnThatIsAnsweredIsMarkedAmongTheSentOnes() {
        var original = question("sent", "what@example.org");

        var sent = api.ok(api.sendNew(answering("what@example.org")));

        assertThat(sent.at("/original/marked").asBoolean()).isTrue();
        assertThat(answered(original)).isTrue();
    }

    @Test
    void anAnsweredMessageThatIsNotFoundIsNoError() {
        question("drafts", "what@example.org");

        var sent = api.ok(api.sendNew(answering("what@example.org")));

        assertThat(sent.at("/original/marked").asBoolean()).isFalse();
        assertThat(sent.at("/original/detail").asString()).contains("not found");
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
    }

    @Test
    void noOtherMessageIsMarkedThanTheOneThatIsNamed() {
        var original = question("inbox", "what@example.org");
        var named = question("inbox", "named@example.org");

        api.ok(
                api.send(
                        api.draft(answering("what@example.org")),
                        "",
                        "{'forwards': '%s'}".formatted(named)));

        assertThat(answered(original)).isFalse();
        assertThat(answered(named)).isFalse();
    }

    @Test
    void aTokenThatMarksNothingFindsNothing() {
        var original = question("inbox", "what@example.org");
        api.logIn(
                "{'username': '%s', 'password': '%s'}"
                        .formatted(api.user, InMemoryServer.GREENMAIL.password()));
        api.narrow("['read', 'send']");

        var sent = api.ok(api.sendNew(answering("what@example.org")));

        assertThat(sent.has("original")).isFalse();
        assertThat(answered(original)).isFalse();
    }

    @Test
    void marksTheMessageThatIsPassedOn() {
        var original = api.stored("inbox", "{'subject': 'What?', 'text': 'x'}");
        var draft = api.draft(letter());

        var sent =
                api.ok(
                        api.send(
                                draft,
                                "",
                                "{'forwards': '%s', 'saveCopy': 'never', 'mailFrom': '%s+bounce@example.org'}"
                                        .formatted(original, api.user)));

        assertThat(api.get("/v1/messages/" + original).get("keywords").propertyNames())
                .contains("$Forwarded");
        assertThat(sent.at("/draft/outcome").asString()).isEqualTo("removed");
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).isEmpty();
    }

    /** It has no flags, and those of the message around it are about that one. */
    @Test
    void aMessageThatIsAttachedToAnotherOneIsNotMarked() {
        var outer =
                api.ok(
                                api.post(
                                        "/v1/mailboxes/inbox/messages",
                                        "message/rfc822",
                                        """
                                        From: a@example.org
                                        Subject: outer
                                        MIME-Version: 1.0
                                        Content-Type: multipart/mixed; boundary=x

                                        --x
                                        Content-Type: message/rfc822

                                        From: c@example.org
                                        Subject: inner

                                        text
                                        --x--
                                        """
                                                .replace("\n", "\r\n")))
                        .get("id")
                        .asString();
        var inner = api.get("/v1/messages/" + outer).at("/attachments/0/messageId").asString();

        var sent = api.ok(api.send(api.draft(letter()), "", "{'answers': '%s'}".formatted(inner)));

        assertThat(sent.at("/original/marked").asBoolean()).isFalse();
        assertThat(sent.at("/original/detail").asString()).contains("attached to another one");
        assertThat(answered(outer)).isFalse();
    }

    @Test
    void whatFailsAfterwardsIsNoError() {
        var gone = api.stored("inbox", "{'subject': 'x'}");
        var draft = api.draft(letter());
        SMTP.listening(command -> {
            if (command.equals(".")) {
                api.patch(gone, "{'mailboxId': 'drafts'}");
            }
        });

        var sent = api.ok(api.send(draft, "", "{'answers': '%s'}".formatted(gone)));

        assertThat(sent.at("/original/marked").asBoolean()).isFalse();
        assertThat(sent.at("/original/detail").asString()).isNotEmpty();
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
    }

    @Test
    void aDraftIsSentOnce() {
        var draft = api.draft(letter());
        api.patch(draft, "{'keywords': {'$Submitted': true}}");
        api.problem(api.send(draft), 409, "already-sent");
        api.problem(api.send(draft, "?force=true", "{}"), 409, "already-sent");
        api.patch(draft, "{'keywords': {'$Submitted': null, '$SubmitPending': true}}");
        var problem = api.problem(api.send(draft), 409, "submission-unknown");

        assertThat(problem.get("retryable").asBoolean()).isFalse();
        assertThat(SMTP.messages()).isEmpty();
        api.ok(api.send(draft, "?force=true", "{}"));
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void tenAtOnceSendItOnce() throws Exception {
        var draft = api.draft(letter());
        List<MvcTestResult> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sends =
                    IntStream.range(0, 10)
                            .<Callable<MvcTestResult>>mapToObj(_ -> () -> api.send(draft));
            answers =
                    threads.invokeAll(sends.toList()).stream()
                            .map(future -> future.resultNow())
                            .toList();
        }

        assertThat(answers).filteredOn(it -> it.getResponse().getStatus() == 200).hasSize(1);
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void onlyADraftIsSent() {
        var received =
                api.stored(
                        "inbox",
                        letter().replace("'text'", "'keywords': {'$draft': false}, 'text'"));

        api.problem(api.send(received), 422, "not-possible");

        assertThat(SMTP.commands()).isEmpty();
    }

    @Test
    void nobodyKnowsWhatBecameOfALostAnswer() {
        var draft = api.draft(letter());
        SMTP.drops(".");

        var problem = api.problem(api.send(draft), 502, "outcome-unknown");

        assertThat(problem.get("retryable").asBoolean()).isFalse();
        SMTP.reset();
        api.problem(api.send(draft), 409, "submission-unknown");
        assertThat(SMTP.messages()).isEmpty();
        assertThat(api.list("drafts").getFirst().get("keywords").propertyNames())
                .contains("$SubmitPending", "$draft");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 421 4.3.2 busy, 503, server-unavailable, true, 421 4.3.2",
        "AUTH, 535 5.7.8 no, 403, submission-login-refused, false, 535 5.7.8",
        "MAIL, 550 5.7.1 not yours, 403, sending-not-permitted, false, 550 5.7.1",
        "MAIL, 552 5.3.4 too big, 413, message-too-big, false, 552 5.3.4",
        "MAIL, 450 4.7.1 too fast, 429, sending-limit, true, 450 4.7.1",
        "MAIL, 550 5.4.5 daily limit, 429, sending-limit, true, 550 5.4.5",
        "MAIL, 451 4.3.0 broken, 503, server-unavailable, true, 451 4.3.0",
        "RCPT, 550 5.1.1 unknown, 422, recipients-refused, false, ''",
        "RCPT, 553 5.7.1 not owned by you, 403, sending-not-permitted, false, ''",
        "RCPT, 503 5.5.1 MAIL first, 502, protocol-error, false, ''",
        "RCPT, 450 4.2.0 grey, 503, server-unavailable, true, ''",
        "DATA, 451 4.3.0 broken, 503, server-unavailable, true, 451 4.3.0",
        "., 554 5.7.1 spam, 403, sending-not-permitted, false, 554 5.7.1",
        "., 554 5.6.0 bad, 422, message-refused, false, 554 5.6.0",
        "., 552 5.2.3 too big, 413, message-too-big, false, 552 5.2.3"
    })
    void tellsWhatTheServerRefuses(
            String step, String reply, int status, String code, boolean retryable, String told) {
        var draft = api.draft(letter());
        SMTP.answers(step, reply);

        var problem = api.problem(api.send(draft), status, code);

        assertThat(problem.get("retryable").asBoolean()).isEqualTo(retryable);
        assertThat(problem.path("smtpStatus").asString("")).isEqualTo(told);
        assertThat(api.list("drafts").getFirst().get("keywords").propertyNames())
                .contains("$draft")
                .doesNotContain("$SubmitPending", "$Submitted");
        SMTP.reset();
        api.ok(api.send(draft));
        assertThat(SMTP.messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
    void aConnectionThatEndsEarlyHasSentNothing(String step) {
        var draft = api.draft(letter());
        SMTP.drops(step);
        api.problem(api.send(draft), 502, "server-unreachable");
        SMTP.reset();

        api.ok(api.send(draft));

        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aLimitSaysWhenToTryAgain() {
        SMTP.answers("RCPT", "450 4.7.1 too fast");

        var answer = api.sendNew(letter());

        api.problem(answer, 429, "sending-limit");
        assertThat(answer.getResponse().getHeader("Retry-After")).isEqualTo("60");
    }

    @Test
    void oneRecipientThatIsForbiddenDoesNotForbidTheOthers() {
        SMTP.answers("RCPT TO:<c", "550 5.7.1 no");

        var problem =
                api.problem(
                        api.send(api.draft(letter()), "", "{'allOrNothing': true}"),
                        422,
                        "recipients-refused");

        assertThat(problem.at("/recipients/1/smtpStatus").asString()).isEqualTo("550 5.7.1");
    }

    @Test
    void aCopyThatTheProviderHasStoredIsNotStoredTwice() {
        var copy = api.stored("sent", letter());
        var draft = api.draft(letter());

        var sent = api.ok(api.send(draft));
        var another = api.ok(api.sendNew(letter()));

        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("byProvider");
        assertThat(sent.at("/copy/id").asString()).isEqualTo(copy);
        assertThat(sent.at("/draft/outcome").asString()).isEqualTo("removed");
        assertThat(another.at("/copy/outcome").asString()).isEqualTo("byProvider");
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent")).hasSize(1);
        var asked = letter().replace("'text'", "'submission': {'saveCopy': 'always'}, 'text'");
        assertThat(api.ok(api.sendNew(asked)).at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(api.list("sent")).hasSize(2);
    }

    @Test
    void ofTwoMarksNoneHidesThatTheOtherOneFailed() {
        var gone = api.stored("inbox", "{'subject': 'x'}");
        api.patch(gone, "{'mailboxId': 'drafts'}");
        var there = api.stored("inbox", "{'subject': 'y'}");

        for (var options :
                List.of(
                        "{'answers': '%s', 'forwards': '%s'}".formatted(gone, there),
                        "{'answers': '%s', 'forwards': '%s'}".formatted(there, gone))) {
            var sent = api.ok(api.send(api.draft(letter()), "", options));
            assertThat(sent.at("/original/marked").asBoolean()).isFalse();
            assertThat(sent.at("/original/detail").asString()).isNotEmpty();
        }
    }

    @Test
    void someRefusedRecipientsAreToldAndTheOthersGetIt() {
        SMTP.answers("RCPT TO:<c", "550 5.1.1 <c@example.org> unknown");
        var draft = api.draft(letter());
        var problem =
                api.problem(
                        api.send(draft, "", "{'allOrNothing': true}"), 422, "recipients-refused");
        assertThat(problem.at("/recipients/0/accepted").asBoolean()).isTrue();
        assertThat(problem.at("/recipients/1/accepted").asBoolean()).isFalse();
        assertThat(problem.at("/recipients/1/text").asString())
                .isEqualTo("<c@example.org> unknown");
        assertThat(SMTP.messages()).isEmpty();

        var sent = api.ok(api.send(draft));

        assertThat(sent.at("/recipients/1/email").asString()).isEqualTo("c@example.org");
        assertThat(sent.at("/recipients/1/accepted").asBoolean()).isFalse();
        assertThat(SMTP.messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'To: b@example.org', 422, message-not-sendable",
        "'From: %s', 422, message-not-sendable",
        "'From: %s|To: undisclosed-recipients:;', 422, message-not-sendable",
        "'From: %s|To: root', 422, message-not-sendable",
        "'From: %s|From: %s|To: b@example.org', 422, message-not-sendable",
        "'From: somebody@example.org|To: b@example.org', 403, sending-not-permitted",
        "'From: %s, somebody@example.org|To: b@example.org', 403, sending-not-permitted",
        "'From: %s|Sender: somebody@example.org|To: b@example.org', 403, sending-not-permitted"
    })
    void refusesWhatCannotBeSentBeforeAnythingIs(String header, int status, String code) {
        var message = header.replace("%s", api.from()).replace("|", "\n") + "\n\ntext\n";

        api.problem(api.post("/v1/send", "message/rfc822", message), status, code);

        assertThat(SMTP.commands()).noneMatch(it -> it.startsWith("MAIL"));
    }

    @Test
    void refusesLinesAndOctetsThatMailDoesNotCarry() {
        var header = "From: %s\nTo: b@example.org\n\n".formatted(api.from());

        api.problem(
                api.post("/v1/send", "message/rfc822", header + "x".repeat(999)),
                422,
                "message-not-sendable");
        api.problem(
                api.post("/v1/send", "message/rfc822", header + "\0"), 422, "message-not-sendable");
        api.ok(api.post("/v1/send", "message/rfc822", header + "x".repeat(998)));
    }

    @Test
    void aDraftNeedsADateAndAMessageId() {
        var draft = api.draftOfOctets("From: %s\nTo: b@example.org\n\nx\n".formatted(api.from()));

        api.problem(api.send(draft), 422, "message-not-sendable");
    }

    @Test
    void refusesAddressesThatAreNone() {
        var draft = api.draft(letter());

        for (var bad : List.of("x", "a b@example.org", "a@b>\\r\\nDATA", "<a@example.org>")) {
            api.problem(
                    api.send(draft, "", "{'rcptTo': ['%s']}".formatted(bad)),
                    400,
                    "invalid-request");
            api.problem(
                    api.send(draft, "", "{'mailFrom': '%s'}".formatted(bad)),
                    400,
                    "invalid-request");
        }
        assertThat(SMTP.commands()).isEmpty();
    }

    @Test
    void aBadAddressIsPointedAtWhereItIs() {
        var wishes = "{'rcptTo': ['b@example.org', 'x']}";
        var letter = letter().replace("'text'", "'submission': %s, 'text'".formatted(wishes));
        var octets = "From: %s\nTo: b@example.org\n\nx\n".formatted(api.from());

        var draft = api.problem(api.send(api.draft(letter()), "", wishes), 400, "invalid-request");
        var composed = api.problem(api.sendNew(letter), 400, "invalid-request");
        var raw =
                api.problem(
                        api.post("/v1/send?rcptTo=x", "message/rfc822", octets),
                        400,
                        "invalid-request");
        var sender =
                api.problem(
                        api.post("/v1/send?mailFrom=x", "message/rfc822", octets),
                        400,
                        "invalid-request");

        assertThat(draft.at("/errors/0/pointer").asString()).isEqualTo("/rcptTo/1");
        assertThat(composed.at("/errors/0/pointer").asString()).isEqualTo("/submission/rcptTo/1");
        assertThat(raw.at("/errors/0/parameter").asString()).isEqualTo("rcptTo");
        assertThat(sender.at("/errors/0/parameter").asString()).isEqualTo("mailFrom");
    }

    @Test
    void tooManyRecipientsAreRefusedInTheSameWayEverywhere() {
        var wishes =
                IntStream.rangeClosed(0, 1000)
                        .mapToObj("'a%d@example.org'"::formatted)
                        .collect(Collectors.joining(", ", "{'rcptTo': [", "]}"));
        var letter = letter().replace("'text'", "'submission': %s, 'text'".formatted(wishes));

        api.problem(api.send(api.draft(letter()), "", wishes), 400, "invalid-request");
        api.problem(api.sendNew(letter), 400, "invalid-request");
    }

    @Test
    void aMessageOfOctetsMayAskForDeliveryReports() {
        var octets = "From: %s\nTo: b@example.org\n\nx\n".formatted(api.from());

        api.ok(api.post("/v1/send?reports=success&reports=delay", "message/rfc822", octets));
        api.problem(
                api.post("/v1/send?reports=never", "message/rfc822", octets),
                400,
                "invalid-request");

        assertThat(SMTP.commands()).contains("RCPT TO:<b@example.org> NOTIFY=SUCCESS,DELAY");
    }

    @Test
    void sendsToAnAddressThatIsNotAscii() {
        var message = "From: %s\nTo: j\u00f8rgen@b\u00fccher.example\n\nx\n".formatted(api.from());

        api.ok(api.post("/v1/send", "message/rfc822", message));

        assertThat(SMTP.commands())
                .anyMatch(it -> it.startsWith("MAIL") && it.endsWith("BODY=8BITMIME SMTPUTF8"))
                .contains("RCPT TO:<j\u00f8rgen@xn--bcher-kva.example>");
    }

    @Test
    void aComposedMessageAndAReplyGoToAddressesThatAreNotAscii() {
        var composed = letter().replace("b@example.org", "j\u00f8rgen@example.org");
        api.ok(api.sendNew(composed));
        assertThat(SMTP.messages().getFirst())
                .contains(utf8("To: j\u00f8rgen@example.org\r\n"), "Hello");
        assertThat(api.list("sent").getFirst().at("/to/0/email").asString())
                .isEqualTo("j\u00f8rgen@example.org");
        var received =
                api.stored(
                        "inbox",
                        "{'from': [{'email': 'j\u00f8rgen@example.org'}], 'subject': 'What?'}");

        var reply =
                api.ok(
                        api.post(
                                "/v1/messages/%s/reply".formatted(received),
                                "application/json",
                                "{'text': 'That', 'from': {'email': '%s'}}".formatted(api.from())));
        api.ok(api.send(reply.get("id").asString()));
        api.ok(
                api.post(
                        "/v1/messages/%s/redirect".formatted(received),
                        "application/json",
                        "{'to': [{'email': 'p\u00e5l@example.org'}], 'from': {'email': '%s'}}"
                                .formatted(api.from())));

        assertThat(SMTP.commands())
                .filteredOn(it -> it.startsWith("RCPT"))
                .containsExactly(
                        "RCPT TO:<j\u00f8rgen@example.org>",
                        "RCPT TO:<c@example.org>",
                        "RCPT TO:<d@example.org>",
                        "RCPT TO:<j\u00f8rgen@example.org>",
                        "RCPT TO:<p\u00e5l@example.org>");
    }

    /** One character for each octet, as the scripted server tells messages. */
    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    @Test
    void aSessionMaySendWithACredentialOfItsOwn() {
        api.logIn(
                "{'username': '%s', 'password': '%s', 'submission': {'username': 'mail+%s@example.org', 'password': 'other'}}"
                        .formatted(api.user, InMemoryServer.GREENMAIL.password(), api.user));

        api.ok(api.sendNew(letter()));

        assertThat(SMTP.commands())
                .contains(
                        "AUTH PLAIN "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                "\0mail+%s@example.org\0other"
                                                        .formatted(api.user)
                                                        .getBytes(UTF_8)));
        api.problem(
                api.post(
                        "/v1/sessions",
                        "application/json",
                        "{'username': 'x', 'password': 'y', 'submission': {'username': 'z'}}"),
                400,
                "invalid-request");
    }

    private String loginWithSubmission(String user, String password) {
        return "{'username': '%s', 'password': '%s', 'submission': {'username': '%s', 'password': '%s'}}"
                .formatted(api.user, InMemoryServer.GREENMAIL.password(), user, password);
    }

    @Test
    void aWrongPasswordForSendingBeginsNoSession() {
        SMTP.answers("AUTH", "535 5.7.8 wrong");

        var problem =
                api.problem(
                        api.post(
                                "/v1/sessions",
                                "application/json",
                                loginWithSubmission("wrong@example.org", "wrong")),
                        403,
                        "submission-login-refused");

        assertThat(problem.get("smtpStatus").asString()).isEqualTo("535 5.7.8");
        assertThat(SMTP.commands()).noneMatch(it -> it.startsWith("MAIL"));
    }

    @Test
    void passwordsForSendingAreNotGuessedThroughSessions() {
        SMTP.answers("AUTH", "535 5.7.8 wrong");
        int most = 10; // half of postern.login.max-failures-per-account, from one client
        for (int i = 0; i < most; i++) {
            api.problem(
                    api.post(
                            "/v1/sessions",
                            "application/json",
                            loginWithSubmission("victim@example.org", "guess" + i)),
                    403,
                    "submission-login-refused");
        }

        var refused =
                api.post(
                        "/v1/sessions",
                        "application/json",
                        loginWithSubmission("Victim@example.org", "another"));

        api.problem(refused, 429, "too-many-logins");
        assertThat(refused.getResponse().getHeader("Retry-After")).isNotNull();
        assertThat(SMTP.commands()).filteredOn(it -> it.startsWith("AUTH")).hasSize(most);
    }

    @Test
    void aPasswordForSendingThatIsRefusedLaterIsTold() {
        api.logIn(loginWithSubmission("mail+%s@example.org".formatted(api.user), "good"));
        SMTP.disconnect();
        SMTP.answers("AUTH", "535 5.7.8 changed");

        api.problem(api.sendNew(letter()), 403, "submission-login-refused");
    }

    private long count(String command) {
        return SMTP.commands().stream().filter(it -> it.startsWith(command)).count();
    }

    @Test
    void theNextMessageNeedsNoLogin() {
        api.ok(api.sendNew(letter()));
        api.ok(api.sendNew(letter()));
        api.ok(api.send(api.draft(letter())));

        assertThat(count("AUTH")).isEqualTo(1);
        assertThat(count("RSET")).isEqualTo(2);
        assertThat(SMTP.messages()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"RSET", "MAIL", "RCPT", "DATA"})
    void aKeptConnectionThatEndsBeforeTheMessageIsReplacedOnce(String step) {
        api.ok(api.sendNew(letter()));
        var draft = api.draft(letter());
        var ending = new AtomicBoolean(true);
        SMTP.listening(command -> {
            if (command.startsWith(step) && ending.getAndSet(false)) {
                SMTP.disconnect();
            }
        });

        api.ok(api.send(draft));

        assertThat(ending).isFalse();
        assertThat(count("AUTH")).isEqualTo(2);
        assertThat(SMTP.messages()).hasSize(2);
        assertThat(api.list("drafts")).isEmpty();
    }

    @Test
    void aMessageIsNotSentAgainWhereItsEndMayHaveArrived() {
        api.ok(api.sendNew(letter()));
        SMTP.drops(".");

        api.problem(api.sendNew(letter()), 502, "outcome-unknown");

        assertThat(count("AUTH")).isEqualTo(1);
        assertThat(SMTP.messages()).hasSize(2);
    }

    @Test
    void aReplacementThatIsLostIsNotReplaced() {
        api.ok(api.sendNew(letter()));
        var draft = api.draft(letter());
        SMTP.drops("MAIL");

        api.problem(api.send(draft), 502, "server-unreachable");

        assertThat(count("AUTH")).isEqualTo(2);
        assertThat(api.list("drafts").getFirst().get("keywords").propertyNames())
                .doesNotContain("$SubmitPending");
    }

    @Test
    void loggingOutEndsTheConnection() {
        var login =
                "{'username': '%s', 'password': '%s'}"
                        .formatted(api.user, InMemoryServer.GREENMAIL.password());
        api.logIn(login);
        api.ok(api.sendNew(letter()));
        api.logOut();
        api.logIn(login);
        api.ok(api.sendNew(letter()));

        assertThat(count("AUTH")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 550 5.7.1 not yours, 403, sending-not-permitted",
        "RCPT, 550 5.1.1 unknown, 422, recipients-refused",
        "BDAT, 554 5.6.0 bad, 422, message-refused",
        "BDAT, 451 4.3.0 broken, 503, server-unavailable"
    })
    void aChunkThatIsRefusedIsNotSent(String step, String reply, int status, String code) {
        var draft = api.draft(letter());
        SMTP.offers("PIPELINING", "CHUNKING", "AUTH PLAIN", "8BITMIME").answers(step, reply);

        api.problem(api.send(draft), status, code);

        assertThat(count("BDAT")).isEqualTo(1);
        assertThat(api.list("drafts").getFirst().get("keywords").propertyNames())
                .contains("$draft")
                .doesNotContain("$SubmitPending");
        SMTP.reset();
        api.ok(api.send(draft));
        assertThat(SMTP.messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"MAIL", "RCPT", "BDAT"})
    void nobodyKnowsWhatBecameOfAChunkWithoutAnAnswer(String step) {
        var draft = api.draft(letter());
        SMTP.offers("PIPELINING", "CHUNKING", "AUTH PLAIN", "8BITMIME").drops(step);

        api.problem(api.send(draft), 502, "outcome-unknown");

        SMTP.reset();
        api.problem(api.send(draft), 409, "submission-unknown");
        assertThat(SMTP.messages()).isEmpty();
    }

    @Test
    void whatIsSentIsCounted() {
        double sends = sends("sent");
        double some = sends("sent-to-some");
        double refused = sends("recipients-refused");

        api.ok(api.sendNew(letter()));
        SMTP.answers("RCPT TO:<c", "550 5.1.1 unknown");
        api.ok(api.sendNew(letter()));
        SMTP.answers("RCPT", "550 5.1.1 unknown");
        api.problem(api.sendNew(letter()), 422, "recipients-refused");

        assertThat(sends("sent")).isEqualTo(sends + 1);
        assertThat(sends("sent-to-some")).isEqualTo(some + 1);
        assertThat(sends("recipients-refused")).isEqualTo(refused + 1);
        assertThat(meters.get("postern.submission.octets").summary().max()).isPositive();
        assertThat(meters.getMeters())
                .filteredOn(it -> it.getId().getName().matches("postern\\.(smtp|submission).*"))
                .isNotEmpty()
                .allMatch(it -> it.getId().getDescription() != null)
                .flatExtracting(it -> it.getId().getTags())
                .extracting(Tag::getKey)
                .containsOnly("outcome", "state", "reason");
    }

    private double sends(String outcome) {
        var timer = meters.find("postern.submission.send").tag("outcome", outcome).timer();
        return timer == null ? 0 : timer.count();
    }

    @Test
    void aRepeatedRequestWithItsKeyIsAnsweredAsTheFirst() {
        var first = api.ok(api.post("/v1/send", "application/json", letter(), "k1"));
        var second = api.post("/v1/send", "application/json", letter(), "k1");

        assertThat(api.ok(second)).isEqualTo(first);
        assertThat(second.getResponse().getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(SMTP.messages()).hasSize(1);
    }

    /** The copy tells what was stored, and not whether the message was sent. */
    @Test
    void aKeyWhoseAnswerIsTooLongToKeepSendsNothingMore() {
        SMTP.answers("RCPT", "250 2.1.5 " + "x".repeat(400));
        var many =
                IntStream.range(0, 400)
                        .mapToObj(i -> "'r%d@example.org'".formatted(i))
                        .collect(Collectors.joining(","));
        var letter =
                "{'from': [{'email': '%s'}], 'text': 'Hello', 'submission': {'rcptTo': [%s]}}"
                        .formatted(api.from(), many);
        api.ok(api.post("/v1/send", "application/json", letter, "k5"));

        api.post("/v1/send", "application/json", letter, "k5");

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void aRefusedRequestFreesItsKey() {
        SMTP.answers("MAIL", "451 4.3.0 broken");
        api.problem(
                api.post("/v1/send", "application/json", letter(), "k2"),
                503,
                "server-unavailable");
        var draft = api.draft(letter());
        api.problem(
                api.post("/v1/messages/%s/send".formatted(draft), "application/json", "{}", "k3"),
                503,
                "server-unavailable");
        SMTP.reset();

        api.ok(api.post("/v1/send", "application/json", letter(), "k2"));
        api.ok(api.post("/v1/messages/%s/send".formatted(draft), "application/json", "{}", "k3"));

        assertThat(SMTP.messages()).hasSize(2);
    }

    @Test
    void aKeyWhoseRequestMayHaveBeenSentSendsNothingMore() {
        SMTP.drops(".");
        api.problem(
                api.post("/v1/send", "application/json", letter(), "k4"), 502, "outcome-unknown");
        SMTP.reset();

        api.problem(
                api.post("/v1/send", "application/json", letter(), "k4"),
                409,
                "submission-unknown");

        assertThat(SMTP.commands()).isEmpty();
    }
}
