package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Drafts of stored messages, and the addresses that replies are from. */
@OnGreenMail
@TestPropertySource(
        properties =
                "postern.submission.policy.allowed-from=Support Team <support@example.org>, @example.net")
class EditAsNewTest {

    private static final String BODY =
            "--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
                    + "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n"
                    + "--b\r\nContent-Type: image/png; name=\"a.png\"\r\n"
                    + "Content-Transfer-Encoding: base64\r\nContent-ID: <p@x>\r\n\r\nAAAA\r\n--b--\r\n";

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

    private String received(String header) {
        var octets =
                header
                        + "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=\"b\"\r\n\r\n"
                        + BODY;
        var created = api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", octets));
        return created.get("id").asString();
    }

    private String foreign() {
        return received(
                "Return-Path: <eve@elsewhere.example>\r\nDelivered-To: support@example.org\r\n"
                        + "Received: from x\r\n by y\r\nDKIM-Signature: v=1; b=abc\r\n"
                        + "Resent-From: z@example.org\r\nFrom: Eve <eve@elsewhere.example>\r\n"
                        + "Bcc: hidden@elsewhere.example\r\nReply-To: eve@elsewhere.example\r\n"
                        + "To: List <list@elsewhere.example>\r\nCc: b@example.org,\r\n\tc@example.org\r\n"
                        + "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <one@elsewhere.example>\r\n"
                        + "References: <zero@elsewhere.example>\r\nAuto-Submitted: auto-replied\r\n"
                        + "Date: Mon, 30 Nov 2020 10:00:00 +0100\r\n");
    }

    private MvcTestResult edit(String message, String wishes) {
        return api.post(
                "/v1/messages/%s/edit-as-new".formatted(message), "application/json", wishes);
    }

    private String octets(String message) {
        return api.octets("/v1/messages/%s/raw".formatted(message));
    }

    @Test
    void theBodyIsTheSameAndTheHeaderIsNew() {
        var created = api.ok(edit(foreign(), "{}"));

        var octets = octets(created.get("id").asString());
        assertThat(octets)
                .endsWith(
                        "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=\"b\"\r\n\r\n"
                                + BODY)
                .contains(
                        "From: Support Team <support@example.org>\r\n",
                        "To: List <list@elsewhere.example>\r\n",
                        "Cc: b@example.org,\r\n\tc@example.org\r\n",
                        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n")
                .doesNotContain(
                        "eve@",
                        "hidden@",
                        "Received",
                        "DKIM",
                        "Resent",
                        "Return-Path",
                        "Delivered-To",
                        "Auto-Submitted",
                        "one@",
                        "zero@",
                        "2020");
        assertThat(octets).matches("(?s)Date: [^\r]*\r\nFrom: .*\r\nMessage-ID: .*");
        assertThat(octets.split("\r\nFrom:", -1)).hasSize(2);
        var draft = api.list("drafts").getFirst();
        assertThat(draft.get("keywords").propertyNames()).contains("$draft", "$seen");
        assertThat(draft.get("id")).isEqualTo(created.get("id"));
        assertThat(created.get("size").asLong()).isEqualTo(octets.length());
    }

    @Test
    void aMessageOfOnesOwnKeepsItsBccAndWhatItAnswers() {
        var from = "From: Anne <%s>\r\n".formatted(api.from());
        var mine =
                received(
                        from
                                + "To: b@example.org\r\nBcc: hidden@example.org\r\nReply-To: r@example.org\r\n"
                                + "In-Reply-To: <q@example.org>\r\nReferences: <q@example.org>\r\n");

        var octets = octets(api.ok(edit(mine, "{}")).get("id").asString());

        assertThat(octets)
                .contains(
                        from,
                        "Bcc: hidden@example.org\r\n",
                        "Reply-To: r@example.org\r\n",
                        "In-Reply-To: <q@example.org>\r\n",
                        "References: <q@example.org>\r\n");
    }

    @Test
    void whoWritesItMayBeSaid() {
        var created = api.ok(edit(foreign(), "{'from': {'email': 'new@example.net'}}"));

        assertThat(octets(created.get("id").asString())).contains("From: new@example.net\r\n");
        var problem =
                api.problem(
                        edit(foreign(), "{'from': {'email': 'a\\r\\nX: y@example.net'}}"),
                        400,
                        "invalid-request");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/from/email");
    }

    @Test
    void aMessageWithoutABodyIsADraftToo() {
        var bare =
                api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", "Subject: only"))
                        .get("id")
                        .asString();

        var octets = octets(api.ok(edit(bare, "{}")).get("id").asString());

        assertThat(octets).endsWith("Subject: only\r\n\r\n");
    }

    @Test
    void theAccountTellsWhatIsAllowed() {
        var identities = api.get("/v1/account").get("identities");

        assertThat(identities.valueStream().map(it -> it.get("email").asString()))
                .containsExactly(api.user + "@*", "support@example.org", "*@example.net");
        assertThat(identities.get(1).get("name").asString()).isEqualTo("Support Team");
        for (var from : new String[] {api.from(), "support@example.org", "x@example.net"}) {
            api.ok(api.sendNew(letter(from)));
        }
        for (var from : new String[] {"other@example.org", "support@example.com"}) {
            api.problem(api.sendNew(letter(from)), 403, "sending-not-permitted");
        }
    }

    private static String letter(String from) {
        return "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'text': 'x'}"
                .formatted(from);
    }

    private String replyTo(String header) {
        var draft =
                api.ok(
                        api.post(
                                "/v1/messages/%s/reply".formatted(received(header)),
                                "application/json",
                                "{'text': 'yes'}"));
        return api.get("/v1/messages/" + draft.get("id").asString()).at("/from/0/email").asString();
    }

    @Test
    void aReplyIsFromTheAddressThatWasWrittenTo() {
        var eve = "From: eve@elsewhere.example\r\n";

        assertThat(replyTo(eve + "To: %s+shop@example.org\r\n".formatted(api.user)))
                .isEqualTo(api.user + "+shop@example.org");
        assertThat(replyTo(eve + "To: b@example.org\r\nCc: SUPPORT@example.org\r\n"))
                .isEqualToIgnoringCase("support@example.org");
        assertThat(replyTo("Delivered-To: support@example.org\r\n" + eve + "To: l@example.org\r\n"))
                .isEqualTo("support@example.org");
        assertThat(
                        replyTo(
                                "X-Original-To: %s\r\nDelivered-To: support@example.org\r\n"
                                                .formatted(api.from())
                                        + eve))
                .as("what a mail server was told first")
                .isEqualTo("support@example.org");
        assertThat(replyTo(eve + "To: colleague@example.net\r\n"))
                .as("an address of a domain that is allowed as a whole may be somebody else's")
                .isNotEqualTo("colleague@example.net");
    }
}
