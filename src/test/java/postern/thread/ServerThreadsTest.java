package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.ThreadId;

/** Threads by the thread ids of a scripted mail server. */
@OnGreenMail
class ServerThreadsTest {

    @Autowired private Threads threads;
    @Autowired private ImapConnections connections;

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final Account account =
            new Account(
                    new ImapServer(server.host(), server.port(), Security.NONE),
                    "u",
                    new Password("p"));

    private final List<ImapConnection> taken = new ArrayList<>();

    private boolean objectId;

    @AfterEach
    void verify() {
        taken.forEach(ImapConnection::close);
        connections.retire(account);
        server.close();
    }

    @Test
    void readsAThreadByTheNameThatTheServerGaveIt() {
        objectId();
        plays("UID SEARCH THREADID T64b", "THREADID (T64b)");

        reads("T64b");
    }

    @Test
    void readsAThreadByTheNumberThatGmailGaveIt() {
        server.capabilities("IMAP4rev1", "X-GM-EXT-1", "PREVIEW");
        plays("UID SEARCH X-GM-THRID 1266894439832287888", "X-GM-THRID 1266894439832287888");

        reads("1266894439832287888");
    }

    @Test
    void listsThreadsUnderTheNamesThatTheirMessagesTell() {
        server.capabilities("IMAP4rev1", "X-GM-EXT-1", "PREVIEW");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 10] x");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3 4 5", "OK");
        server.expect("UID FETCH 3:5 (UID X-GM-THRID)")
                .reply(thread(1, 3, "7"), thread(2, 4, "8"), thread(3, 5, "7"), "OK");
        server.expectMatching("UID FETCH 3:5 .*ENVELOPE.*")
                .reply(
                        message(1, 3, "X-GM-THRID 7", "a", ""),
                        message(2, 4, "X-GM-THRID 8", "b", ""),
                        message(3, 5, "X-GM-THRID 7", "c", "nothing"),
                        "OK");

        var page = list(ThreadScope.MAILBOX);

        assertThat(page.items())
                .extracting(ThreadSummary::id)
                .containsExactly(ThreadId.ofServer("7"), ThreadId.ofServer("8"));
        assertThat(page.items()).extracting(ThreadSummary::totalMessages).containsExactly(2, 1);
        assertThat(page.partialMailboxes()).isNull();
    }

    @Test
    void asksTheServerForWhatOtherMailboxesHaveOfTheThreadsOfAPage() {
        server.capabilities("IMAP4rev1", "X-GM-EXT-1", "PREVIEW");
        server.selected("* 2 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 10] x");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3 5", "OK");
        server.expect("UID FETCH 3,5 (UID X-GM-THRID)")
                .reply(thread(1, 3, "7"), thread(2, 5, "8"), "OK");
        server.expect("UID FETCH 3,5 (UID X-GM-MSGID X-GM-THRID)")
                .reply(thread(1, 3, "7 X-GM-MSGID 33"), thread(2, 5, "8 X-GM-MSGID 55"), "OK");
        listing("* LIST () \"/\" INBOX", "* LIST (\\Sent) \"/\" Sent");
        server.expect("UID SEARCH OR X-GM-THRID 7 X-GM-THRID 8").reply("* SEARCH 4 6", "OK");
        server.expect("UID FETCH 4,6 (UID X-GM-MSGID X-GM-THRID)")
                .reply(thread(1, 4, "7 X-GM-MSGID 44"), thread(2, 6, "8 X-GM-MSGID 55"), "OK");
        var all =
                new String[] {
                    message(1, 3, "X-GM-THRID 7", "a", ""),
                    message(2, 4, "X-GM-THRID 7", "b", "a"),
                    message(3, 5, "X-GM-THRID 8", "c", ""),
                    "OK"
                };
        server.expectMatching("UID FETCH .*ENVELOPE.*").reply(all);
        server.expectMatching("UID FETCH .*ENVELOPE.*").reply(all);

        var page = list(ThreadScope.ACCOUNT);

        assertThat(page.items())
                .extracting(ThreadSummary::id)
                .containsExactly(ThreadId.ofServer("8"), ThreadId.ofServer("7"));
        assertThat(page.items()).extracting(ThreadSummary::totalMessages).containsExactly(1, 2);
        assertThat(server.commands()).noneMatch(it -> it.contains("REFERENCES"));
    }

    @Test
    void findsAThreadThatIsInTheTrashAlone() {
        objectId();
        listing("* LIST () \"/\" INBOX", "* LIST (\\Trash) \"/\" Trash");
        server.expect("UID SEARCH THREADID T64b").reply("* SEARCH", "OK");
        server.expect("EXAMINE \"Trash\"").reply("* 5 EXISTS", "* OK [UIDVALIDITY 2] x", "OK");
        server.expect("UID SEARCH THREADID T64b").reply("* SEARCH 3 5", "OK");
        server.expectMatching("UID FETCH 3,5 .*")
                .reply(
                        message(1, 3, "THREADID (T64b)", "a", ""),
                        message(2, 5, "THREADID (T64b)", "b", "a"),
                        "OK");

        reads("T64b");
    }

    @Test
    void opensAThreadThatIsListedInTheTrashAlthoughOthersOfItAreKept() {
        server.capabilities("IMAP4rev1", "X-GM-EXT-1", "PREVIEW");
        takeOtherConnections();
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 2] x", "* OK [UIDNEXT 10] x");
        var trash = MailboxId.of(MailboxName.of("Trash"));
        server.expect("UID SEARCH ALL").reply("* SEARCH 5", "OK");
        server.expect("UID FETCH 5 (UID X-GM-THRID)").reply(thread(1, 5, "7"), "OK");
        var trashed = message(1, 5, "X-GM-THRID 7", "b", "a");
        server.expectMatching("UID FETCH 5 .*ENVELOPE.*").reply(trashed, "OK");
        listing("* LIST () \"/\" INBOX", "* LIST (\\Trash) \"/\" Trash");

        var id = list(trash, ThreadScope.MAILBOX).items().getFirst().id();
        server.expectMatching("UID FETCH 6:.*").reply("OK");
        server.expectMatching("UID FETCH 5 .*").reply(trashed, "OK");
        var inTrash = threads.read(account, id, null);
        server.expect("UID FETCH 5 (UID X-GM-THRID)").reply(thread(1, 5, "7"), "OK");
        listing("* LIST () \"/\" INBOX", "* LIST (\\Trash) \"/\" Trash");
        server.expect("UID SEARCH X-GM-THRID 7").reply("* SEARCH 5", "OK");
        server.expectMatching("UID FETCH 5 .*").reply(trashed, "OK");
        server.expect("UID SEARCH X-GM-THRID 7").reply("* SEARCH 4", "OK");
        server.expectMatching("UID FETCH 4 .*").reply(message(1, 4, "X-GM-THRID 7", "a", ""), "OK");
        var everywhere = threads.read(account, id, ThreadScope.ACCOUNT);

        assertThat(messageIds(inTrash)).containsExactly("b@x");
        assertThat(messageIds(everywhere)).containsExactly("a@x", "b@x");
    }

    @Test
    void countsAllOfAThreadThatIsTooLongToBeShown() {
        objectId();
        listing("* LIST () \"/\" INBOX");
        server.expect("UID SEARCH THREADID T1").reply("* SEARCH " + numbers(1, 1_003), "OK");
        server.expectMatching("UID FETCH 1:3 .*").reply(messages(1, 3));
        server.expectMatching("UID FETCH 4:503 .*").reply(messages(4, 503));
        server.expectMatching("UID FETCH 504:1003 .*").reply(messages(504, 1_003));
        server.expect("UID SEARCH NOT SEEN UID 1:3").reply("* SEARCH 2", "OK");

        var thread = threads.read(account, ThreadId.ofServer("T1"), null);

        assertThat(thread.totalMessages()).isEqualTo(1_003);
        assertThat(thread.unreadMessages()).isEqualTo(1_001);
        assertThat(thread.messages()).hasSize(1_000);
        assertThat(thread.partialMailboxes()).isNull();
    }

    @Test
    void saysWhichMailboxCouldNotBeAskedForAThread() {
        objectId();
        takeOtherConnections();
        listing("* LIST () \"/\" INBOX", "* LIST () \"/\" Work");
        server.expect("UID SEARCH THREADID T64b").reply("* SEARCH 3", "OK");
        server.expectMatching("UID FETCH 3 .*")
                .reply(message(1, 3, "THREADID (T64b)", "a", ""), "OK");
        server.expect("UID SEARCH THREADID T64b").reply("NO [INUSE] being repaired");

        var thread = threads.read(account, ThreadId.ofServer("T64b"), null);

        assertThat(messageIds(thread)).containsExactly("a@x");
        assertThat(thread.partialMailboxes()).containsExactly(MailboxId.of(MailboxName.of("Work")));
    }

    /** Leaves a single connection, so that mailboxes are searched one after another. */
    private void takeOtherConnections() {
        for (int i = 0; i < 3; i++) {
            taken.add(connections.borrow(account, Lane.INTERACTIVE));
        }
    }

    private static List<String> messageIds(ThreadDetail thread) {
        return thread.messages().stream()
                .map(it -> String.valueOf(it.message().internetMessageId()))
                .toList();
    }

    private static String numbers(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    private static String[] messages(int first, int last) {
        var lines =
                IntStream.rangeClosed(first, last)
                        .mapToObj(uid ->
                                message(1, uid, "THREADID (T1)", "m" + uid, "")
                                        .replace("* 1 FETCH", "* " + uid + " FETCH"));
        return Stream.concat(lines, Stream.of("OK")).toArray(String[]::new);
    }

    private ThreadPage list(ThreadScope scope) {
        return list(MailboxId.parse("inbox"), scope);
    }

    private ThreadPage list(MailboxId mailbox, ThreadScope scope) {
        var filter = new ThreadFilter(null, null, null, null, null, null);
        return threads.list(account, mailbox, null, new ThreadQuery(50, scope, filter));
    }

    private void objectId() {
        objectId = true;
        server.capabilities("IMAP4rev1", "OBJECTID", "PREVIEW");
    }

    private void listing(String... lines) {
        server.expectMatching("LIST .*").reply(lines).reply("OK");
        server.expectMatching("LSUB .*").reply("OK");
        if (objectId) {
            for (var _ : lines) {
                server.expectMatching("STATUS .* \\(MAILBOXID\\)").reply("NO not now");
            }
        }
    }

    private static String thread(int place, long uid, String id) {
        return "* %d FETCH (UID %d X-GM-THRID %s)".formatted(place, uid, id);
    }

    private void plays(String search, String item) {
        listing("* LIST () \"/\" INBOX");
        server.expect(search).reply("* SEARCH 3 5", "OK");
        server.expectMatching("UID FETCH 3,5 .*")
                .reply(message(1, 3, item, "a", ""), message(2, 5, item, "b", "a"), "OK");
    }

    private void reads(String name) {
        var id = ThreadId.ofServer(name);

        var thread = threads.read(account, id, null);

        assertThat(thread.id()).isEqualTo(id);
        assertThat(thread.messages())
                .extracting(it -> it.message().internetMessageId())
                .containsExactly("a@x", "b@x");
        assertThat(thread.messages())
                .extracting(it -> it.message().threadId())
                .containsExactly(id, id);
        assertThat(thread.messages().getLast().parentId())
                .isEqualTo(thread.messages().getFirst().message().id());
    }

    private static String message(int place, long uid, String item, String id, String reference) {
        var header = "References: <%s@x>\r\n\r\n".formatted(reference);
        return "* %d FETCH (UID %d FLAGS () %s INTERNALDATE \"0%d-Mar-2026 00:00:00 +0000\""
                        .formatted(place, uid, item, place)
                + " ENVELOPE (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL \"<%s@x>\")".formatted(id)
                + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 2 1) PREVIEW \"words\""
                + " RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM TO CC)]<0> {2}\r\n\r\n"
                + " BODY[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)]<0> {%d}\r\n%s)"
                        .formatted(header.length(), header);
    }
}
