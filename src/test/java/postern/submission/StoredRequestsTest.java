package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.MailboxName;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Finds stored messages although the mail server's SEARCH is wrong. */
@OnGreenMail
class StoredRequestsTest {

    private static final String ID = "one@example.org";

    @Autowired private StoredRequests requests;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    private StoredRequests.Found find() {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "anne",
                        new Password("pw"));
        return requests.find(account, MailboxName.INBOX, Access.READ_WRITE, List.of(ID));
    }

    private void has(int messages) {
        server.selected(
                "* %d EXISTS".formatted(messages),
                "* OK [UIDVALIDITY 1] x",
                "* OK [HIGHESTMODSEQ 41] x",
                "* OK [PERMANENTFLAGS (\\*)] x");
    }

    private void searchNames(String uids) {
        server.expectMatching("UID SEARCH .*HEADER \"?Message-ID\"? \"?one@example.org\"?")
                .reply("* SEARCH" + uids, "OK done");
    }

    private static String message(int place, int uid, String id, String request) {
        var header = "Message-ID: <%s>\r\nPostern-Request: %s\r\n\r\n".formatted(id, request);
        return "* %d FETCH (UID %d FLAGS (\\Draft) INTERNALDATE \" 1-Mar-2026 10:00:00 +0000\""
                        .formatted(place, uid)
                + " BODY[HEADER.FIELDS (Message-ID Postern-Request)]<0> {%d}\r\n%s)"
                        .formatted(header.length(), header);
    }

    private void fetched(String range, String... messages) {
        var lines = List.of(messages).stream().collect(Collectors.joining("\r\n"));
        server.expectMatching("(UID )?FETCH " + range + " .*")
                .octets(lines.isEmpty() ? "" : lines + "\r\n")
                .reply("OK done");
    }

    @Test
    void whatSearchMissesIsFoundAmongTheNewest() {
        has(2);
        searchNames("");
        fetched("1:\\*", message(1, 9, "other@example.org", "x"), message(2, 10, ID, "hash"));

        var found = find();

        assertThat(found.messages())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.message().uid()).isEqualTo(10);
                    assertThat(it.messageId()).isEqualTo(ID);
                    assertThat(it.request()).isEqualTo("hash");
                });
        assertThat(found.searchable()).isFalse();
        assertThat(found.whole()).isTrue();
    }

    @Test
    void aLongerIdThatSearchNamesIsAnother() {
        has(500);
        searchNames(" 3");
        fetched(
                "401:\\*",
                IntStream.rangeClosed(401, 500)
                        .mapToObj(uid -> message(uid, uid, "other@example.org", "x"))
                        .toArray(String[]::new));
        fetched("3", message(3, 3, "xone@example.org", "x"));

        var found = find();

        assertThat(found.messages()).isEmpty();
        assertThat(found.whole()).isFalse();
    }

    @Test
    void theFirstOneThatWasStoredIsTheFirst() {
        has(2);
        searchNames(" 4 2");
        fetched("1:\\*", message(1, 2, ID, "a"), message(2, 4, ID, "b"));
        fetched("2,4", message(1, 2, ID, "a"), message(2, 4, ID, "b"));

        var found = find();

        assertThat(found.messages()).extracting(it -> it.message().uid()).containsExactly(2L, 4L);
        assertThat(found.searchable()).isTrue();
        assertThat(found.exclusive()).isTrue();
    }

    @Test
    void aServerThatNamesEverythingIsNotBelieved() {
        searchNames(
                IntStream.rangeClosed(1, 51)
                        .mapToObj(uid -> " " + uid)
                        .collect(Collectors.joining()));

        assertThatThrownBy(this::find)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        it -> assertThat(it.code()).isEqualTo(ProblemCode.SUBMISSION_UNKNOWN));
    }

    @Test
    void withoutModSeqsNoneOfTwoClaimsWins() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS");
        server.selected("* 0 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [PERMANENTFLAGS (\\*)] x");
        searchNames("");

        var found = find();

        assertThat(found.exclusive()).isFalse();
        assertThat(found.lasting()).isTrue();
    }
}
