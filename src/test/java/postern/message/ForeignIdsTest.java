package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.imap.MessageRef;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/** Ids with a different UIDVALIDITY than the caller's mailbox of that name. */
@OnGreenMail
class ForeignIdsTest {

    private static final String LETTER = "Subject: letter\n\ntext\n";

    private static final String ROW =
            "* 1 FETCH (UID 9 FLAGS () RFC822.SIZE 8 INTERNALDATE \"01-Mar-2026 12:00:00 +0000\""
                    + " ENVELOPE (NIL \"letter\""
                    + " NIL".repeat(8)
                    + ") BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1)"
                    + " BODY[HEADER]<0> {2}\r\n\r\n BODY[1]<0> {5}\r\nwords)";

    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens sessions;
    @Autowired private ImapConnections connections;
    private MessageApi api;
    private MessageRef own;

    @BeforeEach
    void aMessage() {
        api = new MessageApi(http, connections);
        api.create("Trash");
        own = MessageId.parse(api.append(LETTER)).ref();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET | /v1/messages/{id} | ``",
                "GET | /v1/messages/{attached} | ``",
                "GET | /v1/messages/{id}/html | ``",
                "GET | /v1/messages/{id}/raw | ``",
                "GET | /v1/messages/{attached}/raw | ``",
                "GET | /v1/messages/{id}/parts/1 | ``",
                "GET | /v1/messages/{id}/attachments.zip | ``",
                "POST | /v1/messages/{id}/links | {'items': [{'file': 'message'}]}",
                "PATCH | /v1/messages/{id} | {'keywords': {'$seen': true}}",
                "PATCH | /v1/messages/{id} | {'mailboxId': 'trash'}",
                "DELETE | /v1/messages/{id} | ``",
                "DELETE | /v1/messages/{id}?permanent=true | ``",
                "POST | /v1/messages/{id}/copy | {'mailboxId': 'trash'}",
                "POST | /v1/messages/{id}/reply | {'text': 'yes', 'mailboxId': 'trash'}",
                "POST | /v1/messages/{id}/forward | {'text': 'see', 'mailboxId': 'trash'}",
                "POST | /v1/messages/{id}/edit-as-new | {'mailboxId': 'trash'}",
                "POST | /v1/messages/{id}/mark-sent | {}",
                "PUT | /v1/messages/{id}/content | {'text': 'new'}"
            })
    void aMessageOfAnotherAccountIsNotFoundAndARenumberedOneIsGone(
            HttpMethod method, String path, String body) {
        assertCode(send(method, path, body, foreign()), HttpStatus.NOT_FOUND, "message-not-found");
        assertCode(send(method, path, body, renumbered()), HttpStatus.GONE, "mailbox-reset");
    }

    @ParameterizedTest
    @CsvSource({"mailbox", "account"})
    void aThreadOfAnotherAccountIsNotFoundAndARenumberedOneIsGone(String scope) {
        var path = "/v1/threads/{id}?scope=" + scope;

        assertCode(
                api.get(path, ThreadId.of(foreign(), 7)), HttpStatus.NOT_FOUND, "thread-not-found");
        assertCode(api.get(path, ThreadId.of(renumbered(), 7)), HttpStatus.GONE, "mailbox-reset");
    }

    @Test
    void aBatchAnswersEachIdForItselfAndAsItWasSent() {
        api.create("Work");
        var work = api.append("Work", LETTER);
        var ids = List.of(id(own), id(renumbered()), id(foreign()), id(withTagOf("alias", own)));

        for (var other : List.of(id(own), work)) {
            var body = "{'ids': ['%s', '%s'], 'keywords': {'$seen': true}}";
            var sent = new ArrayList<>(ids);
            sent.add(other);

            var results =
                    api.json(
                                    api.send(
                                            HttpMethod.POST,
                                            "/v1/messages/batch",
                                            body.formatted(String.join("', '", ids), other)),
                                    HttpStatus.OK)
                            .get("results");

            assertThat(results.valueStream().map(it -> it.get("id").asString()))
                    .containsExactlyElementsOf(sent);
            assertThat(results.valueStream().map(it -> it.get("status").asInt()))
                    .containsExactly(200, 410, 404, 200, 200);
            assertThat(results.valueStream().map(it -> it.at("/problem/code").asString("")))
                    .containsExactly("", "mailbox-reset", "message-not-found", "", "");
        }
    }

    @Test
    void aFileOfAnotherAccountsMessageIsNotThereToBeAttached() {
        var body = "{'attachments': [{'messageId': '%s', 'partId': '1'}]}";

        var answer =
                api.send(
                        HttpMethod.POST,
                        "/v1/mailboxes/inbox/messages",
                        body.formatted(id(foreign())));

        assertThat(api.json(answer, HttpStatus.BAD_REQUEST).at("/errors/0/pointer").asString())
                .isEqualTo("/attachments/0/messageId");
    }

    @Test
    void anIdThatWasMadeForOneLoginNameLeadsAnAliasOfItToTheSameMessage() {
        try (var server = ScriptedImapServer.start()) {
            server.capabilities("IMAP4rev1", "UIDPLUS");
            server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] UIDs valid");
            server.expectMatching("FETCH .*").reply(ROW, "OK");
            server.expectMatching("UID FETCH 9 .*").reply(ROW, "OK");
            var listed = get(server, "ada", "/v1/mailboxes/inbox/messages?fields=size");
            var id = api.json(listed, HttpStatus.OK).at("/items/0/id").asString();

            var read =
                    api.json(get(server, "ada@example.org", "/v1/messages/" + id), HttpStatus.OK);

            assertThat(read.get("id").asString()).isEqualTo(id);
        }
    }

    @Test
    void anIdOfAListLeadsNobodyElseAnywhere() {
        try (var server = ScriptedImapServer.start()) {
            server.capabilities("IMAP4rev1", "UIDPLUS");
            server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] UIDs valid");
            server.expectMatching("FETCH .*").reply(ROW, "OK");
            var listed = get(server, "ada", "/v1/mailboxes/inbox/messages?fields=size");
            var id = api.json(listed, HttpStatus.OK).at("/items/0/id").asString();

            server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 2] UIDs valid");
            connections.retire(account(server, "ada"));

            assertCode(
                    get(server, "bob", "/v1/messages/" + id),
                    HttpStatus.NOT_FOUND,
                    "message-not-found");
            assertCode(get(server, "ada", "/v1/messages/" + id), HttpStatus.GONE, "mailbox-reset");
        }
    }

    private MessageRef foreign() {
        return withTagOf("somebody else", renumbered());
    }

    private MessageRef renumbered() {
        return new MessageRef(own.mailbox(), own.uidValidity() + 1, own.uid(), own.accountTag());
    }

    private MessageRef withTagOf(String user, MessageRef message) {
        var account = new Account(api.account().server(), user, new Password("x"));
        return new MessageRef(
                message.mailbox(), message.uidValidity(), message.uid(), AccountTag.of(account));
    }

    private static String id(MessageRef message) {
        return MessageId.of(message).toString();
    }

    private MvcTestResult send(HttpMethod method, String path, String body, MessageRef message) {
        var id = MessageId.of(message);
        var to =
                path.replace("{attached}", id.attached("1").toString())
                        .replace("{id}", id.toString());
        return api.send(method, to, body);
    }

    private MvcTestResult get(ScriptedImapServer server, String user, String path) {
        var token = sessions.seal(sessions.start(account(server, user)));
        return http.get().uri(path).header("Authorization", "Bearer " + token).exchange();
    }

    private static Account account(ScriptedImapServer server, String user) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                user,
                new Password("secret"));
    }

    private void assertCode(MvcTestResult answer, HttpStatus status, String code) {
        assertThat(api.json(answer, status).get("code").asString()).isEqualTo(code);
    }
}
