package postern.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.compose.NewMessages;
import postern.compose.SendOptions;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.message.change.MessageLocks;
import postern.shared.InMemorySharedState;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpConnector.Reuse;
import postern.testclient.PlainImapClient;
import postern.testserver.PostfixServer;
import postern.web.id.MessageId;
import postern.web.problem.ProblemException;

/** Sends through Postfix, into the mailboxes of the Dovecot beside it. */
@SpringBootTest
@AutoConfigureMockMvc
@Timeout(600)
class SendingIT {

    private static final PostfixServer SERVER = PostfixServer.POSTFIX;
    private static final Duration DELIVERY = Duration.ofSeconds(120);

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    @Autowired private MeterRegistry meters;
    @Autowired private SmtpConnector connector;
    @Autowired private MessageSender sender;
    @Autowired private SubmissionServers servers;
    @Autowired private Envelopes envelopes;
    @Autowired private NewMessages newMessages;
    @Autowired private Filing filing;
    @Autowired private StoredDrafts stored;
    @Autowired private KeyedSubmissions keyed;

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
    private static String delivered(PlainImapClient program, String messageId) throws IOException {
        long uid = awaitDelivery(program, messageId);
        return new String(program.octets("INBOX", uid), ISO_8859_1);
    }

    private static long awaitDelivery(PlainImapClient program, String messageId)
            throws IOException {
        long end = System.nanoTime() + DELIVERY.toNanos();
        while (System.nanoTime() < end) {
            program.command("SELECT INBOX");
            var found = program.search("INBOX", "HEADER Message-ID " + messageId);
            if (!found.isEmpty()) {
                assertThat(found).hasSize(1);
                return found.getFirst();
            }
            program.command("NOOP");
            Thread.onSpinWait();
        }
        throw new AssertionError("not delivered in time");
    }

