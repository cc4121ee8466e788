package postern.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.message.Flag;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.transfer.SpoolSpace;

/** Large messages are streamed, or refused before they are read. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.compose.max-upload=20GB", "postern.spool.max-size=40GB"})
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@Timeout(120)
class UploadsIT {

    private static final String MESSAGE = "message/rfc822";
    private static final String FORM = "multipart/form-data; boundary=b";
    private static final String INBOX = "POST /v1/mailboxes/inbox/messages";

    /** More than 8 GB, the quota of every account on servers with quotas. */
    private static final long MORE_THAN_THE_QUOTA = 9_000_000_000L;

    private static final byte[] PIECE = ("x".repeat(62) + "\r\n").repeat(16_384).getBytes(UTF_8);
    private static final int PIECES = 100;

    @TempDir private static Path spools;

    @LocalServerPort private int port;
    @Autowired private SessionTokens sessions;
    @Autowired private ImapConnections connections;
    @Autowired private SpoolSpace space;

    @DynamicPropertySource
    static void theSpools(DynamicPropertyRegistry properties) {
        properties.add("postern.spool.directory", () -> spools);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void answers507BeforeWhatTheQuotaHasNoRoomForIsSent(RealServer server) throws Exception {
        var account = account(server.host(), server.port(), server.newUser(), server.password());
        var draft = "PUT /v1/messages/%s/content".formatted(draft(account));

        for (var request : new String[] {INBOX, draft}) {
            for (var type : new String[] {MESSAGE, FORM}) {
                var head = head(account, request, type, MORE_THAN_THE_QUOTA);
                assertThat(answer(head))
                        .as(type)
                        .startsWith("HTTP/1.1 507 ")
                        .contains("over-quota");
                assertThat(answer(patient(head))).as(type).startsWith("HTTP/1.1 507 ");
            }
        }
        requireNothingSpooled();
    }

    @ParameterizedTest
    @ValueSource(strings = {MESSAGE, FORM})
    void answers413BeforeWhatTheServerTakesFromNobodyIsSent(String type) throws Exception {
        try (var server = ScriptedImapServer.start()) {
            server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "APPENDLIMIT=30000000");
            var head =
                    head(
                            account(server.host(), server.port(), "ada", "x"),
                            INBOX,
                            type,
                            50_000_000);

            assertThat(answer(head)).startsWith("HTTP/1.1 413 ").contains("message-too-big");
            assertThat(answer(patient(head))).startsWith("HTTP/1.1 413 ");
        }
    }

    /** Dovecot has no general limit, and announces one per mailbox. */
    @Test
    void answers413BeforeWhatTheMailboxDoesNotTakeIsSent() throws Exception {
        try (var server = ScriptedImapServer.start()) {
            server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "APPENDLIMIT");
            server.expectMatching("STATUS \"INBOX\" .*MESSAGES.*")
                    .reply("* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1)", "OK");
            server.expectMatching("STATUS \"INBOX\" \\(APPENDLIMIT\\)")
                    .reply("* STATUS INBOX (APPENDLIMIT 30000000)", "OK");
            var account = account(server.host(), server.port(), "ada", "x");

            assertThat(answer(patient(head(account, INBOX, MESSAGE, 50_000_000))))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("message-too-big");
        }
    }

    /**
     * Each chunk is sent after the previous one has arrived: a gateway that waits for the end would
     * hang.
     */
    @Test
    void aHundredMegabytesGoThroughPieceByPiece() throws Exception {
        long octets = (long) PIECES * PIECE.length;
        try (var sink = MailSink.start();
                var socket = new Socket("localhost", port)) {
            var out = socket.getOutputStream();
            var account = account(sink.host(), sink.port(), "ada", "x");
            out.write(head(account, INBOX, MESSAGE, octets).getBytes(UTF_8));

            for (int sent = 1; sent <= PIECES; sent++) {
                out.write(PIECE);
                sink.awaitReceived((sent - 1L) * PIECE.length);
                if (sent == PIECES / 2) {
                    assertThat(spooled()).isGreaterThan((sent - 2L) * PIECE.length);
                }
            }

            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 201 ").contains("\"size\":" + octets);
        }
        requireNothingSpooled();
    }

    @ParameterizedTest
    @ValueSource(strings = {MESSAGE, FORM})
    void answers503BeforeWhatTheDiskHasNoRoomForIsSent(String type) throws Exception {
        long others = space.most() - 100_000;
        space.take(others);
        try (var sink = MailSink.start()) {
            var account = account(sink.host(), sink.port(), "ada", "x");
            var head = head(account, INBOX, type, 50_000_000);

            assertThat(answer(head))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: ", "uploads-full");
            assertThat(answer(patient(head))).startsWith("HTTP/1.1 503 ");
        } finally {
            space.giveBack(others);
        }
        requireNothingSpooled();
    }

    @Test
    void theRoomOfAFormIsThereAgainWhenItIsStored() throws Exception {
        var form =
                "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n"
                        + "{\"subject\": \"s\", \"attachments\": [{\"part\": \"file\"}]}\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
                        + "x".repeat(2_000_000)
                        + "\r\n--b--\r\n";
        try (var sink = MailSink.start()) {
            var head =
                    head(account(sink.host(), sink.port(), "ada", "x"), INBOX, FORM, form.length());

            assertThat(answer(head + form)).startsWith("HTTP/1.1 201 ");
        }
        requireNothingSpooled();
    }

    /** Soon: a response may arrive before what its request has spooled is deleted. */
    private void requireNothingSpooled() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> {
                    assertThat(space.taken()).isZero();
                    assertThat(files()).isEmpty();
                });
    }

    private static long spooled() throws IOException {
        return Files.size(files().getFirst());
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.walk(spools)) {
            return files.filter(Files::isRegularFile).filter(it -> !it.endsWith("lock")).toList();
        }
    }

    private String draft(Account account) {
        var octets = "Subject: draft\r\n\r\ntext\r\n".getBytes(UTF_8);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.INBOX,
                            Set.of(Flag.DRAFT),
                            null,
                            new ByteArrayInputStream(octets),
                            octets.length);
            return MessageId.of(requireNonNull(appended.message())).toString();
        }
    }

    private static Account account(String host, int port, String user, String password) {
        return new Account(new ImapServer(host, port, Security.NONE), user, new Password(password));
    }

    private String head(Account account, String request, String type, long octets) {
        return "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".formatted(request)
                + "Authorization: Bearer %s\r\n".formatted(sessions.seal(sessions.start(account)))
                + "Content-Type: %s\r\nContent-Length: %d\r\n\r\n".formatted(type, octets);
    }

    /** The head of a request with Expect: 100-continue. */
    private static String patient(String head) {
        return head.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    }

    /** The response to a request of which only the header is sent. */
    private String answer(String head) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(head.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
