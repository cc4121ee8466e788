package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.imap.ImapConnections;
import postern.imap.message.Flag;
import postern.web.OnGreenMail;

@OnGreenMail
class ChangeMessageTest {

    private static final String LETTER = "Subject: letter\nMessage-ID: <1@x>\n\ntext\n";

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    private MessageApi api;

    @BeforeEach
    void anEmptyAccount() {
        api = new MessageApi(http, connections);
    }

    @Test
    void setsAndTakesAwayKeywords() {
        var id = api.append(LETTER, Flag.FLAGGED, new Flag("old"));

        var state =
                api.json(
                        api.patch(
                                id,
                                "{'keywords': {'$seen': true, '$flagged': null, 'old': false, 'New':"
                                        + " true}}"),
                        HttpStatus.OK);

        assertThat(state.get("id").asString()).isEqualTo(id);
        assertThat(state.get("keywords").propertyNames()).containsExactly("$seen", "New");
        assertThat(api.json("/v1/messages/" + id).get("keywords")).isEqualTo(state.get("keywords"));
    }

    @Test
    void anEmptyPatchAnswersTheStateAsItIs() {
        var id = api.append(LETTER, Flag.SEEN);

        var state = api.json(api.patch(id, "{}"), HttpStatus.OK);

        assertThat(state.at("/keywords/$seen").asBoolean()).isTrue();
    }

    @Test
    void changesNothingWhenTheMessageChangedMeanwhile() {
        var id = api.append(LETTER);
        var eTag = eTag(id);
        var changed = api.patch(id, eTag, "{'keywords': {'$seen': true}}");
        assertThat(changed).hasStatus(HttpStatus.OK);
        assertThat(changed.getResponse().getHeader(HttpHeaders.ETAG)).isEqualTo(eTag(id));

        var stale = api.patch(id, eTag, "{'keywords': {'$flagged': true}}");

        assertThat(api.json(stale, HttpStatus.PRECONDITION_FAILED).get("code").asString())
                .isEqualTo("message-modified");
        assertThat(api.json("/v1/messages/" + id).get("keywords").propertyNames())
                .containsExactly("$seen");
    }

    @Test
    void movesWithKeywords() {
        api.create("Archive");
        var id = api.append(LETTER);

        var state =
                api.json(
                        api.patch(id, "{'keywords': {'$seen': true}, 'mailboxId': 'archive'}"),
                        HttpStatus.OK);

        assertThat(state.get("mailboxId").asString()).isEqualTo(api.mailboxId("Archive"));
        assertThat(subjects("archive")).containsExactly("letter");
        assertThat(subjects("inbox")).isEmpty();
        var moved = api.json("/v1/messages/" + state.get("id").asString());
        assertThat(moved.at("/keywords/$seen").asBoolean()).isTrue();
    }

    @Test
    void movingToWhereItIsChangesNothing() {
        var id = api.append(LETTER);

        var state = api.json(api.patch(id, "{'mailboxId': 'inbox'}"), HttpStatus.OK);

        assertThat(state.get("id").asString()).isEqualTo(id);
        assertThat(subjects("inbox")).containsExactly("letter");
    }

    @Test
    void storesNothingWhenThereIsNowhereToMoveTo() {
        var id = api.append(LETTER);
        var nowhere = api.mailboxId("Nowhere");

        var result = api.patch(id, "{'keywords': {'$seen': true}, 'mailboxId': '" + nowhere + "'}");

        assertThat(api.json(result, HttpStatus.NOT_FOUND).get("code").asString())
                .isEqualTo("mailbox-not-found");
        assertThat(api.json("/v1/messages/" + id).get("keywords").isEmpty()).isTrue();
    }

    @Test
    void namesThePlaceInTheBodyThatCannotBe() {
        var id = api.append(LETTER);
        var result = api.patch(id, "{'keywords': {'a/b': 'yes'}}");

        assertThat(api.json(result, HttpStatus.BAD_REQUEST).at("/errors/0/pointer").asString())
                .isEqualTo("/keywords/a~1b");
    }

    @Test
    void aMessageThatIsGoneCannotBeChangedMovedCopiedOrDeleted() {
        api.create("Trash");
        var id = api.append(LETTER);
        api.expunge(id);
        var path = "/v1/messages/" + id;

        assertThat(
                        List.of(
                                api.patch(id, "{'keywords': {'$seen': true}}"),
                                api.patch(id, "{'mailboxId': 'trash'}"),
                                api.send(HttpMethod.POST, path + "/copy", "{'mailboxId': 'trash'}"),
                                api.send(HttpMethod.DELETE, path, ""),
                                api.send(HttpMethod.DELETE, path + "?permanent=true", "")))
                .allSatisfy(result -> assertThat(result).hasStatus(HttpStatus.NOT_FOUND));
    }

    @Test
    void copies() {
        api.create("Archive");
        var id = api.append(LETTER, Flag.SEEN);

        var result =
                api.send(
                        HttpMethod.POST,
                        "/v1/messages/" + id + "/copy",
                        "{'mailboxId': 'archive'}");

        var copy = api.json(result, HttpStatus.CREATED);
        var location = "/v1/messages/" + copy.get("id").asString();
        assertThat(result.getResponse().getHeader(HttpHeaders.LOCATION)).isEqualTo(location);
        assertThat(api.json(location).at("/keywords/$seen").asBoolean()).isTrue();
        assertThat(subjects("inbox")).containsExactly("letter");
    }

    @Test
    void deletesIntoTheTrash() {
        api.create("Trash");
        var id = api.append(LETTER);

        assertThat(api.send(HttpMethod.DELETE, "/v1/messages/" + id, ""))
                .hasStatus(HttpStatus.NO_CONTENT);

        assertThat(subjects("inbox")).isEmpty();
        assertThat(subjects("trash")).containsExactly("letter");
    }

    @Test
    void deletesForGoodOnlyWhenAskedTo() {
        var id = api.append(LETTER);
        var path = "/v1/messages/" + id;

        var problem =
                api.json(api.send(HttpMethod.DELETE, path, ""), HttpStatus.UNPROCESSABLE_CONTENT);
        assertThat(problem.get("detail").asString()).contains("permanent=true");
        assertThat(subjects("inbox")).containsExactly("letter");

        assertThat(api.send(HttpMethod.DELETE, path + "?permanent=true", ""))
                .hasStatus(HttpStatus.NO_CONTENT);
        assertThat(subjects("inbox")).isEmpty();
    }

    @Test
    void whatIsInTheTrashIsNotDeletedByAccident() {
        api.create("Trash");
        var id = api.append("Trash", LETTER);

        assertThat(api.send(HttpMethod.DELETE, "/v1/messages/" + id, ""))
                .hasStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        assertThat(subjects("trash")).containsExactly("letter");
    }

    @Test
    void deletingSparesOtherMessagesThatAreMarked() {
        var marked = api.append("Subject: marked\n\ntext\n", Flag.DELETED);
        var id = api.append(LETTER);

        api.send(HttpMethod.DELETE, "/v1/messages/" + id + "?permanent=true", "");

        assertThat(api.get("/v1/messages/" + marked)).hasStatus(HttpStatus.OK);
    }

    private String eTag(String id) {
        var eTag = api.get("/v1/messages/" + id).getResponse().getHeader(HttpHeaders.ETAG);
        return eTag == null ? "" : eTag;
    }

    private List<String> subjects(String mailbox) {
        return api.json("/v1/mailboxes/" + mailbox + "/messages")
                .get("items")
                .valueStream()
                .map(item -> item.get("subject").asString())
                .toList();
    }
}