    /** By BDAT and by DATA. */
    @ParameterizedTest
    @ValueSource(ints = {10_000, 200_000})
    void aDraftWithFilesArrivesWholeAndIsFiled(int octets) throws Exception {
        var api = new SendingApi(http, SERVER);
        var reader = SERVER.newUser();
        var asked = api.stored("inbox", "{'subject': 'What?', 'text': 'x'}");
        var photo =
                api.stored(
                        "inbox",
                        "{'subject': 'photo', 'text': '%s'}".formatted("p".repeat(octets)));
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
            assertThat(sender.flags("Drafts").toString())
                    .contains("\\Draft")
                    .doesNotContain("$Submit");
            assertThat(sender.search("INBOX", "SUBJECT What? ANSWERED")).isEmpty();

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

    /** A gateway process that shares nothing with others but the mail server. */
    private final class Replica {

        final DraftClaims claims =
                new DraftClaims(connections, new InMemorySharedState(InstantSource.system()));
        final Submissions submissions =
                new Submissions(
                        sender,
                        servers,
                        envelopes,
                        newMessages,
                        claims,
                        filing,
                        connections,
                        stored,
                        keyed,
                        newLocks());

        private static MessageLocks newLocks() {
            return new AnnotationConfigApplicationContext(MessageLocks.class)
                    .getBean(MessageLocks.class);
        }
    }

    private static Account account(SendingApi api) {
        return new Account(
                new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                api.user,
                new Password(SERVER.password()));
    }

    /** How many of ten replicas at once did it; the others got a problem. */
    private long successesOfTen(Callable<?> work) throws Exception {
        Callable<Boolean> attempt =
                () -> {
                    try {
                        work.call();
                        return true;
                    } catch (ProblemException | ImapException _) {
                        return false;
                    }
                };
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            return replicas.invokeAll(Collections.nCopies(10, attempt)).stream()
                    .filter(it -> it.resultNow())
                    .count();
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

        long claims =
                successesOfTen(() -> {
                    var state = new InMemorySharedState(InstantSource.system());
                    new ReceiptClaims(connections, state).of(account, ref).take();
                    return true;
                });

        assertThat(claims).isEqualTo(1);
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

    @Test
    void ofTenReplicasOneSendsADraft() throws Exception {
        var api = new SendingApi(http, SERVER);
        var reader = SERVER.newUser();
        var id = "ten-%s@example.org".formatted(api.user);
        var draft =
                MessageId.parse(
                                api.draft(
                                        "{'from': [{'email': '%s'}], 'to': [{'email': '%s@example.org'}], 'internetMessageId': '%s'}"
                                                .formatted(api.from(), reader, id)))
                        .ref();
        var options = new SendOptions(null, null, null, null, null, null, null);

        long sent =
                successesOfTen(() ->
                        new Replica().submissions.sendDraft(account(api), draft, options, false));

        assertThat(sent).isEqualTo(1);
        api.ok(
                api.sendNew(
                        "{'from': [{'email': '%s'}], 'to': [{'email': '%s@example.org'}], 'internetMessageId': 'later-%s@example.org'}"
                                .formatted(api.from(), reader, api.user)));
        try (var program = PlainImapClient.of(SERVER, reader);
                var own = PlainImapClient.of(SERVER, api.user)) {
            delivered(program, "later-" + api.user);
            delivered(program, id);
            assertThat(program.count("INBOX")).isEqualTo(2);
            assertThat(own.count("Sent")).isEqualTo(2);
            assertThat(own.count("Drafts")).isZero();
        }
    }

    /** They looked at the same moment, and each thinks that it was not sent. */
    @Test
    void ofTenReplicasOneReplacesAClaimByForce() throws Exception {
        var api = new SendingApi(http, SERVER);
        var draft = MessageId.parse(api.draft("{'subject': 'one'}")).ref();
        var account = account(api);
        new Replica().claims.take(account, draft, null); // and died
        var looked = new CyclicBarrier(10);

        long claims =
                successesOfTen(() -> {
                    var replica = new Replica().claims;
                    var found = replica.requireUnsent(account, draft, true, true);
                    looked.await(120, TimeUnit.SECONDS);
                    return replica.take(account, draft, found);
                });

        assertThat(claims).isEqualTo(1);
    }

    @Test
    void theNextMessageNeedsNoLogin() throws Exception {
        var api = new SendingApi(http, SERVER);
        var letter =
                "{'from': [{'email': '%s'}], 'to': [{'email': '%s'}], 'internetMessageId': '%%s-%s@example.org'}"
                        .formatted(api.from(), api.from(), api.user);
        api.ok(api.sendNew(letter.formatted("one")));
        double before = reused();
        api.ok(api.sendNew(letter.formatted("two")));
        assertThat(reused()).isEqualTo(before + 1);

        try (var program = PlainImapClient.of(SERVER, api.user)) {
            delivered(program, "one-" + api.user);
            delivered(program, "two-" + api.user);
            assertThat(program.count("INBOX")).isEqualTo(2);
        }
    }

    private double reused() {
        return meters.get("postern.smtp.connections.reused").counter().count();
    }

    @Test
    void anAddressThatIsNotAsciiGetsItsMail() throws Exception {
        var api = new SendingApi(http, SERVER);
        var id = "international-" + api.user;
        var message =
                "From: %s\r\nTo: %s\r\nMessage-ID: <%s@example.org>\r\nDate: Mon, 30 Nov 2026 10:00:00 +0000\r\n\r\nGr\u00fc\u00dfe\r\n"
                        .formatted(api.from(), PostfixServer.INTERNATIONAL, id);

        var sent = api.ok(api.post("/v1/send", "message/rfc822", message));

        assertThat(sent.at("/recipients/0/accepted").asBoolean()).isTrue();
        try (var program = PlainImapClient.of(SERVER, PostfixServer.INTERNATIONAL_USER)) {
            var arrived = delivered(program, id);
            assertThat(arrived).endsWith(new String(message.getBytes(UTF_8), ISO_8859_1));
        }
    }

    /** Of the header's length, and lines of text up to this size. */
    private record LargeMessage(String header, long size) implements OutgoingMessage {

        private static final byte[] LINE = ("x".repeat(70) + "\r\n").getBytes(ISO_8859_1);

        @Override
        public InputStream open() {
            return new SequenceInputStream(
                    new ByteArrayInputStream(header.getBytes(ISO_8859_1)),
                    new InputStream() {
                        private long at;

                        @Override
                        public int read() {
                            return at == size ? -1 : LINE[(int) (at++ % LINE.length)];
                        }

                        @Override
                        public int read(byte[] target, int offset, int length) {
                            int some = (int) Math.min(length, size - at);
                            for (int i = 0; i < some; i++) {
                                target[offset + i] = (byte) read();
                            }
                            return some == 0 ? -1 : some;
                        }
                    });
        }

        @Override
        public long length() {
            return header.length() + size;
        }

        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public boolean eightBitHeader() {
            return false;
        }
    }

    @Test
    void aHundredMegabytesAreStreamedWithLessThanTwoOfMemory() throws Exception {
        var api = new SendingApi(http, SERVER);
        var id = "large-" + api.user;
        long lines = (100 << 20) / LargeMessage.LINE.length;
        var message =
                new LargeMessage(
                        "From: %s\r\nMessage-ID: <%s@example.org>\r\n\r\n"
                                .formatted(api.from(), id),
                        lines * LargeMessage.LINE.length);
        var submitter = servers.submitter(account(api));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var connection = connector.connect(submitter, Reuse.NEVER)) {
            long before = threads.getCurrentThreadAllocatedBytes();

            connection.send(new Envelope(api.from(), List.of(api.from())), message);

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        }
        try (var program = PlainImapClient.of(SERVER, api.user)) {
            awaitDelivery(program, id);
        }
        var arrived =
                SERVER.run(
                        "sh",
                        "-c",
                        "cd /srv/mail/%s/Maildir && tail -c %d cur/* new/* 2>/dev/null | grep -c '^x\\{70\\}.$'"
                                .formatted(api.user, message.size()));
        assertThat(arrived.strip()).isEqualTo(Long.toString(lines));
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
