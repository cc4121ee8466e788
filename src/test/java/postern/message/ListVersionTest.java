package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.imap.MailboxName;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** When 304 is answered without reading a list, and when it must not be. */
@OnGreenMail
@Timeout(60)
class ListVersionTest {

    private static final String LIST = "/v1/mailboxes/inbox/messages?fields=id";
    private static final String WITNESSES = "UID FETCH 1:2 (UID FLAGS MODSEQ)";

    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens tokens;
    @Autowired private ImapConnections connections;
    private final ScriptedImapServer server = ScriptedImapServer.start();
    private String user = "ada";
    private String token = "";

    @BeforeEach
    void aServerWithTwoMessages() {
        opened(2, 3, 41);
        token = logIn();
    }

    @AfterEach
    void stopTheServer() {
        server.stop();
    }

    @Test
    void theSameCountersAndTheSameWitnessesAre304InOneFlush() {
        var tag = tag(list(null, "", "\\Seen"));
        int before = server.commands().size();
        server.expect(WITNESSES).reply(rows("", "\\Seen"));

        var answer = get(LIST, tag);

        assertThat(answer).hasStatus(304).hasHeader(HttpHeaders.ETAG, tag);
        assertThat(answer)
                .hasHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .hasHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
        assertThat(server.commands().subList(before, server.commands().size()))
                .containsExactly("EXAMINE \"INBOX\" (CONDSTORE)", WITNESSES);
        server.verify();
    }

    @ParameterizedTest
    @CsvSource({"2,3,42", "2,4,41", "1,3,41", "2,3,40", "2,3,2"})
    void otherCountersAreAnotherList(int messages, int uidNext, int highest) {
        var tag = tag(list(null, "", "\\Seen"));
        opened(messages, uidNext, highest);
        server.expect(WITNESSES).reply(rows("", "\\Seen"));

        if (messages == 2) {
            read(rows("", "\\Seen \\Flagged"));
        } else {
            read("* 1 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (41))", "OK");
        }

        assertThat(get(LIST, tag)).hasStatusOk();
        server.verify();
    }

    @Test
    void anotherUidValidityIsAnotherList() {
        var tag = tag(list(null, "", ""));
        server.selected(
                "* 2 EXISTS",
                "* OK [UIDVALIDITY 2] x",
                "* OK [UIDNEXT 3] x",
                "* OK [HIGHESTMODSEQ 41] x");
        server.expect(WITNESSES).reply(rows("", ""));
        server.expectMatching("FETCH .*").reply(rows("", ""));

        assertThat(get(LIST, tag)).hasStatusOk();
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does =
                    "counts mod-sequences anew after its index was lost, and comes to the old value"
                            + " again",
            answer = "an ETag of a list names three messages with their mod-sequences and flags")
    void aServerThatLostItsIndexAndCameToTheSameCountersIsFoundOut() {
        var tag = tag(list(null, "", "\\Seen"));
        for (var now :
                new String[] {
                    "* 1 FETCH (UID 1 FLAGS () MODSEQ (41))|* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (1))",
                    "* 1 FETCH (UID 1 FLAGS () MODSEQ (30))|* 2 FETCH (UID 2 FLAGS () MODSEQ (41))",
                    "* 1 FETCH (UID 1 FLAGS () MODSEQ (30))"
                }) {
            var lines = (now + "|OK").split("\\|");
            server.expect(WITNESSES).reply(lines);

            assertThat(list(tag, "\\Answered", "\\Seen")).hasStatusOk();
            server.verify();
        }
    }

    /** On the connection that has listed before, the counters are those of an earlier time. */
    @Test
    void aListReadAfterChangesThatItsConnectionWasToldOfIsNotTakenForTheOldOne() {
        var tag = tag(list(null, "", ""));
        server.expect("NOOP").reply("* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (42))", "OK");
        read(rows("", "\\Seen"));
        var changed = tag(get(LIST, null));
        assertThat(changed).isNotEqualTo(tag);
        opened(2, 3, 42);
        server.expect(WITNESSES).reply(rows("", "\\Seen"));

        // the content is the same; the tag is new, and good for one flush the next time
        var again = list(changed, "", "\\Seen");
        assertThat(again).hasStatus(304);
        var fresh = tag(again);
        assertThat(fresh).isNotEqualTo(changed);
        server.expect(WITNESSES).reply(rows("", "\\Seen"));
        assertThat(get(LIST, fresh)).hasStatus(304);
        server.verify();
    }

    @Test
    void aPageOfAMailboxThatChangedElsewhereIsNotSentAgain() {
        var tag = tag(list(null, "", ""));
        opened(2, 3, 50);
        server.expect(WITNESSES).reply(rows("", ""));

        assertThat(list(tag, "", "")).hasStatus(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&limit=1",
                "&headerFields=x-a",
                "&unseen=true",
                "&fields=size",
                "&sort=-receivedAt"
            })
    void aTagIsForTheSameRequestAlone(String other) {
        var tag = tag(list(null, "", ""));
        int before = server.commands().size();
        anyRequest();

        get(LIST + other, tag);

        assertThat(server.commands().subList(before, server.commands().size()))
                .doesNotContain(WITNESSES);
    }

    /** Such as one that has them now, or whose previews the operator has disabled meanwhile. */
    @ParameterizedTest
    @ValueSource(strings = {"PREVIEW", "OBJECTID", "X-GM-EXT-1"})
    void aTagIsForAServerThatTellsTheSameFieldsAlone(String extension) {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        token = logIn();
        var tag = tag(list(null, "", ""));
        server.capabilities("IMAP4rev1", "CONDSTORE", extension);
        connections.retire(account());
        anyRequest();

        get(LIST, tag);

        assertThat(server.commands()).doesNotContain(WITNESSES);
    }

