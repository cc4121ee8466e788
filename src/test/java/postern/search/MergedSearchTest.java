package postern.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.message.metadata.MessageSummary;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import tools.jackson.databind.json.JsonMapper;

/** Mailboxes and messages that are removed during a search. */
@OnGreenMail
class MergedSearchTest {

    private static final String A = MailboxId.of(MailboxName.of("A")).text();
    private static final String B = MailboxId.of(MailboxName.of("B")).text();

    @Autowired private Searches searches;
    @Autowired private JsonMapper json;
    private final ScriptedImapServer server =
            ScriptedImapServer.start().capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "SORT");

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMailboxThatGoesMeanwhileIsSkippedAndTheOthersAreShown() {
        server.expectMatching("UID SORT .*").reply("* SORT 1", "OK");
        server.expectMatching("UID SORT .*").reply("* SORT 2", "OK");
        expectGone();
        server.expectMatching("UID FETCH 2 .*").reply(line(2, "b"), "OK");
        server.expectMatching("UID FETCH 2 .*").reply(line(2, "b"), "OK");

        var page = search("\"mailboxIds\": [\"%s\", \"%s\"], \"limit\": 5".formatted(A, B));

        assertThat(page.items()).extracting(MessageSummary::subject).containsExactly("b");
        assertThat(page.skippedMailboxes())
                .extracting(SkippedMailbox::mailboxId, SkippedMailbox::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                MailboxId.of(MailboxName.of("A")), "mailbox-not-found"));
        assertThat(page.total()).isEqualTo(1);
    }

    @Test
    void theNextPageBeginsWhereThisOneEndedThoughItsLastMessageWent() {
        server.expectMatching("UID SORT .*").reply("* SORT 1 2 3", "OK");
        server.expectMatching("UID FETCH 1:2 .*").reply(line(1, "a"), "OK");
        server.expectMatching("UID SORT .*").reply("* SORT 1 3", "OK");
        server.expectMatching("UID FETCH 3 .*").reply(line(3, "c"), "OK");

        var where = "\"mailboxIds\": [\"%s\"], \"limit\": 2".formatted(A);
        var first = search(where);
        var second = search(where + ", \"cursor\": \"%s\"".formatted(first.nextCursor()));

        assertThat(first.items()).extracting(MessageSummary::subject).containsExactly("a");
        assertThat(second.items()).extracting(MessageSummary::subject).containsExactly("c");
    }

    @Test
    void searchesOnceMoreWhenAllThatItFoundHasGone() {
        server.expectMatching("UID SORT .*").reply("* SORT 1 2", "OK");
        server.expectMatching("UID FETCH 1 .*").reply("OK");
        server.expectMatching("UID SORT .*").reply("* SORT 2", "OK");
        server.expectMatching("UID FETCH 2 .*").reply(line(2, "b"), "OK");

        var page = search("\"mailboxIds\": [\"%s\"], \"limit\": 1".formatted(A));

        assertThat(page.items()).extracting(MessageSummary::subject).containsExactly("b");
        assertThat(page.nextCursor()).isNull();
    }

    @Test
    void aMessageThatWentDoesNotHideThoseBehindIt() {
        server.expectMatching("UID SORT .*").reply("* SORT 1 2 3", "OK");
        server.expectMatching("UID SORT .*").reply("* SORT 9", "OK");
        server.expectMatching("UID FETCH 1:2 .*").reply(line(1, "a"), "OK");
        server.expectMatching("UID FETCH 9 .*").reply(line(9, "z"), "OK");
        server.expectMatching("UID FETCH 1 .*").reply(line(1, "a"), "OK");

        var page = search("\"mailboxIds\": [\"%s\", \"%s\"], \"limit\": 1".formatted(A, B));

        assertThat(page.items()).extracting(MessageSummary::subject).containsExactly("a");
        assertThat(page.nextCursor()).isNotNull();
    }

    @Test
    void aMailboxThatIsNumberedAnewBetweenPagesIsLeftOutOfThemAndTheOthersGoOn() {
        var both = "\"mailboxIds\": [\"%s\", \"%s\"], \"limit\": 1".formatted(A, B);
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 7] x");
        server.expectMatching("UID SORT .*").reply("* SORT 1 2", "OK");
        server.expectMatching("UID SORT .*").reply("* SORT 1 2 3", "OK");
        server.expectMatching("UID FETCH 1:2 .*").reply(line(1, "a"), line(2, "m"), "OK");
        server.expectMatching("UID FETCH 1:2 .*").reply(line(1, "k"), line(2, "o"), "OK");
        server.expectMatching("UID FETCH 1 .*").reply(line(1, "a"), "OK");
        var first = search(both);

        expectNumberedAnew();
        server.expectMatching("UID FETCH 1 .*").reply(line(1, "k"), "OK");
        var second = search(both + ", \"cursor\": \"%s\"".formatted(first.nextCursor()));
        expectNumberedAnew();
        server.expectMatching("UID FETCH 2 .*").reply(line(2, "o"), "OK");
        var third = search(both + ", \"cursor\": \"%s\"".formatted(second.nextCursor()));

        assertThat(first.items()).extracting(MessageSummary::subject).containsExactly("a");
        assertThat(second.items()).extracting(MessageSummary::subject).containsExactly("k");
        assertThat(third.items()).extracting(MessageSummary::subject).containsExactly("o");
        assertThat(List.of(second, third))
                .allSatisfy(page ->
                        assertThat(page.skippedMailboxes())
                                .containsExactly(
                                        new SkippedMailbox(
                                                MailboxId.of(MailboxName.of("A")),
                                                "mailbox-reset")));
    }

    private void expectNumberedAnew() {
        server.expect("EXAMINE \"A\"").reply("* 3 EXISTS", "* OK [UIDVALIDITY 8] x", "OK");
        server.expectMatching("UID SORT .*").reply("* SORT 1 2", "OK");
        server.expectMatching("UID SORT .*").reply("* SORT 1 2 3", "OK");
    }

    private void expectGone() {
        server.expect("EXAMINE \"A\"").reply("NO [NONEXISTENT] gone");
        server.expectMatching("UID FETCH 1 .*").reply("BAD no mailbox");
    }

    private SearchPage search(String fields) {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "u",
                        new Password("p"));
        var request =
                "{%s, \"filter\": {\"larger\": 1}, \"sort\": \"subject\","
                        + " \"fields\": [\"subject\"]}";
        return searches.search(
                account,
                SearchQuery.of(json.readValue(request.formatted(fields), SearchRequest.class)));
    }

    private static String line(long uid, String subject) {
        return ("* %d FETCH (UID %d FLAGS () RFC822.SIZE 25 INTERNALDATE \"01-Mar-2026 09:34:56"
                        + " +0000\" ENVELOPE (NIL \"%s\" NIL NIL NIL NIL NIL NIL NIL NIL))")
                .formatted(uid, uid, subject);
    }
}
