package postern.batch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import tools.jackson.databind.json.JsonMapper;

@OnGreenMail
class BatchMessagesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    @Autowired private Batches batches;
    @Autowired private JsonMapper json;
    private String user = "";
    private String one = "";
    private String two = "";

    @BeforeEach
    void twoMessages() {
        user = SERVER.newUser();
        one = append("INBOX");
        two = append("INBOX");
    }

    @Test
    void answersEachMessageInTheOrderOfTheIds() {
        var answer = post("{'ids': ['%s', '%s'], 'keywords': {'$seen': true}}".formatted(two, one));

        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .isEqualTo(
                        """
                        {"succeeded": 2, "failed": 0, "results": [
                         {"id": "%s", "status": 200, "keywords": {"$seen": true}},
                         {"id": "%s", "status": 200, "keywords": {"$seen": true}}]}\
                        """
                                .formatted(two, one));
    }

    /** Clients generated for Java send every optional collection. */
    @Test
    void emptyCollectionsAreAsGoodAsAbsent() {
        assertThat(post("{'ids': ['%s'], 'keywords': {}, 'delete': 'permanent'}".formatted(one)))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.succeeded")
                .isEqualTo(1);
        assertThat(
                        post(
                                "{'ids': [], 'keywords': {}, 'mailboxId': 'inbox', 'filter':"
                                        + " {'and': [], 'or': [], 'unseen': true}, 'delete':"
                                        + " 'permanent', 'dryRun': true}"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.succeeded")
                .isEqualTo(1);
    }

    @Test
    void movesToARoleAndTellsTheNewIds() {
        create("Archive");

        var answer = post("{'ids': ['%s'], 'moveTo': 'archive'}".formatted(one));

        assertThat(answer).bodyJson().extractingPath("$.results[0].newId").isNotNull();
        assertThat(post("{'ids': ['%s'], 'moveTo': 'archive'}".formatted(one)))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.results[0].problem.code")
                .isEqualTo("message-not-found");
    }

    @Test
    void leavesWhatIsMovedToWhereItIs() {
        assertThat(post("{'ids': ['%s'], 'moveTo': 'inbox'}".formatted(one)))
                .bodyJson()
                .isEqualTo(
                        """
                        {"succeeded": 1, "failed": 0, "results": [
                         {"id": "%s", "status": 200, "keywords": {}}]}\
                        """
                                .formatted(one));
    }

    @Test
    void deletesIntoTheTrashAndNotOutOfIt() {
        assertThat(post("{'ids': ['%s'], 'delete': 'trash'}".formatted(one)))
                .hasStatus(422)
                .bodyJson()
                .extractingPath("$.detail")
                .asString()
                .contains("no trash mailbox");
        create("Trash");
        var trashed = append("Trash");

        var answer = post("{'ids': ['%s', '%s'], 'delete': 'trash'}".formatted(one, trashed));

        assertThat(answer)
                .bodyJson()
                .extractingPath("$.results[*].status")
                .isEqualTo(List.of(200, 422));
    }

    @Test
    void tellsOfEachMessageWhenThereIsNowhereToMoveTo() {
        var nowhere = MailboxId.of(MailboxName.of("Nowhere")).text();

        assertThat(post("{'ids': ['%s'], 'moveTo': '%s'}".formatted(one, nowhere)))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.results[0].problem.code")
                .isEqualTo("mailbox-not-found");
        assertThat(
                        post(
                                "{'ids': ['%s'], 'keywords': {'a': true}, 'moveTo': '%s'}"
                                        .formatted(one, nowhere)))
                .as("keywords are not stored in vain")
                .hasStatus(404);
    }

    @Test
    void tellsThatAMailboxWasRenumbered() {
        var ref = MessageId.parse(one).ref();
        var old =
                MessageId.of(
                        new MessageRef(
                                ref.mailbox(),
                                ref.uidValidity() + 1,
                                ref.uid(),
                                AccountTag.of(account())));

        assertThat(post("{'ids': ['%s', '%s'], 'keywords': {'a': true}}".formatted(old, one)))
                .bodyJson()
                .extractingPath("$.results[*].status")
                .isEqualTo(List.of(410, 200));
    }

    @Test
    void copiesOnceHoweverOftenItIsAskedUnderOneKey() {
        create("Archive");
        var request = "{'ids': ['%s'], 'copyTo': 'archive'}".formatted(one);

        var first = post("k", request);
        var again = post("k", request);

        assertThat(again).hasHeader("Idempotency-Replayed", "true");
        assertThat(again.getResponse().getContentAsByteArray())
                .isEqualTo(first.getResponse().getContentAsByteArray());
    }

    @Test
    void byFilterSaysWhatThereIs() {
        assertThat(
                        post(
                                "{'filter': {'subject': 'letter'}, 'mailboxId': 'inbox', 'limit': 1,"
                                        + " 'keywords': {'a': true}, 'dryRun': true}"))
                .bodyJson()
                .isEqualTo(
                        """
                        {"succeeded": 1, "failed": 0, "matched": 2, "results": [
                         {"id": "%s", "status": 200, "keywords": {"a": true}}]}\
                        """
                                .formatted(two));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'keywords': {'a': true}} | `` | must have `ids` or `filter`",
                "{'ids': [], 'keywords': {'a': true}} | `` | must have `ids` or `filter`",
                "{'ids': ['ONE', 'x'], 'keywords': {'a': true}} | /ids/1 | is not a message id",
                "{'ids': ['ONE']} | `` | must have one of `keywords`, `moveTo`, `copyTo` and"
                        + " `delete`",
                "{'ids': ['ONE'], 'filter': {}, 'keywords': {}} | /filter | must not come with"
                        + " `ids`",
                "{'ids': ['ONE'], 'limit': 3, 'keywords': {}} | /limit | goes with `filter`",
                "{'filter': {}, 'keywords': {'a': true}} | /mailboxId | is missing: where to look"
                        + " by `filter`",
                "{'filter': {}, 'mailboxId': 'inbox', 'limit': 10001, 'delete': 'trash'} | /limit"
                        + " | must be 1 to 10000",
                "{'filter': {'since': 'x'}, 'mailboxId': 'inbox', 'delete': 'trash'} |"
                        + " /filter/since | must be an RFC 3339 date or date-time",
                "{'ids': ['ONE'], 'keywords': {}} | `` | must have one of `keywords`, `moveTo`,"
                        + " `copyTo` and `delete`",
                "{'ids': ['ONE'], 'keywords': {'a/b c': true}} | /keywords/a~1b c | is no keyword"
                        + " that can be stored",
                "{'ids': ['ONE'], 'keywords': {'a': true, 'A': null}} | /keywords/A | is there"
                        + " twice: case makes no difference",
                "{'ids': ['ONE'], 'moveTo': 'inbox', 'copyTo': 'inbox'} | /copyTo | must not come"
                        + " with `moveTo`",
                "{'ids': ['ONE'], 'moveTo': 'inbox', 'delete': 'trash'} | /delete | must not come"
                        + " with `moveTo`",
                "{'ids': ['ONE'], 'keywords': {'a': true}, 'delete': 'trash'} | /keywords | must"
                        + " not come with `delete`",
                "{'ids': ['ONE'], 'delete': 'gone'} | /delete | is not valid",
                "{'ids': ['ONE'], 'purge': true} | /purge | is not a field of this"
            })
    void aBadPlaceInTheBodyIsNamed(String body, String pointer, String detail) {
        assertThat(post(body.replace("ONE", one)))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0]")
                .isEqualTo(Map.of("pointer", pointer, "detail", detail));
    }

    @Test
    void takesAThousandIdsAndNoMore() {
        var id = "'" + one + "'";

        assertThat(
                        post(
                                "{'ids': [%s], 'keywords': {'a': true}}"
                                        .formatted(
                                                String.join(",", Collections.nCopies(1_000, id)))))
                .bodyJson()
                .extractingPath("$.succeeded")
                .isEqualTo(1_000);
        assertThat(
                        post(
                                "{'ids': [%s], 'keywords': {'a': true}}"
                                        .formatted(
                                                String.join(",", Collections.nCopies(1_001, id)))))
                .hasStatus(400);
    }

    @Test
    void saysOfWhichMessagesNobodyKnows() {
        try (var server = ScriptedImapServer.start()) {
            var account =
                    new Account(
                            new ImapServer(server.host(), server.port(), Security.NONE),
                            "u",
                            new Password("p"));
            server.expect("UID STORE 3:4 +FLAGS.SILENT (\\Seen)").reply("OK");
            server.expect("UID FETCH 3:4 (UID FLAGS)")
                    .reply("* 3 FETCH (UID 3 FLAGS (\\Seen))")
                    .drop();
            var ids =
                    List.of(3L, 4L).stream()
                            .map(uid ->
                                    MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, uid)))
                            .toList();
            var request =
                    "{\"ids\": %s, \"keywords\": {\"$seen\": true}}"
                            .formatted(json.writeValueAsString(ids));

            var result =
                    batches.run(account, Batch.of(json.readValue(request, BatchRequest.class)));

            assertThat(result.results()).extracting(BatchItem::status).containsExactly(200, 502);
            assertThat(requireNonNull(result.results().get(1).problem()).code())
                    .isEqualTo("outcome-unknown");
        }
    }

    @Test
    void aDryRunRefusesInAMailboxThatCanOnlyBeRead() {
        try (var server = ScriptedImapServer.start()) {
            server.expect("SELECT \"INBOX\" (CONDSTORE)")
                    .reply("* 10 EXISTS", "* OK [UIDVALIDITY 1] valid", "OK [READ-ONLY] open");
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");

            assertThat(dryRun(server, "\"keywords\": {\"$seen\": true}"))
                    .satisfies(item -> assertThat(item.status()).isEqualTo(422));
        }
    }

    @Test
    void aDryRunRefusesKeywordsThatTheMailboxDoesNotKeep() {
        try (var server = ScriptedImapServer.start()) {
            server.selected(
                    "* 10 EXISTS",
                    "* OK [PERMANENTFLAGS (\\Seen $Forwarded)] these",
                    "* OK [UIDVALIDITY 1] valid");
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");

            assertThat(dryRun(server, "\"keywords\": {\"$seen\": true, \"$forwarded\": true}"))
                    .satisfies(item -> assertThat(item.status()).isEqualTo(200));
            assertThat(dryRun(server, "\"keywords\": {\"mine\": true}"))
                    .satisfies(item -> assertThat(item.status()).isEqualTo(422));
        }
    }

    @ParameterizedTest
    @CsvSource({"lrswi,lrswi,403", "lrswite,lrs,403", "lrswite,lrsi,200"})
    void aDryRunGoesByTheRightsThatTheServerTellsOf(String here, String there, int status) {
        try (var server = ScriptedImapServer.start()) {
            server.capabilities("IMAP4rev1", "UIDPLUS", "MOVE", "ACL", "RIGHTS=kxte");
            server.expectMatching("STATUS \"Old\" .*")
                    .reply("* STATUS Old (MESSAGES 1 UNSEEN 0 UIDNEXT 8 UIDVALIDITY 1)", "OK");
            server.expect("MYRIGHTS \"INBOX\"").reply("* MYRIGHTS INBOX " + here, "OK");
            server.expect("MYRIGHTS \"Old\"").reply("* MYRIGHTS Old " + there, "OK");
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
            var to = MailboxId.of(MailboxName.of("Old")).text();

            assertThat(dryRun(server, "\"moveTo\": \"%s\"".formatted(to)))
                    .satisfies(item -> assertThat(item.status()).isEqualTo(status));
        }
    }

    @Test
    void byFilterLooksAtNoMoreMessagesThanFillTheLimit() {
        try (var server = ScriptedImapServer.start()) {
            var all =
                    LongStream.rangeClosed(1, 1_000)
                            .mapToObj(Long::toString)
                            .collect(Collectors.joining(" "));
            server.expectMatching("UID SEARCH .*").reply("* SEARCH " + all, "OK");
            server.expectMatching("UID FETCH 501:1000 .*BODYSTRUCTURE.*")
                    .reply(
                            "* 1000 FETCH (UID 1000 BODYSTRUCTURE ((\"text\" \"plain\" NIL NIL"
                                    + " NIL \"7bit\" 2 1)(\"application\" \"pdf\" NIL NIL NIL"
                                    + " \"base64\" 2 NIL (\"attachment\" (\"filename\""
                                    + " \"a.pdf\"))) \"mixed\"))",
                            "OK");
            server.expect("UID FETCH 1000 (UID FLAGS)")
                    .reply("* 1000 FETCH (UID 1000 FLAGS ())", "OK");
            var request =
                    "{\"filter\": {\"hasAttachment\": true}, \"mailboxId\": \"inbox\", \"limit\": 1,"
                            + " \"keywords\": {\"$seen\": true}, \"dryRun\": true}";

            var result =
                    batches.run(
                            account(server), Batch.of(json.readValue(request, BatchRequest.class)));

            assertThat(result.succeeded()).isEqualTo(1);
            assertThat(result.matched()).as("the others were not looked at").isNull();
        }
    }

    private static Account account(ScriptedImapServer server) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "u",
                new Password("p"));
    }

    private BatchItem dryRun(ScriptedImapServer server, String change) {
        var id = MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, 3));
        var request =
                "{\"ids\": [%s], %s, \"dryRun\": true}"
                        .formatted(json.writeValueAsString(id), change);
        var batch = Batch.of(json.readValue(request, BatchRequest.class));
        return batches.run(account(server), batch).results().getFirst();
    }

    private MvcTestResult post(String body) {
        return post(null, body);
    }

    private MvcTestResult post(@Nullable String key, String body) {
        var request =
                http.post()
                        .uri("/v1/messages/batch")
                        .header(HttpHeaders.AUTHORIZATION, authorization())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body.replace('\'', '"'));
        return (key == null ? request : request.header("Idempotency-Key", key)).exchange();
    }

    private String authorization() {
        var pair = (user + ":" + SERVER.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private Account account() {
        return new Account(
                new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                user,
                new Password(SERVER.password()));
    }

    private void create(String mailbox) {
        try (var connection = connections.borrow(account(), Lane.INTERACTIVE)) {
            connection.create(MailboxName.of(mailbox));
        }
    }

    private String append(String mailbox) {
        var octets = "Subject: letter\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var connection = connections.borrow(account(), Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.of(mailbox),
                            Set.of(),
                            null,
                            new ByteArrayInputStream(octets),
                            octets.length);
            return MessageId.of(requireNonNull(appended.message())).toString();
        }
    }
}