    @Test
    void aTagIsForTheSameUserAlone() {
        var tag = tag(list(null, "", ""));
        user = "bob";
        token = logIn();
        server.expectMatching("FETCH .*").reply(rows("", ""));

        assertThat(get(LIST, tag)).hasStatusOk();
        assertThat(server.commands()).doesNotContain(WITNESSES);
    }

    /** A state may expire although nothing changes; who lists because of that needs a new one. */
    @ParameterizedTest
    @ValueSource(strings = {"&withState=true", "&subject=x", "&text=x", "&sort=subject"})
    void whatTheCountersDoNotDecideIsRead(String other) {
        anyRequest();
        var answer = get(LIST + other, null);
        assertThat(answer).hasStatusOk();
        assertThat(tag(answer)).doesNotStartWith("W/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"* OK [NOMODSEQ] x", "* OK [HIGHESTMODSEQ 0] x", "* OK [UNSEEN 1] x"})
    void withoutModSequencesItIsAHashOfTheContent(String line) {
        server.selected("* 2 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 3] x", line);
        anyRequest();
        var tag = tag(get(LIST, null));

        assertThat(tag).matches("\"[\\w-]{20}\"");
        assertThat(get(LIST, tag)).hasStatus(304);
        if (!line.contains("HIGHESTMODSEQ")) {
            assertThat(server.commands()).noneMatch(it -> it.contains("MODSEQ"));
        }
    }

    @Test
    void aPreviewThatMayBeMendedLaterIsNoVersion() {
        anyRequest();
        var answer = get("/v1/mailboxes/inbox/messages?fields=preview", null);

        assertThat(answer).hasStatusOk();
        assertThat(tag(answer)).doesNotStartWith("W/");
    }

    @Test
    @Quirk(
            server = "Cyrus",
            does = "keeps \\Seen of others' mailboxes for each user, beside the mod-sequences",
            answer = "lists of mailboxes that are not the user's own are read each time")
    void othersMailboxesAreRead() {
        server.capabilities("IMAP4rev1", "CONDSTORE", "NAMESPACE");
        var other = LIST.replace("inbox", MailboxId.of(MailboxName.of("user/bob")).text());
        server.expectMatching("FETCH .*").reply(rows("", ""));
        server.expect("NAMESPACE")
                .reply("* NAMESPACE ((\"\" \"/\")) ((\"user/\" \"/\")) NIL", "OK");
        read(rows("", ""));
        var tag = tag(get(other, null));
        assertThat(tag).startsWith("W/");

        assertThat(get(other, tag)).hasStatus(304);

        assertThat(server.commands()).contains("NAMESPACE").doesNotContain(WITNESSES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "W/\"v.x\"",
                "W/\"vAAAA.x\"",
                "W/\"vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.x\"",
                "W/\"v____________________________________________.x\"",
                "W/\"v\"",
                "\".\"",
                "W/\"..\""
            })
    void tagsThatWereMadeUpAreNoneAtAll(String tag) {
        server.expectMatching("FETCH .*").reply(rows("", ""));

        assertThat(get(LIST, tag)).hasStatusOk();
    }

    @Test
    void aWeakTagIsNoneForIfMatch() {
        var tag = tag(list(null, "", ""));
        anyRequest();

        var answer =
                http.get()
                        .uri(LIST)
                        .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                        .header(HttpHeaders.IF_MATCH, tag)
                        .header(HttpHeaders.IF_NONE_MATCH, tag)
                        .exchange();

        assertThat(answer).hasStatus(412);
    }

    private void opened(int messages, int uidNext, int highest) {
        server.selected(
                "* " + messages + " EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT " + uidNext + "] x",
                "* OK [HIGHESTMODSEQ " + highest + "] x");
    }

    /** Answers whatever is asked of two messages without text. */
    private void anyRequest() {
        for (int i = 0; i < 12; i++) {
            server.expectMatching("(UID )?(FETCH|SEARCH|SORT) .*").reply(rows("", ""));
        }
    }

    private static String[] rows(String first, String second) {
        var more =
                " INTERNALDATE \"01-Mar-2026 00:00:00 +0000\" RFC822.SIZE 9"
                        + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)";
        return new String[] {
            "* 1 FETCH (UID 1 FLAGS (%s) MODSEQ (30)%s)".formatted(first, more),
            "* 2 FETCH (UID 2 FLAGS (%s) MODSEQ (41)%s)".formatted(second, more),
            "OK"
        };
    }

    /** A list that is read; after the first one the metadata are known. */
    private MvcTestResult list(@Nullable String tag, String first, String second) {
        if (tag == null) {
            server.expectMatching("FETCH .*").reply(rows(first, second));
        } else {
            read(rows(first, second));
        }
        return get(LIST, tag);
    }

    private void read(String... rows) {
        server.expectMatching("FETCH .*").reply(rows);
        server.expectMatching("UID FETCH 3:\\d+ .*").reply("OK");
    }

    private MvcTestResult get(String path, @Nullable String tag) {
        var request = http.get().uri(path).header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        return (tag == null ? request : request.header(HttpHeaders.IF_NONE_MATCH, tag)).exchange();
    }

    private static String tag(MvcTestResult answer) {
        var tag = answer.getResponse().getHeader(HttpHeaders.ETAG);
        assertThat(tag).describedAs("%s", List.of(answer.getResponse().getStatus())).isNotNull();
        return tag;
    }

    private String logIn() {
        return tokens.seal(tokens.start(account()));
    }

    private Account account() {
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        return new Account(imap, user, new Password("secret"));
    }
}
