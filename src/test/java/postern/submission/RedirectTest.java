package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/** Redirects stored messages through a scripted submission server, over HTTP. */
@OnGreenMail
class RedirectTest {

    /** Odd on purpose: a signature of its octets would break if anything were tidied up. */
    private static final String ORIGINAL =
            "Received: from x\r\nDKIM-Signature: v=1; h=from:to;\r\n\tb=abc\r\n"
                    + "From:  Eve <eve@elsewhere.example>\r\nTO: anne@example.org\r\n"
                    + "Subject: =?utf-8?q?a?=  \r\nMessage-ID: <one@elsewhere.example>\r\n"
                    + "Date: Mon, 30 Nov 2026 10:00:00 +0100\r\n\r\nline \r\n\r\nlast\r\n";

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

    private String received(String octets) {
        var created = api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", octets));
        return created.get("id").asString();
    }

    private MvcTestResult redirect(String message, String more) {
        return redirect(message, more, null);
    }

    private MvcTestResult redirect(String message, String more, @Nullable String key) {
        return api.post(
                "/v1/messages/%s/redirect".formatted(message),
                "application/json",
                "{'to': [{'name': 'B', 'email': 'b@example.org'}], 'from': {'email': '%s'}%s}"
                        .formatted(api.from(), more),
                key);
    }

    @Test
    void theMessageFollowsFieldsOfTheUsersOctetByOctet() {
        var message = received(ORIGINAL);

        var sent = api.ok(redirect(message, ", 'cc': [{'email': 'c@example.org'}]"));

        var octets = SMTP.messages().getFirst();
        assertThat(octets).endsWith("\r\n" + ORIGINAL);
        assertThat(octets.substring(0, octets.length() - ORIGINAL.length()))
                .matches(
                        ("Resent-Date: [^\\r]*\\r\\nResent-From: %s\\r\\n"
                                        + "Resent-To: B <b@example\\.org>\\r\\n"
                                        + "Resent-Cc: c@example\\.org\\r\\n"
                                        + "Resent-Message-ID:\\s+<%s>\\r\\n")
                                .formatted(api.from(), sent.get("resentMessageId").asString()));
        assertThat(SMTP.commands())
                .anyMatch(it -> it.startsWith("MAIL FROM:<%s>".formatted(api.from())))
                .contains("RCPT TO:<b@example.org>", "RCPT TO:<c@example.org>")
                .doesNotContain("RCPT TO:<anne@example.org>");
        assertThat(sent.get("queueId").asString()).isEqualTo("4XYZ");
        assertThat(sent.get("recipients")).hasSize(2);
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("none");
        assertThat(api.list("sent")).isEmpty();
        assertThat(api.get("/v1/messages/" + message).get("keywords").propertyNames())
                .doesNotContain("$forwarded", "$Forwarded", "$answered");
    }

    @Test
    void hiddenRecipientsGetItAndNobodyLearnsOfThem() {
        var message = received("Bcc: old@example.org\r\n" + ORIGINAL);

        api.ok(
                redirect(
                        message,
                        ", 'bcc': [{'email': 'hidden@example.org'}], 'saveCopy': 'always'"));

        assertThat(SMTP.commands())
                .contains("RCPT TO:<hidden@example.org>")
                .doesNotContain("RCPT TO:<old@example.org>");
        assertThat(SMTP.messages().getFirst())
                // longer than what a random Message-ID could end with by chance
                .doesNotContain("hidden@example.org", "old@example.org")
                .endsWith("\r\n" + ORIGINAL);
        assertThat(api.list("sent")).hasSize(1);
    }

    @Test
    void theAnswerTellsOfEachRecipient() {
        var message = received(ORIGINAL);
        SMTP.answers("RCPT TO:<d@example.org>", "550 5.1.1 unknown");

        var sent = api.ok(redirect(message, ", 'cc': [{'email': 'd@example.org'}]"));

        assertThat(sent.at("/recipients/0/accepted").asBoolean()).isTrue();
        assertThat(sent.at("/recipients/1/smtpStatus").asString()).isEqualTo("550 5.1.1");
        api.problem(
                redirect(message, ", 'cc': [{'email': 'd@example.org'}], 'allOrNothing': true"),
                422,
                "recipients-refused");
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void nobodyRedirectsAsSomebodyElse() {
        var message = received(ORIGINAL);

        api.problem(
                api.post(
                        "/v1/messages/%s/redirect".formatted(message),
                        "application/json",
                        "{'to': [{'email': 'b@example.org'}], 'from': {'email': 'e@example.net'}}"),
                403,
                "sending-not-permitted");
        api.problem(
                redirect(message, ", 'mailFrom': 'eve@example.net'"), 403, "sending-not-permitted");

        assertThat(SMTP.commands()).isEmpty();
    }

    @Test
    void badInputIsNamed() {
        var message = received(ORIGINAL);

        var problem =
                api.problem(
                        redirect(message, ", 'cc': [{'email': 'a@example.org\\r\\nX: y'}]"),
                        400,
                        "invalid-request");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/cc/0/email");
        api.problem(
                redirect(message, ", 'cc': [{'email': '\\\"a b\\\"@example.org'}]"),
                422,
                "message-not-sendable");
        api.problem(
                redirect(message, ", 'bcc': [{'name': 'a\\nb', 'email': 'a@example.org'}]"),
                400,
                "invalid-request");
        api.problem(
                api.post(
                        "/v1/messages/%s/redirect".formatted(message),
                        "application/json",
                        "{'to': []}"),
                400,
                "invalid-request");
        assertThat(SMTP.commands()).isEmpty();
    }

    @Test
    void withAKeyItIsSentOnce() {
        var message = received(ORIGINAL);

        var first = api.ok(redirect(message, "", "k"));
        var again = redirect(message, "", "k");

        assertThat(api.ok(again)).isEqualTo(first);
        assertThat(again).hasHeader("Idempotency-Replayed", "true");
        assertThat(SMTP.messages()).hasSize(1);
        api.problem(
                redirect(message, ", 'cc': [{'email': 'c@example.org'}]", "k"),
                422,
                "idempotency-key-reused");
    }

    @Test
    void withAKeyAnUnknownOutcomeIsNeverSentAgain() {
        var message = received(ORIGINAL);
        SMTP.drops(".");
        api.problem(redirect(message, "", "k"), 502, "outcome-unknown");
        SMTP.reset();

        api.problem(redirect(message, "", "k"), 502, "outcome-unknown");

        assertThat(SMTP.commands()).isEmpty();
    }

    @Test
    void whatWasRefusedIsSentByTheRepetition() {
        var message = received(ORIGINAL);
        SMTP.answers("MAIL", "451 4.3.0 broken");
        assertThat(redirect(message, "", "k").getResponse().getStatus()).isEqualTo(503);
        SMTP.reset();

        var sent = api.ok(redirect(message, "", "k"));

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(SMTP.messages().getFirst()).contains(sent.get("resentMessageId").asString());
    }
}
