package postern.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.shared.InMemorySharedState;
import postern.testclient.PlainImapClient;
import postern.testserver.PostfixServer;
import postern.web.id.MessageId;
import postern.web.problem.ProblemException;

/** Sends through Postfix, into the mailboxes of the Dovecot beside it. */
@SpringBootTest
@AutoConfigureMockMvc
class SendingIT {

    private static final PostfixServer SERVER = PostfixServer.POSTFIX;
    private static final Duration DELIVERY = Duration.ofSeconds(20);

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
        properties.add("postern.submission.host", SERVER::host);
        properties.add("postern.submission.port", SERVER::submissionPort);
        properties.add("postern.submission.security", () -> "none");
    }

    /** Waits for the message to be delivered, and returns its octets. */
    private static String delivered(PlainImapClient program, String messageId)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + DELIVERY.toNanos();
        while (System.nanoTime() < end) {
            program.command("SELECT INBOX");
            var found = program.search("INBOX", "HEADER Message-ID " + messageId);
            if (!found.isEmpty()) {
                assertThat(found).hasSize(1);
                return new String(program.octets("INBOX", found.getFirst()), ISO_8859_1);
            }
            program.command("NOOP");
            Thread.onSpinWait();
        }
        throw new AssertionError("not delivered in time");
    }

    @Test
    void aDraftWithFilesArrivesWholeAndIsFiled() throws Exception {
        var api = new SendingApi(http, SERVER);
        var reader = SERVER.newUser();
        var asked = api.stored("inbox", "{'subject': 'What?', 'text': 'x'}");
        var photo =
                api.stored(
                        "inbox",
                        "{'subject': 'photo', 'text': '%s'}".formatted("p".repeat(50_000)));
        var draft =
                api.draft(
                        ("{'from': [{'email': '%s'}], 'to': [{'email': '%s@example.org'}],"
                                        + " 'bcc': [{'email': '%s'}], 'subject': 'Caf\u00e9', 'text': '.\\n..\\nfrom',"
                                        + " 'html': '<p>Hi</p>', 'internetMessageId': 'whole-%s@example.org',"
                                        + " 'attachments': [{'messageId': '%s', 'name': 'photo.eml'}]}")
                                .formatted(api.from(), reader, api.from(), api.user, photo));
        try (var sender = PlainImapClient.of(SERVER, api.user);
                var receiver = PlainImapClient.of(SERVER, reader)) {
            var stored =
                    new String(
                            sender.octets("Drafts", sender.search("Drafts", "ALL").getFirst()),
                            ISO_8859_1);

            var sent = api.ok(api.send(draft, "", "{'answers': '%s'}".formatted(asked)));

            var arrived = delivered(receiver, "whole-" + api.user);
            var expected = stored.replaceAll("(?m)^Bcc: .*\\r\\n", "");
            assertThat(stored).contains("\r\nBcc: ");
            assertThat(arrived).endsWith(expected).doesNotContain("Bcc:");
            assertThat(delivered(sender, "whole-" + api.user)).endsWith(expected);
            assertThat(sent.get("queueId").asString()).isNotEmpty();
            assertThat(sent.at("/copy/outcome").asString()).isEqualTo("stored");
            assertThat(sender.count("Drafts")).isZero();
            assertThat(sender.count("Sent")).isEqualTo(1);
            assertThat(sender.flags("Sent").toString())
                    .contains("$Submitted", "\\Seen")
                    .doesNotContain("$SubmitPending", "\\Draft");
            assertThat(sender.search("INBOX", "SUBJECT What? ANSWERED")).hasSize(1);
        }
    }

    @Test
    void aHundredRecipientsOfWhomThreeDoNotExist() throws Exception {
        var api = new SendingApi(http, SERVER);
        var to =
                IntStream.rangeClosed(1, 100)
                        .mapToObj(i -> i % 40 == 1 ? "nobody" + i : "u" + (300 + i))
                        .map("{'email': '%s@example.org'}"::formatted)
                        .collect(Collectors.joining(", "));

        var sent =
                api.ok(
                        api.sendNew(
                                "{'from': [{'email': '%s'}], 'to': [%s], 'subject': 'All', 'internetMessageId': 'all@example.org'}"
                                        .formatted(api.from(), to)));

        var refused =
                sent.get("recipients")
                        .valueStream()
                        .filter(it -> !it.get("accepted").asBoolean())
                        .toList();
        assertThat(sent.get("recipients")).hasSize(100);
        assertThat(refused)
                .hasSize(3)
                .allMatch(it -> it.get("smtpStatus").asString().equals("550 5.1.1"))
                .allMatch(it -> it.get("email").asString().startsWith("nobody"));
        for (var user : new String[] {"u302", "u400"}) {
            try (var program = PlainImapClient.of(SERVER, user)) {
                delivered(program, "all@example.org");
            }
        }
    }

    /** Each has a shared state of its own: only the mail server knows of all of them. */
    @Test
    void ofTenReplicasOneClaimsADraft() throws Exception {
        var api = new SendingApi(http, SERVER);
        var draft = MessageId.parse(api.draft("{'subject': 'one'}")).ref();
        var account = account(api);
        Callable<Boolean> claim =
                () -> {
                    var state = new InMemorySharedState(InstantSource.system());
                    try {
                        new DraftClaims(connections, state).take(account, draft, false);
                        return true;
                    } catch (ProblemException _) {
                        return false;
                    }
                };
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims = replicas.invokeAll(Collections.nCopies(10, claim));

            assertThat(claims.stream().map(it -> it.resultNow())).filteredOn(it -> it).hasSize(1);
        }
    }

    /** Its return path is empty, which Postfix notes where it delivers. */
    @Test
    void aReceiptArrivesAndNoOtherReplicaSendsIt() throws Exception {
        var api = new SendingApi(http, SERVER);
        var asker = SERVER.newUser() + "@example.org";
        var asked =
                received(
                        api,
                        "Return-Path: <%1$s>\nFrom: %1$s\nTo: %2$s\nSubject: Q\n"
                                + "Message-ID: <q-%3$s@example.org>\n"
                                + "Disposition-Notification-To: %1$s\n\nSeen?\n",
                        asker);
        var path = "/v1/messages/%s/receipt".formatted(asked);

        var sent = api.ok(api.post(path, "application/json", "{'returnHeaders': true}"));

        var user = asker.substring(0, asker.indexOf('@'));
        try (var receiver = PlainImapClient.of(SERVER, user);
                var program = PlainImapClient.of(SERVER, api.user)) {
            assertThat(delivered(receiver, sent.get("internetMessageId").asString()))
                    .startsWith("Return-Path: <>\r\n")
                    .contains(
                            "Final-Recipient: rfc822;" + api.from(),
                            "Original-Message-ID: <q-%s@example.org>".formatted(api.user));
            assertThat(program.flags("INBOX").toString()).containsIgnoringCase("$MDNSent");
        }
        var account = account(api);
        var ref = MessageId.parse(asked).ref();
        var elsewhere =
                new ReceiptClaims(connections, new InMemorySharedState(InstantSource.system()));
        assertThatThrownBy(() -> elsewhere.of(account, ref).take())
                .isInstanceOf(ProblemException.class);
        api.problem(api.post(path, "application/json", "{}"), 409, "already-sent");
    }

    /** Each has a shared state of its own: only the mail server knows of all of them. */
    @Test
    void ofTenReplicasOneClaimsAReceipt() throws Exception {
        var api = new SendingApi(http, SERVER);
        var asked = received(api, "To: %1$s\n\nSeen by %2$s %3$s?\n", "x@example.org");
        var ref = MessageId.parse(asked).ref();
        var account = account(api);
        Callable<Boolean> claim =
                () -> {
                    var state = new InMemorySharedState(InstantSource.system());
                    try {
                        new ReceiptClaims(connections, state).of(account, ref).take();
                        return true;
                    } catch (ProblemException _) {
                        return false;
                    }
                };
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims = replicas.invokeAll(Collections.nCopies(10, claim));

            assertThat(claims.stream().map(it -> it.resultNow())).filteredOn(it -> it).hasSize(1);
        }
    }

    @Test
    void aListIsLeftByMailThatArrives() throws Exception {
        var api = new SendingApi(http, SERVER);
        var list = SERVER.newUser();
        var news =
                received(
                        api,
                        "From: %1$s\nTo: %2$s\nSubject: News for %3$s\nList-Unsubscribe:"
                                + " <mailto:%1$s?subject=Gr%%C3%%BC%%C3%%9Fe&body=leave%%0D%%0A.>\n"
                                + "\nNews\n",
                        list + "@example.org");

        var told =
                api.ok(
                        api.post(
                                "/v1/messages/%s/unsubscribe".formatted(news),
                                "application/json",
                                "{}"));

        assertThat(told.get("method").asString()).isEqualTo("mail");
        try (var receiver = PlainImapClient.of(SERVER, list)) {
            assertThat(delivered(receiver, told.get("internetMessageId").asString()))
                    .contains("From: " + api.from(), "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=");
        }
    }

    /** The id of a message in the inbox, of a text with the other's address, and the user's. */
    private static String received(SendingApi api, String message, String other) {
        var octets = message.formatted(other, api.from(), api.user);
        return api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", octets))
                .get("id")
                .asString();
    }

    private static Account account(SendingApi api) {
        return new Account(
                new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                api.user,
                new Password(SERVER.password()));
    }

    @Test
    void aWrongPasswordForSendingIsTold() {
        var api = new SendingApi(http, SERVER);

        var problem =
                api.problem(
                        api.post(
                                "/v1/sessions",
                                "application/json",
                                "{'username': '%s', 'password': '%s', 'submission': {'password': 'wrong'}}"
                                        .formatted(api.user, SERVER.password())),
                        403,
                        "submission-login-refused");

        assertThat(problem.get("smtpStatus").asString()).startsWith("535");
    }
}
