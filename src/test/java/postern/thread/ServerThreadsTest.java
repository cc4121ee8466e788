package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.ThreadId;

/** Threads that the mail server itself has names for, in an account on a scripted one. */
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

    @AfterEach
    void verify() {
        connections.retire(account);
        server.close();
    }

    @Test
    void readsAThreadByTheNameThatTheServerGaveIt() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        plays("UID SEARCH THREADID T64b", "THREADID (T64b)");

        reads("T64b");
    }

    @Test
    void readsAThreadByTheNumberThatGmailGaveIt() {
        server.capabilities("IMAP4rev1", "X-GM-EXT-1");
        plays("UID SEARCH X-GM-THRID 1266894439832287888", "X-GM-THRID 1266894439832287888");

        reads("1266894439832287888");
    }

    private void plays(String search, String item) {
        server.expectMatching("LIST .*").reply("* LIST () \"/\" INBOX", "OK");
        server.expectMatching("LSUB .*").reply("OK");
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
                + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 2 1) RFC822.SIZE 9"
                + " BODY[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)]<0> {%d}\r\n%s)"
                        .formatted(header.length(), header);
    }
}
