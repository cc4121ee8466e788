package postern.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that copy, move, change and delete, and lose the connection after the mail server
 * received the command: a repetition with the same key determines what was done.
 */
@OnGreenMail
@Timeout(60)
class UnfinishedBatchTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final MailboxName ARCHIVE = MailboxName.of("Archive");
    private static final String STATUS = "STATUS \"Archive\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)";
    private static final String LOOK =
            "(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM MESSAGE-ID SUBJECT)]<0.8192>)";
    private static final String SINCE = "UID SEARCH UID 11:4294967295";

    private final ScriptedImapServer server = ScriptedImapServer.start();
    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens tokens;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aCopyThatWasMadeIsFoundAndNotMadeAgain() {
        losesACopy("UID COPY 3 \"Archive\"");
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH 11 12", "OK");
        server.expect("UID FETCH 11:12 " + LOOK).reply(message(11, "b"), message(12, "a"), "OK");

        assertThat(item(batch("'copyTo'", 3))).isEqualTo("outcome-unknown false");
        var again = batch("'copyTo'", 3);

        assertThat(again).doesNotContainHeader("Idempotency-Replayed");
        assertThat(item(again)).isEqualTo("200 " + id(ARCHIVE, 12));
        assertThat(batch("'copyTo'", 3)).hasHeader("Idempotency-Replayed", "true");
    }

    @Test
    void aCopyThatWasNotMadeIsMade() {
        losesACopy("UID COPY 3 \"Archive\"");
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH 10", "OK");
        server.expect("UID FETCH 3 " + LOOK).reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 1 3 11] done");

        batch("'copyTo'", 3);

        assertThat(item(batch("'copyTo'", 3))).isEqualTo("200 " + id(ARCHIVE, 11));
    }

    @Test
    void ofTwoThatLookLikeTheCopyNobodyKnows() {
        losesACopy("UID COPY 3 \"Archive\"");
        for (int i = 0; i < 2; i++) {
            looksFor("3");
            server.expect(SINCE).reply("* SEARCH 11 12", "OK");
            server.expect("UID FETCH 11:12 " + LOOK)
                    .reply(message(11, "a"), message(12, "a"), "OK");
        }

        batch("'copyTo'", 3);

        assertThat(item(batch("'copyTo'", 3))).isEqualTo("outcome-unknown false");
        assertThat(item(batch("'copyTo'", 3))).isEqualTo("outcome-unknown false");
    }

    @Test
    void twoCopiesOfEqualMessagesAreBothFoundOrNone() {
        announces("UIDPLUS");
        server.expect(STATUS).reply(counted(), "OK");
        server.expect("UID FETCH 3:4 " + LOOK).reply(message(3, "a"), message(4, "a"), "OK");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 4 FLAGS ())", "OK");
        server.expect("UID COPY 3:4 \"Archive\"").drop();
        looksFor("3:4");
        server.expect(SINCE).reply("* SEARCH 11 12", "OK");
        server.expectMatching("UID FETCH 11:12 .*").reply(message(11, "a"), message(12, "a"), "OK");

        batch("'copyTo'", 3, 4);

        var results = json(batch("'copyTo'", 3, 4)).path("results");
        assertThat(results.path(0).path("newId").asString()).isEqualTo(id(ARCHIVE, 11).toString());
        assertThat(results.path(1).path("newId").asString()).isEqualTo(id(ARCHIVE, 12).toString());
    }

    @Test
    void aMoveThatWasDoneIsFound() {
        losesAMove();
        server.expect("UID FETCH 3 (UID FLAGS)").reply("OK");
        server.expect(SINCE).reply("* SEARCH 11", "OK");
        server.expect("UID FETCH 11 " + LOOK).reply(message(11, "a"), "OK");

        batch("'moveTo'", 3);

        assertThat(item(batch("'moveTo'", 3))).isEqualTo("200 " + id(ARCHIVE, 11));
    }

    @Test
    void aMoveThatWasNotDoneIsDone() {
        losesAMove();
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH", "OK");
        server.expect("UID FETCH 3 " + LOOK).reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID MOVE 3 \"Archive\"")
                .reply("* OK [COPYUID 1 3 11] moved", "* 3 EXPUNGE", "OK");

        batch("'moveTo'", 3);

        assertThat(item(batch("'moveTo'", 3))).isEqualTo("200 " + id(ARCHIVE, 11));
    }

    @Test
    void aMoveThatOnlyCopiedIsFinished() {
        losesAMove();
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH 11", "OK");
        server.expect("UID FETCH 11 " + LOOK).reply(message(11, "a"), "OK");
        both("the letter", "the letter");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Deleted))", "OK");
        server.expect("UID EXPUNGE 3").reply("* 3 EXPUNGE", "OK");

        batch("'moveTo'", 3);

        assertThat(item(batch("'moveTo'", 3))).isEqualTo("200 " + id(ARCHIVE, 11));
    }

    @Test
    void noMessageIsRemovedBecauseAnotherOneHasItsHeader() {
        losesAMove();
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH 11", "OK");
        server.expect("UID FETCH 11 " + LOOK).reply(message(11, "a"), "OK");
        both("the letter", "the bitter");

        batch("'moveTo'", 3);

        assertThat(item(batch("'moveTo'", 3))).isEqualTo("outcome-unknown false");
    }

    @Test
    void ofAMessageThatIsNowhereNobodyKnows() {
        losesAMove();
        server.expect("UID FETCH 3 (UID FLAGS)").reply("OK");
        server.expect(SINCE).reply("* SEARCH", "OK");

        batch("'moveTo'", 3);

        assertThat(item(batch("'moveTo'", 3))).isEqualTo("outcome-unknown false");
    }

    @Test
    void ofAMailboxThatIsNumberedAnewNobodyKnows() {
        losesAMove();
        looksFor("3");
        server.expect("EXAMINE \"Archive\"").reply("* 1 EXISTS", "* OK [UIDVALIDITY 2] x", "OK");

        batch("'moveTo'", 3);

        assertThat(item(batch("'moveTo'", 3))).isEqualTo("outcome-unknown false");
    }

    @Test
    void whatMaySucceedLaterIsTriedAgainWithTheSameKey() {
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("NO [INUSE] busy");
        for (int i = 0; i < 2; i++) {
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        }
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Seen))", "OK");
        var seen = "'keywords': {'$seen': true}";

        assertThat(item(send(seen, 3))).isEqualTo("mailbox-in-use true");
        assertThat(item(send(seen, 3))).startsWith("200");
        assertThat(send(seen, 3)).hasHeader("Idempotency-Replayed", "true");
    }

    @Test
    void aMessageThatWasToBeDeletedIsDeletedWhenItIsGone() {
        announces("UIDPLUS");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 4 FLAGS ())", "OK");
        server.expect("UID STORE 3:4 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS (\\Deleted))",
                        "* 4 FETCH (UID 4 FLAGS (\\Deleted))",
                        "OK");
        server.expect("UID EXPUNGE 3:4").drop();
        server.expect("UID FETCH 3:4 (UID FLAGS)").reply("* 3 FETCH (UID 4 FLAGS ())", "OK");
        server.expect("UID STORE 3:4 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply("* 3 FETCH (UID 4 FLAGS (\\Deleted))", "OK");
        server.expect("UID EXPUNGE 3:4").reply("* 3 EXPUNGE", "OK");

        assertThat(item(send("'delete': 'permanent'", 3, 4))).isEqualTo("outcome-unknown false");

        var again = json(send("'delete': 'permanent'", 3, 4));
        assertThat(again.path("succeeded").asInt()).as(again.toString()).isEqualTo(2);
    }

    @Test
    void keywordsAreStoredOnceMore() {
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").drop();
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Seen))", "OK");

        var change = "'keywords': {'$seen': true}";
        assertThat(item(send(change, 3))).isEqualTo("outcome-unknown false");
        assertThat(item(send(change, 3))).isEqualTo("200 ");
    }

    @Test
    void whatIsCertainIsNotAskedAgain() {
        announces("UIDPLUS");
        server.expect(STATUS).reply(counted(), "OK");
        server.expect("UID FETCH 3 " + LOOK).reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 1 3 11] done");

        assertThat(item(batch("'copyTo'", 3))).startsWith("200 ");
        assertThat(batch("'copyTo'", 3)).hasHeader("Idempotency-Replayed", "true");
    }

    @Test
    void aSingleCopyIsFoundByItsKey() {
        losesASingleCopy();
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH 11", "OK");
        server.expect("UID FETCH 11 " + LOOK).reply(message(11, "a"), "OK");

        assertThat(copy()).hasStatus(502);
        var again = copy();

        assertThat(again).hasStatus(201);
        assertThat(json(again).path("id").asString()).isEqualTo(id(ARCHIVE, 11).toString());
        assertThat(copy()).hasHeader("Idempotency-Replayed", "true");
    }

    @Test
    void aSingleCopyThatWasNotMadeIsMade() {
        losesASingleCopy();
        looksFor("3");
        server.expect(SINCE).reply("* SEARCH", "OK");
        server.expectMatching("UID FETCH 3 \\(UID FLAGS.*").reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 " + LOOK).reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 1 3 12] done");

        copy();

        assertThat(json(copy()).path("id").asString()).isEqualTo(id(ARCHIVE, 12).toString());
    }

    @Test
    void aSingleCopyThatCannotBeFoundOutStaysUnknown() {
        losesASingleCopy();
        for (int i = 0; i < 2; i++) {
            looksFor("3");
            server.expect(SINCE).reply("* SEARCH 11 12", "OK");
            server.expectMatching("UID FETCH 11:12 .*")
                    .reply(message(11, "a"), message(12, "a"), "OK");
        }

        copy();

        for (int i = 0; i < 2; i++) {
            var again = copy();
            assertThat(again).hasStatus(502);
            assertThat(json(again).path("code").asString()).isEqualTo("outcome-unknown");
            assertThat(json(again).path("retryable").asBoolean()).isFalse();
        }
    }

    private void losesASingleCopy() {
        announces("UIDPLUS");
        server.expect(STATUS).reply(counted(), "OK");
        server.expectMatching("UID FETCH 3 \\(UID FLAGS.*").reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 " + LOOK).reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID COPY 3 \"Archive\"").drop();
    }

    private void losesACopy(String command) {
        announces("UIDPLUS");
        server.expect(STATUS).reply(counted(), "OK");
        server.expect("UID FETCH 3 " + LOOK).reply(message(3, "a"), "OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect(command).drop();
    }

    private void losesAMove() {
        losesACopy("UID MOVE 3 \"Archive\"");
        announces("UIDPLUS", "MOVE");
    }

    private void looksFor(String uids) {
        server.expect("UID FETCH " + uids + " (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 4 FLAGS ())", "OK");
    }

    private void both(String original, String copy) {
        server.expect("UID FETCH 3 (UID BODY.PEEK[]<0.16384>)").reply(beginning(3, original), "OK");
        server.expect("UID FETCH 11 (UID BODY.PEEK[]<0.16384>)").reply(beginning(11, copy), "OK");
    }

    private static String beginning(int uid, String text) {
        return "* %1$d FETCH (UID %1$d BODY[]<0> \"%2$s\")".formatted(uid, text);
    }

    private void announces(String... extensions) {
        server.capabilities(("IMAP4rev1 " + String.join(" ", extensions)).split(" "));
    }

    private static String counted() {
        return "* STATUS Archive (MESSAGES 10 UNSEEN 0 UIDNEXT 11 UIDVALIDITY 1)";
    }

    private static String message(int uid, String subject) {
        return ("* %1$d FETCH (UID %1$d FLAGS () RFC822.SIZE 99 BODY[HEADER.FIELDS (DATE FROM"
                        + " MESSAGE-ID SUBJECT)]<0> \"Subject: %2$s\")")
                .formatted(uid, subject);
    }

    private MvcTestResult batch(String how, int... uids) {
        return send("%s: '%s'".formatted(how, MailboxId.of(ARCHIVE).text()), uids);
    }

    private MvcTestResult send(String what, int... uids) {
        var ids = new StringBuilder();
        for (int uid : uids) {
            ids.append(ids.isEmpty() ? "'" : ", '").append(id(uid)).append("'");
        }
        return post("/v1/messages/batch", "{'ids': [%s], %s}".formatted(ids, what));
    }

    private MvcTestResult copy() {
        return post(
                "/v1/messages/" + id(3) + "/copy",
                "{'mailboxId': '%s'}".formatted(MailboxId.of(ARCHIVE).text()));
    }

    private MessageId id(int uid) {
        return id(MailboxName.INBOX, uid);
    }

    private MessageId id(MailboxName mailbox, int uid) {
        return MessageId.of(new MessageRef(mailbox, 1, uid, AccountTag.of(account())));
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "u" + server.port(),
                new Password("p"));
    }

    private MvcTestResult post(String path, String body) {
        return http.post()
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + tokens.seal(tokens.start(account())))
                .header("Idempotency-Key", "k")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body.replace('\'', '"'))
                .exchange();
    }

    /**
     * The status and the new id of the first result, or its problem and whether it is retryable.
     */
    private static String item(MvcTestResult answer) {
        var item = json(answer).path("results").path(0);
        return item.has("problem")
                ? item.at("/problem/code").asString()
                        + " "
                        + item.at("/problem/retryable").asBoolean()
                : item.path("status").asInt() + " " + item.path("newId").asString("");
    }

    private static JsonNode json(MvcTestResult answer) {
        return JSON.readTree(answer.getResponse().getContentAsByteArray());
    }
}
