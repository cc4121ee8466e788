package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.shared.ForgetfulState;
import postern.testclient.PlainImapClient;
import postern.testserver.RealServer;
import postern.testserver.ScriptedSmtpServer;

/** Claims and files drafts on every mail server. */
@SpringBootTest
@AutoConfigureMockMvc
@Import(ForgetfulState.Used.class)
class SendingOnServersIT {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();

    @Autowired private MockMvcTester http;
    @Autowired private ForgetfulState state;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        for (var server : RealServer.values()) {
            var prefix = "postern.servers." + name(server) + ".";
            properties.add(prefix + "host", server::host);
            properties.add(prefix + "port", server::port);
            properties.add(prefix + "security", () -> "none");
            properties.add(prefix + "submission.host", SMTP::host);
            properties.add(prefix + "submission.port", SMTP::port);
            properties.add(prefix + "submission.security", () -> "none");
        }
    }

    private static String name(RealServer server) {
        return server.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    private SendingApi signedIn(RealServer server) {
        var api = new SendingApi(http, server);
        api.logIn(
                "{'username': '%s', 'password': '%s', 'server': '%s'}"
                        .formatted(api.user, server.password(), name(server)));
        return api;
    }

    @AfterEach
    void forget() {
        SMTP.reset();
    }

    @ParameterizedTest
    @EnumSource
    void aDraftIsSentOnceAndFiled(RealServer server) throws Exception {
        var api = signedIn(server);
        var letter =
                "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'subject': 'Hi'}"
                        .formatted(api.from());
        var draft = api.draft(letter);
        var doubtful = api.draft(letter);
        SMTP.answers("MAIL", "451 4.3.0 not now");
        api.problem(api.send(draft), 503, "server-unavailable");
        SMTP.reset();

        var sent = api.ok(api.send(draft));

        assertThat(SMTP.messages()).hasSize(1);
        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        assertThat(sent.at("/draft/outcome").asString()).isEqualTo("moved");
        assertThat(sent.at("/draft/detail").asString("")).isEmpty();
        api.problem(api.send(draft), 409, "already-sent");
        assertThat(SMTP.messages()).hasSize(1);
        SMTP.drops(".");
        api.problem(api.send(doubtful), 502, "outcome-unknown");
        api.problem(api.send(doubtful), 409, "submission-unknown");
        assertThat(SMTP.messages()).hasSize(2);
        try (var program = PlainImapClient.of(server, api.user)) {
            var copy = api.list("sent").getFirst();
            assertThat(copy.get("id").asString()).isEqualTo(sent.at("/copy/id").asString());
            assertThat(copy.get("keywords").propertyNames())
                    .contains("$seen")
                    .doesNotContain("$draft", "$SubmitPending");
            assertThat(program.search("INBOX", "ALL")).isEmpty();
            assertThat(api.list("drafts")).hasSize(1);
        }
    }

    /** It is uploaded while the message is sent, all but its last octet. */
    @ParameterizedTest
    @EnumSource
    void theCopyOfALargeMessageIsStoredOnceItWasSent(RealServer server) {
        var api = signedIn(server);
        var letter =
                "From: %s\r\nTo: b@example.org\r\n\r\n".formatted(api.from())
                        + "A line of a large message, which is not the last.\r\n".repeat(40_000);
        var send = "/v1/send?saveCopy=always";
        SMTP.answers(".", "554 5.7.1 no");
        api.problem(api.post(send, "message/rfc822", letter), 403, "sending-not-permitted");
        assertThat(api.list("sent")).isEmpty();
        SMTP.reset();

        var sent = api.ok(api.post(send, "message/rfc822", letter));

        assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
        var copy = sent.at("/copy/id").asString();
        assertThat(api.octets("/v1/messages/%s/raw".formatted(copy)))
                .isEqualTo(SMTP.messages().getLast());
        assertThat(api.list("sent")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aReceiptIsSentOnceAndAListIsLeft(RealServer server) {
        var api = signedIn(server);
        var message =
                "Return-Path: <ada@example.org>\nFrom: ada@example.org\nTo: %s\nSubject: x\n"
                                .formatted(api.from())
                        + "Disposition-Notification-To: ada@example.org\n"
                        + "List-Unsubscribe: <mailto:leave@example.org>\n\ntext\n";
        var id =
                api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", message))
                        .get("id")
                        .asString();
        var receipt = "/v1/messages/%s/receipt".formatted(id);
        var row = "/v1/mailboxes/inbox/messages?fields=automatic,list,receiptRequested";
        var before = api.get(row).at("/items/0");
        SMTP.answers("MAIL", "451 4.3.0 not now");
        api.problem(api.post(receipt, "application/json", "{}"), 503, "server-unavailable");
        SMTP.reset();

        api.ok(api.post(receipt, "application/json", "{}"));
        api.problem(api.post(receipt, "application/json", "{}"), 409, "already-sent");
        var left =
                api.ok(
                        api.post(
                                "/v1/messages/%s/unsubscribe".formatted(id),
                                "application/json",
                                "{}"));

        assertThat(before.get("automatic").toString()).isEqualTo("[\"bulk\"]");
        assertThat(before.at("/list/unsubscribe/0").asString())
                .isEqualTo("mailto:leave@example.org");
        assertThat(before.at("/receiptRequested/sent").asBoolean()).isFalse();
        assertThat(api.get(row).at("/items/0/receiptRequested/sent").asBoolean()).isTrue();
        assertThat(left.get("email").asString()).isEqualTo("leave@example.org");
        assertThat(SMTP.messages()).hasSize(2);
    }

    /** Takes away the memory of this process, so that it is another replica. */
    private void onAnotherReplica() {
        state.forgetRequests();
    }

    @ParameterizedTest
    @EnumSource
    void aNewMessageWithAKeyIsSentOnceAndFiled(RealServer server) throws Exception {
        var api = signedIn(server);
        var letter =
                "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}], 'subject': 'Hi'}"
                        .formatted(api.from());

        var first = api.ok(api.post("/v1/send", "application/json", letter, "one"));
        onAnotherReplica();
        var answer = api.post("/v1/send", "application/json", letter, "one");

        assertThat(answer.getResponse().getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(api.ok(answer).get("copy")).isEqualTo(first.get("copy"));
        assertThat(first.at("/draft/outcome").asString()).isEqualTo("moved");
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(api.list("drafts")).isEmpty();

        // as after a crash before the claim
        api.patch(
                first.at("/copy/id").asString(),
                "{'mailboxId': 'drafts', 'keywords': {'$Submitted': null, '$draft': true}}");
        onAnotherReplica();
        answer = api.post("/v1/send", "application/json", letter, "one");
        if (server != RealServer.COURIER) { // it has no CONDSTORE
            api.ok(answer);
            assertThat(SMTP.messages()).hasSize(2);
            assertThat(api.list("sent")).hasSize(1);
        } else {
            api.problem(answer, 409, "request-in-progress");
            assertThat(SMTP.messages()).hasSize(1);
        }

        SMTP.reset();
        SMTP.drops(".");
        api.problem(
                api.post("/v1/send", "application/json", letter, "two"), 502, "outcome-unknown");
        onAnotherReplica();
        api.problem(
                api.post("/v1/send", "application/json", letter, "two"), 409, "submission-unknown");
        assertThat(SMTP.messages()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void storedMessagesAreRedirectedEditedAndMarkedAsSent(RealServer server) {
        var api = signedIn(server);
        var octets =
                "DKIM-Signature: v=1;\r\n b=x \r\nFrom: eve@example.net\r\nTO:  %s\r\n"
                                .formatted(api.from())
                        + "Subject: inner\r\n\r\n.dot\r\n last  \r\n";
        var inner =
                api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", octets))
                        .get("id")
                        .asString();
        var outer =
                api.stored(
                        "inbox",
                        "{'subject': 'outer', 'attachments': [{'messageId': '%s'}]}"
                                .formatted(inner));

        api.ok(
                api.post(
                        "/v1/messages/%s/redirect".formatted(inner),
                        "application/json",
                        "{'to': [{'email': 'b@example.org'}], 'from': {'email': '%s'}}"
                                .formatted(api.from())));
        assertThat(SMTP.messages().getFirst()).endsWith("\r\n" + octets.replace("\n.", "\n.."));

        var attached = api.get("/v1/messages/" + outer).at("/attachments/0/messageId").asString();
        for (var message : new String[] {inner, attached}) {
            var draft =
                    api.ok(
                                    api.post(
                                            "/v1/messages/%s/edit-as-new".formatted(message),
                                            "application/json",
                                            "{}"))
                            .get("id")
                            .asString();
            // Courier puts a line end behind a message that is attached
            assertThat(api.octets("/v1/messages/%s/raw".formatted(draft)).stripTrailing())
                    .contains("\r\nFrom: %s\r\n".formatted(api.from()), "\r\nSubject: inner\r\n")
                    .doesNotContain("DKIM", "eve@")
                    .endsWith("\r\n\r\n.dot\r\n last");
            var marked =
                    api.ok(
                            api.post(
                                    "/v1/messages/%s/mark-sent".formatted(draft),
                                    "application/json",
                                    "{'answers': '%s'}".formatted(inner)));
            assertThat(marked.at("/copy/outcome").asString()).isEqualTo("stored");
            assertThat(marked.at("/draft/outcome").asString()).isEqualTo("moved");
            assertThat(marked.at("/original/marked").asBoolean()).isTrue();
        }
        assertThat(api.list("drafts")).isEmpty();
        assertThat(api.list("sent"))
                .hasSize(2)
                .allSatisfy(it ->
                        assertThat(it.get("keywords").propertyNames())
                                .contains("$seen")
                                .doesNotContain("$draft"));
    }
}
