package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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
import tools.jackson.databind.JsonNode;

/** sendReceipt through a scripted submission server, over HTTP. */
@OnGreenMail
class SendReceiptTest {

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

    private String received(String fields) {
        var message =
                """
                Return-Path: <ada@example.org>
                Received: from mx.secret.example by mx2.secret.example; now
                From: Ada <ada@example.org>
                To: bob@example.net, %s
                Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
                Date: Sun, 1 Mar 2026 12:00:00 +0000
                Message-ID: <asked@example.org>
                """
                        .formatted(api.from());
        return id(message + fields + "\nHello\n");
    }

    private String id(String message) {
        return api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", message))
                .get("id")
                .asString();
    }

    private MvcTestResult send(String id, String request) {
        return api.post("/v1/messages/%s/receipt".formatted(id), "application/json", request);
    }

    private JsonNode keywords(String id) {
        return api.get("/v1/messages/" + id).get("keywords");
    }

    @Test
    void aReceiptIsSentOnceToTheAddressThatAskedForIt() {
        var id = received("Disposition-Notification-To: ada@example.org\n");
        var before = api.get("/v1/messages/" + id).get("receiptRequested");

        var sent = api.ok(send(id, "{}"));

        assertThat(before.at("/to/0/email").asString()).isEqualTo("ada@example.org");
        assertThat(before.get("confirmationNeeded").asBoolean()).isFalse();
        assertThat(before.get("sent").asBoolean()).isFalse();
        assertThat(SMTP.commands())
                .contains("RCPT TO:<ada@example.org>")
                .anyMatch(it -> it.startsWith("MAIL FROM:<> SIZE="));
        assertThat(SMTP.messages()).hasSize(1);
        assertThat(SMTP.messages().getFirst())
                .contains(
                        "From: %s\r\nTo: ada@example.org\r\n".formatted(api.from()),
                        "In-Reply-To: <asked@example.org>",
                        "Auto-Submitted: auto-replied\r\n",
                        "report-type=disposition-notification",
                        "Content-Type: message/disposition-notification\r\n",
                        "\r\n\r\nReporting-UA: Postern\r\nFinal-Recipient: rfc822;%s\r\n"
                                .formatted(api.from()),
                        "Original-Message-ID: <asked@example.org>\r\n"
                                + "Disposition: manual-action/MDN-sent-manually; displayed\r\n")
                .doesNotContain("rfc822-headers", "secret.example");
        assertThat(sent.get("from").asString()).isEqualTo(api.from());
        assertThat(sent.at("/recipients/0/accepted").asBoolean()).isTrue();
        assertThat(keywords(id).propertyNames().toString()).containsIgnoringCase("$mdnsent");
        assertThat(api.get("/v1/messages/" + id).at("/receiptRequested/sent").asBoolean()).isTrue();
        var row = api.get("/v1/mailboxes/inbox/messages?fields=receiptRequested").at("/items/0");
        assertThat(row.at("/receiptRequested/sent").asBoolean()).isTrue();

        api.problem(send(id, "{}"), 409, "already-sent");

        assertThat(SMTP.messages()).hasSize(1);
    }

