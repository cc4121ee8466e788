package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.cache.MeasuredCache;
import postern.testclient.PlainImapClient;
import postern.testserver.RealServer;
import postern.testserver.ScriptedSmtpServer;

/** Claims and files drafts on every mail server. */
@SpringBootTest
@AutoConfigureMockMvc
class SendingOnServersIT {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();

    @Autowired private MockMvcTester http;
    @Autowired private List<MeasuredCache> caches;

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

    @AfterEach
    void forget() {
        SMTP.reset();
    }

    @ParameterizedTest
    @EnumSource
    void aDraftIsSentOnceAndFiled(RealServer server) throws Exception {
        var api = new SendingApi(http, server);
        api.logIn(
                "{'username': '%s', 'password': '%s', 'server': '%s'}"
                        .formatted(api.user, server.password(), name(server)));
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

    @ParameterizedTest
    @EnumSource
    void aReceiptIsSentOnceAndAListIsLeft(RealServer server) {
        var api = new SendingApi(http, server);
        api.logIn(
                "{'username': '%s', 'password': '%s', 'server': '%s'}"
                        .formatted(api.user, server.password(), name(server)));
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
        caches.stream()
                .filter(it -> it.cacheName().equals("idempotency"))
                .forEach(it -> it.cache().invalidateAll());
    }

    @ParameterizedTest
    @EnumSource
    void aNewMessageWithAKeyIsSentOnceAndFiled(RealServer server) throws Exception {
        var api = new SendingApi(http, server);
        api.logIn(
                "{'username': '%s', 'password': '%s', 'server': '%s'}"
                        .formatted(api.user, server.password(), name(server)));
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
}
