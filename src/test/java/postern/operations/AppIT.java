package postern.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.client.ApiException;
import postern.client.api.MessagesApi.APICopyMessageRequest;
import postern.client.api.MessagesApi.APIDeleteMessageRequest;
import postern.client.api.MessagesApi.APIGetMessageRequest;
import postern.client.api.SessionsApi.APIEndSessionRequest;
import postern.client.model.CopyRequest;
import postern.client.model.Include;
import postern.client.model.Login;
import postern.client.model.Mailbox;
import postern.client.model.Message;
import postern.client.model.MessagePart;
import postern.client.model.MessagePatch;
import postern.client.model.MessageSummary;
import postern.samplemail.Entity;
import postern.samplemail.MessageBuilder;
import postern.samplemail.SampleFile;
import postern.samplemail.SampleMail;
import postern.testclient.GeneratedClientApp;
import postern.testclient.PlainImapClient;
import postern.testserver.RealServer;

/** A web app with the generated client; another mail program checks the results. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@NullMarked
class AppIT {

    private static final RealServer SERVER = RealServer.DOVECOT_2_3;

    /** {@code Entwürfe & Pläne/2026 "Q1"} as RFC 3501 §5.1.3 sends it. */
    private static final String PLANS = "\"Entw&APw-rfe &- Pl&AOQ-ne/2026 \\\"Q1\\\"\"";

    private static final String PATTERN =
            """
            From: Ada <ada@example.org>
            Subject: %s

            %s
            """;

    @LocalServerPort private int port;

    private final String user = SERVER.newUser();
    private GeneratedClientApp app;
    private PlainImapClient program;

    @DynamicPropertySource
    static void mailServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @BeforeEach
    void logIn() throws ApiException, IOException {
        app = GeneratedClientApp.loggedIn(port, user, SERVER.password());
        program = PlainImapClient.of(SERVER, user);
    }

    @AfterEach
    void quit() throws IOException {
        program.close();
    }

    @Test
    void aSessionStandsForThePasswordUntilItIsEnded() throws ApiException {
        var session = app.sessions().getSession();
        assertThat(session.getAccount().getUsername()).isEqualTo(user);
        assertThat(app.listMailboxes().getItems()).isNotEmpty();

        app.sessions().endSession(APIEndSessionRequest.newBuilder().build());

        assertThat(app.problem(() -> app.listMailboxes()).getCode()).isEqualTo("session-revoked");
    }

    @Test
    void mailboxesHaveRolesAndTheServersCounts() throws Exception {
        program.append("INBOX", PATTERN.formatted("one", "text"));
        program.append("INBOX (\\Seen)", PATTERN.formatted("two", "text"));

        var mailboxes = app.listMailboxes().getItems();

        assertThat(mailboxes)
                .filteredOn(it -> it.getRole() != null)
                .extracting(Mailbox::getRole)
                .containsExactlyInAnyOrder("inbox", "drafts", "sent", "trash", "archive");
        assertThat(mailboxes)
                .filteredOn(it -> "inbox".equals(it.getRole()))
                .extracting(Mailbox::getTotalMessages, Mailbox::getUnreadMessages)
                .containsExactly(tuple(2L, 1L));
    }

    @Test
    void pagesHoldEveryMessageOnceWhileNewMailArrives() throws Exception {
        var late = SERVER.newUser();
        SERVER.fill(late, new SampleMail(7).messages(60));
        var reader = GeneratedClientApp.loggedIn(port, late, SERVER.password());

        var ids = new ArrayList<String>();
        try (var sender = PlainImapClient.of(SERVER, late)) {
            var next = reader.list("inbox").limit(13);
            for (var page = reader.messages().listMessages(next.build());
                    ;
                    page = reader.messages().listMessages(next.build())) {
                page.getItems().forEach(it -> ids.add(it.getId()));
                sender.append("INBOX", PATTERN.formatted("news", "text"));
                if (page.getNextCursor() == null) {
                    break;
                }
                next.cursor(page.getNextCursor());
            }

            assertThat(ids).hasSize(60).doesNotHaveDuplicates();
            var again = reader.all("inbox");
            assertThat(again).hasSize(sender.count("INBOX")).hasSize(65);
            assertThat(again.subList(0, 5))
                    .extracting(MessageSummary::getSubject)
                    .containsOnly("news");
            assertThat(again.subList(5, 65))
                    .extracting(MessageSummary::getId)
                    .containsExactlyElementsOf(ids);
        }
    }

    @Test
    void messagesWithTheSameSubjectAreDifferentMessages() throws Exception {
        for (var text : List.of("first", "second", "third")) {
            program.append("INBOX", PATTERN.formatted("Re: lunch?", text));
        }

        var all = app.all("inbox");

        assertThat(all).extracting(MessageSummary::getSubject).containsOnly("Re: lunch?");
        var texts = new ArrayList<String>();
        for (var message : all) {
            texts.add(text(message.getId()).strip());
        }
        assertThat(texts).containsExactly("third", "second", "first");
    }

    @Test
    void aMailboxOfAnyNameIsListedAndOpened() throws Exception {
        program.command("CREATE " + PLANS);
        program.append(PLANS, PATTERN.formatted("plan", "text"));

        var mailbox = app.mailbox("Entwürfe & Pläne/2026 \"Q1\"");

        assertThat(mailbox.getName()).isEqualTo("2026 \"Q1\"");
        assertThat(mailbox.getParentId()).isEqualTo(app.mailbox("Entwürfe & Pläne").getId());
        // A single mailbox has its quotas and keywords, too.
        var single = app.mailboxes().getMailbox(mailbox.getId(), null);
        assertThat(single.getMayCreateKeywords()).isTrue();
        assertThat(
                        single.quotas(mailbox.getQuotas())
                                .keywords(mailbox.getKeywords())
                                .mayCreateKeywords(mailbox.getMayCreateKeywords()))
                .isEqualTo(mailbox);
        assertThat(app.all(mailbox.getId()))
                .extracting(MessageSummary::getSubject, MessageSummary::getMailboxId)
                .containsExactly(tuple("plan", mailbox.getId()));
    }

    @Test
    void readingShowsTextHtmlAndHeadersAndLeavesTheMessageUnseen() throws Exception {
        var html = "<p>Grüße <b>Ada</b></p><script>alert(1)</script>";
        var body = Entity.multipart("alternative", Entity.text("Grüße\n"), Entity.html(html));
        program.appendOctets("INBOX", octets(letter("Mittagessen für zwölf").with(body)));

        var message =
                read(
                        app.only("inbox"),
                        Include.IncludeText,
                        Include.IncludeHtml,
                        Include.IncludeHeaders);

        assertThat(message.getSubject()).isEqualTo("Mittagessen für zwölf");
        assertThat(message.getFrom().getFirst().getEmail()).isEqualTo("ada@example.org");
        assertThat(requireNonNull(message.getText()).getContent().strip()).isEqualTo("Grüße");
        assertThat(requireNonNull(message.getHtml()).getContent())
                .contains("Grüße <b>Ada</b>")
                .doesNotContain("script");
        assertThat(message.getHeaders())
                .extracting(it -> it.getName())
                .contains("From", "Subject", "Content-Type");
        assertThat(program.flags("INBOX")).doesNotContain("\\Seen");
    }

    @Test
    void keywordsAreSetAndTakenAwayForEveryClient() throws Exception {
        program.append("INBOX", PATTERN.formatted("bill", "text"));
        var id = app.only("inbox");
        var odd = "proj/2026:Q1+x~y#'!";

        app.update(
                id,
                new MessagePatch().putKeywordsItem("$flagged", true).putKeywordsItem(odd, true));
        assertThat(program.flags("INBOX")).contains("\\Flagged", odd);
        assertThat(app.read(id).getKeywords()).containsEntry(odd, true).containsKey("$flagged");

        app.update(id, new MessagePatch().putKeywordsItem("$flagged", false));
        assertThat(program.flags("INBOX")).contains(odd).doesNotContain("\\Flagged");

        for (var forbidden : List.of("two words", "a\r\nb", "Ċ", "(x)", "")) {
            var patch = new MessagePatch().putKeywordsItem(forbidden, true);
            assertThat(app.problem(() -> app.update(id, patch)).getStatus()).isEqualTo(400);
        }
    }

    @Test
    void aChangeBasedOnAnOldVersionIsRefused() throws Exception {
        program.append("INBOX", PATTERN.formatted("bill", "text"));
        var id = app.only("inbox");
        var stale = app.eTag(id);
        program.command("SELECT INBOX");
        program.command("STORE 1 +FLAGS (\\Answered)");
        var patch = new MessagePatch().putKeywordsItem("$flagged", true);

        var problem = app.problem(() -> app.updateIf(stale, id, patch));

        assertThat(problem.getStatus()).isEqualTo(412);
        assertThat(problem.getCode()).isEqualTo("message-modified");
        assertThat(program.flags("INBOX")).doesNotContain("\\Flagged");
        assertThat(app.updateIf(app.eTag(id), id, patch).getKeywords()).containsKey("$flagged");
    }

    @Test
    void aMovedMessageHasANewIdAndTheOldOneIsGone() throws Exception {
        program.append("INBOX", PATTERN.formatted("keep", "me"));
        var old = app.only("inbox");

        var moved = app.update(old, new MessagePatch().mailboxId("archive"));

        assertThat(app.read(requireNonNull(moved.getId())).getSubject()).isEqualTo("keep");
        assertThat(moved.getMailboxId()).isEqualTo(app.mailbox("Archive").getId());
        assertThat(app.problem(() -> app.read(old)).getCode()).isEqualTo("message-not-found");
        assertThat(program.count("INBOX")).isZero();
        assertThat(program.count("Archive")).isOne();
    }

    @Test
    void copiesAndDeletionsAreWhatTheOtherProgramSees() throws Exception {
        program.append("INBOX", PATTERN.formatted("twice", "text"));
        var id = app.only("inbox");

        var twice =
                APICopyMessageRequest.newBuilder()
                        .messageId(id)
                        .idempotencyKey("one copy")
                        .copyRequest(new CopyRequest().mailboxId("archive"))
                        .build();
        var copy = app.messages().copyMessage(twice);
        assertThat(app.messages().copyMessage(twice)).isEqualTo(copy);
        assertThat(program.count("Archive")).isOne();
        assertThat(app.read(requireNonNull(copy.getId())).getSubject()).isEqualTo("twice");
        assertThat(program.count("INBOX")).isOne();

        app.messages().deleteMessage(APIDeleteMessageRequest.newBuilder().messageId(id).build());
        assertThat(program.count("INBOX")).isZero();
        var trashed = app.only("trash");
        assertThat(program.count("Trash")).isOne();

        app.messages()
                .deleteMessage(
                        APIDeleteMessageRequest.newBuilder()
                                .messageId(trashed)
                                .permanent(true)
                                .build());
        assertThat(program.count("Trash")).isZero();
        assertThat(program.count("Archive")).isOne();
        assertThat(app.problem(() -> app.read(trashed)).getStatus()).isEqualTo(404);
    }

    @Test
    void theOtherProgramIsToldOfChangesAtOnce() throws Exception {
        program.append("INBOX", PATTERN.formatted("watched", "text"));
        var id = app.only("inbox");
        program.command("SELECT INBOX");

        app.update(id, new MessagePatch().putKeywordsItem("$flagged", true));
        assertThat(program.command("NOOP")).anyMatch(it -> it.matches("\\* 1 FETCH.*Flagged.*"));

        app.messages().deleteMessage(APIDeleteMessageRequest.newBuilder().messageId(id).build());
        assertThat(program.command("NOOP")).contains("* 1 EXPUNGE");
    }

    @Test
    void downloadsAreTheVeryOctets() throws Exception {
        var file = new byte[100_000];
        new Random(3).nextBytes(file);
        var attachment =
                Entity.attachment(
                        new SampleFile("März 2026.bin", "application/octet-stream", file));
        var message =
                letter("file").with(Entity.multipart("mixed", Entity.text("see\n"), attachment));
        program.appendOctets("INBOX", octets(message));
        var id = app.only("inbox");

        var attachments = app.read(id).getAttachments();

        assertThat(attachments).extracting(it -> it.getName()).containsExactly("März 2026.bin");
        assertThat(app.part(id, attachments.getFirst().getPartId())).isEqualTo(file);
        assertThat(app.raw(id)).isEqualTo(message);
    }

    @Test
    void problemsAreToldSoThatAClientCanAct() throws Exception {
        var stranger = GeneratedClientApp.loggedOut(port);
        var forged = GeneratedClientApp.withToken(port, "forged");

        assertThat(app.problem(() -> app.messages().listMessages(app.list("flagged").build())))
                .satisfies(it -> assertThat(it.getStatus()).isEqualTo(404))
                .satisfies(it -> assertThat(it.getCode()).isEqualTo("mailbox-not-found"))
                .satisfies(it -> assertThat(it.getRetryable()).isFalse());
        assertThat(
                        app.problem(() ->
                                app.messages().listMessages(app.list("inbox").limit(0).build())))
                .satisfies(it -> assertThat(it.getStatus()).isEqualTo(400))
                .satisfies(it ->
                        assertThat(requireNonNull(it.getErrors()).getFirst().getParameter())
                                .isEqualTo("limit"));
        for (var nobody : List.of(stranger, forged)) {
            assertThat(nobody.problem(() -> nobody.listMailboxes()).getStatus()).isEqualTo(401);
        }
        var wrong = new Login().username(user).password("wrong");
        assertThat(stranger.problem(() -> stranger.sessions().createSession(wrong)).getCode())
                .isEqualTo("authentication-failed");
    }

    @Test
    void aTreeOfAHundredLevelsIsRead() throws Exception {
        var tree =
                Stream.iterate(Entity.text("deep down\n"), it -> Entity.multipart("mixed", it))
                        .skip(99)
                        .findFirst()
                        .orElseThrow();
        var octets = letter("deep").with(tree);
        program.appendOctets("INBOX", octets(octets));
        var id = app.only("inbox");

        var message = read(id, Include.IncludeText);

        assertThat(depth(requireNonNull(message.getStructure()))).isEqualTo(100);
        assertThat(requireNonNull(message.getText()).getContent().strip()).isEqualTo("deep down");
        assertThat(app.raw(id)).isEqualTo(octets);
    }

    @Test
    void aMalformedMessageStandsInTheListWithTheOthers() throws Exception {
        program.append("INBOX", PATTERN.formatted("before", "text"));
        program.appendOctets(
                "INBOX",
                "no header at all\rFrom \"<<>,;:@[\r\nSubject: =?x?q?=\u0001?=\r\n"
                        + "Content-Type: multipart/mixed; boundary=\"\r\n"
                        + "Date: yesterday \"\\\r\n\r\n--\"\r\n\r\n");
        program.append("INBOX", PATTERN.formatted("after", "text"));

        var all = app.all("inbox");

        assertThat(all).hasSize(3);
        assertThat(all.getFirst().getSubject()).isEqualTo("after");
        assertThat(all.getLast().getSubject()).isEqualTo("before");
        var malformed =
                read(
                        all.get(1).getId(),
                        Include.IncludeText,
                        Include.IncludeHtml,
                        Include.IncludeHeaders);
        assertThat(malformed.getId()).isEqualTo(all.get(1).getId());
        assertThat(app.raw(malformed.getId())).isNotEmpty();
    }

    private static MessageBuilder letter(String subject) {
        return new MessageBuilder().field("From", "Ada <ada@example.org>").subject(subject);
    }

    /** The octets as text, for a command that is written in UTF-8. */
    private static String octets(byte[] message) {
        return new String(message, UTF_8);
    }

    private Message read(String id, Include... include) throws ApiException {
        var request =
                APIGetMessageRequest.newBuilder().messageId(id).include(List.of(include)).build();
        return app.messages().getMessage(request);
    }

    private String text(String id) throws ApiException {
        return requireNonNull(read(id, Include.IncludeText).getText()).getContent();
    }

    private static int depth(MessagePart part) {
        var below = part.getSubParts();
        return below == null
                ? 1
                : 1 + below.stream().map(AppIT::depth).max(Comparator.naturalOrder()).orElse(0);
    }
}