    /** The gateway reads what it has written. */
    @Test
    void whatIsSentIsAReadReceipt() {
        var id = received("Disposition-Notification-To: ada@example.org\n");

        api.ok(send(id, "{'disposition': 'deleted', 'automatic': true, 'returnHeaders': true}"));
        var sent = SMTP.messages().getFirst();
        var receipt = api.get("/v1/messages/" + id(sent.replace("\r\n.\r\n", "\r\n")));

        assertThat(receipt.at("/readReceipt/recipient").asString()).isEqualTo(api.from());
        assertThat(receipt.at("/readReceipt/originalMessageId").asString())
                .isEqualTo("asked@example.org");
        assertThat(receipt.at("/readReceipt/disposition").asString()).isEqualTo("deleted");
        assertThat(receipt.at("/readReceipt/automatic").asBoolean()).isTrue();
        assertThat(receipt.at("/automatic").toString()).contains("report", "auto-replied");
        assertThat(receipt.get("subject").asString())
                .isEqualTo("Return receipt (deleted): Gr\u00fc\u00dfe");
        assertThat(sent)
                .contains(
                        "Content-Type: text/rfc822-headers\r\n",
                        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n")
                .doesNotContain("secret.example", "Return-Path", "Disposition-Notification-To");
    }

    @Test
    void whoIsToGetItIsConfirmedWhereItIsNotWhereTheMessageCameFrom() {
        var id = received("Disposition-Notification-To: eve@example.org\n");

        api.problem(send(id, "{}"), 422, "not-possible");
        api.problem(send(id, "{'confirmed': true, 'automatic': true}"), 422, "not-possible");
        assertThat(SMTP.messages()).isEmpty();
        assertThat(keywords(id).propertyNames().toString()).doesNotContainIgnoringCase("$mdnsent");

        api.ok(send(id, "{'confirmed': true}"));

        assertThat(SMTP.commands()).contains("RCPT TO:<eve@example.org>");
    }

    @Test
    void whereNoneIsDueNoneIsSent() {
        var plain = received("");
        var report =
                received(
                        "Disposition-Notification-To: ada@example.org\n"
                                + "Content-Type: multipart/report; boundary=b\n");
        var demanding =
                received(
                        "Disposition-Notification-To: ada@example.org\n"
                                + "Disposition-Notification-Options: x=required,y\n");
        var broken = received("Disposition-Notification-To: \"a\\\"> RCPT\"@example.org\n");

        for (var id : new String[] {plain, report, demanding, broken}) {
            api.problem(send(id, "{'confirmed': true}"), 422, "not-possible");
        }
        assertThat(SMTP.messages()).isEmpty();
    }

    @Test
    void aReceiptThatIsRefusedMayBeSentLater() {
        var id = received("Disposition-Notification-To: ada@example.org\n");
        SMTP.answers("RCPT TO:", "550 5.1.1 unknown");

        api.problem(send(id, "{}"), 422, "recipients-refused");

        assertThat(keywords(id).propertyNames().toString()).doesNotContainIgnoringCase("$mdnsent");
        SMTP.reset();
        api.ok(send(id, "{}"));
    }

    @Test
    void oneOfSeveralRequestsAtOnceSends() throws InterruptedException {
        var id = received("Disposition-Notification-To: ada@example.org\n");
        Callable<Integer> request = () -> send(id, "{}").getResponse().getStatus();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = clients.invokeAll(Collections.nCopies(5, request));

            assertThat(answers).extracting(it -> it.resultNow()).containsOnlyOnce(200);
        }
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void whichOfSeveralAddressesIsTheUsersIsNotGuessed() {
        var asks = "Disposition-Notification-To: ada@example.org\n";
        var doubtful = received(asks + "Cc: x@example.org\n".replace("x", api.user + "+a"));
        var message =
                "Return-Path: <ada@example.org>\nTo: %1$s@evil.example, %1$s@other.example\n%2$s"
                        .formatted(api.user, asks);
        var unknown = id(message + "\nHello\n");
        var delivered = id("Delivered-To: %s\n%s\nHello\n".formatted(api.from(), message));

        assertThat(api.ok(send(doubtful, "{}")).get("from").asString()).isEqualTo(api.from());
        assertThat(api.problem(send(unknown, "{}"), 422, "not-possible").get("detail").asString())
                .contains("`from`");
        assertThat(api.ok(send(delivered, "{}")).get("from").asString()).isEqualTo(api.from());
    }

    @Test
    void theUsersAddressMayBeSaid() {
        var id = received("Disposition-Notification-To: ada@example.org\n");

        var problem = api.problem(send(id, "{'from': 'nobody'}"), 400, "invalid-request");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/from");
        api.problem(send(id, "{'from': 'eve@example.org'}"), 403, "sending-not-permitted");
        var sent = api.ok(send(id, "{'from': '%s@elsewhere.example'}".formatted(api.user)));

        assertThat(sent.get("from").asString()).isEqualTo(api.user + "@elsewhere.example");
    }
}
