package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.imap.Access;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.testserver.ScriptedImapServer;

/** The commands that are sent to the mail server, and those that are not repeated. */
class ThreadedMailboxTest {

    private static final String HEADERS =
            " (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)]<0.8192>)";

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final KnownMailbox known = new KnownMailbox(null);

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    void asksForThreadsAgainOnlyWhenMessagesCameOrWent() {
        server.capabilities("IMAP4rev1", "THREAD=REFS");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] valid");
        server.expect("NOOP").reply("OK");
        server.expect("UID THREAD REFS UTF-8 ALL").reply("* THREAD (4 9)(7)", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("OK");
        server.expect("NOOP").reply("* 4 EXISTS", "OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("* 4 FETCH (UID 12)", "OK");
        server.expect("UID THREAD REFS UTF-8 ALL").reply("* THREAD (4 9 12)(7)", "OK");

        try (var inbox = inbox()) {
            var mailbox = new ThreadedMailbox(inbox, known);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L, 12L);
        }
    }

    @Test
    void readsHeadersOnceAndThenOnlyThoseOfNewMessages() {
        server.capabilities("IMAP4rev1", "ESEARCH");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] valid");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH RETURN (ALL) ALL").reply("* ESEARCH UID ALL 4,7,9", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 4,7,9" + HEADERS)
                .reply(header(1, 4, "a", ""), header(2, 7, "b", ""), header(3, 9, "c", "a"), "OK");
        server.expect("NOOP").reply("* 4 EXISTS", "OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("* 4 FETCH (UID 12)", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 12" + HEADERS).reply(header(4, 12, "d", "c"), "OK");

        try (var inbox = inbox()) {
            var mailbox = new ThreadedMailbox(inbox, known);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L, 12L);
        }
    }

    @Test
    void noticesThatAMessageHasGone() {
        server.capabilities("IMAP4rev1");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] valid");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4 7 9", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 4,7,9" + HEADERS)
                .reply(header(1, 4, "a", ""), header(2, 7, "b", "a"), header(3, 9, "c", "b"), "OK");
        server.expect("NOOP").reply("* 2 EXPUNGE", "* 3 EXISTS", "OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("* 3 FETCH (UID 10)", "OK");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4 9 10", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 10" + HEADERS).reply(header(3, 10, "", ""), "OK");

        try (var inbox = inbox()) {
            var mailbox = new ThreadedMailbox(inbox, known);
            mailbox.conversations();
            var now = mailbox.conversations();

            assertThat(members(now, 4)).containsExactly(4L, 9L);
            assertThat(members(now, 10)).containsExactly(10L);
            assertThat(now.uids().stream()).containsExactly(4L, 9L, 10L);
        }
    }

    @Test
    void readsNoMoreThanTheNewestWhereSoFewAreAskedFor() {
        server.capabilities("IMAP4rev1");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] valid");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4 7 9", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 7,9" + HEADERS)
                .reply(header(2, 7, "b", "a"), header(3, 9, "c", "a"), "OK");

        try (var inbox = inbox()) {
            var conversations = new ThreadedMailbox(inbox, known).ofNewest(2);

            assertThat(members(conversations, 7)).containsExactly(7L, 9L);
            assertThat(members(conversations, 4)).containsExactly(4L);
        }
    }

    @Test
    void goesByTheNamesThatTheServerGivesThreads() {
        server.capabilities("IMAP4rev1", "OBJECTID", "THREAD=REFS");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] valid", "* OK [UIDNEXT 10] next");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4 7 9", "OK");
        server.expect("UID FETCH 9 (UID THREADID)").reply(named(3, 9, "(T1)"), "OK");
        server.expect("UID FETCH 4,7,9 (UID THREADID)")
                .reply(named(1, 4, "(T1)"), named(2, 7, "NIL"), named(3, 9, "(T1)"), "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("OK");
        server.expect("NOOP").reply("* 4 EXISTS", "OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("* 4 FETCH (UID 12)", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 12 (UID THREADID)").reply(named(4, 12, "(T1)"), "OK");

        try (var inbox = inbox()) {
            var mailbox = new ThreadedMailbox(inbox, known);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L);
            assertThat(members(mailbox.conversations(), 7)).containsExactly(7L);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L, 12L);
        }
    }

    @Test
    void goesByReferencesWhereTheServerNamesNoThreadsAfterAll() {
        server.capabilities("IMAP4rev1", "OBJECTID", "THREAD=REFS");
        server.selected("* 2 EXISTS", "* OK [UIDVALIDITY 1] valid", "* OK [UIDNEXT 10] next");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4 9", "OK");
        server.expect("UID FETCH 9 (UID THREADID)").reply(named(2, 9, "NIL"), "OK");
        server.expect("UID THREAD REFS UTF-8 ALL").reply("* THREAD (4 9)", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 10:4294967295 (UID)").reply("OK");

        try (var inbox = inbox()) {
            var mailbox = new ThreadedMailbox(inbox, known);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L);
            assertThat(members(mailbox.conversations(), 4)).containsExactly(4L, 9L);
        }
    }

    private static String named(int place, long uid, String name) {
        return "* %d FETCH (UID %d THREADID %s)".formatted(place, uid, name);
    }

    private static LongStream members(Conversations conversations, long uid) {
        return conversations.members(conversations.of(uid));
    }

    private static String header(int place, long uid, String id, String reference) {
        var lines =
                List.of(
                        id.isEmpty() ? "" : "Message-ID: <" + id + "@x>",
                        reference.isEmpty() ? "" : "References: <" + reference + "@x>");
        var header = String.join("\r\n", lines.stream().filter(it -> !it.isEmpty()).toList());
        return "* %d FETCH (UID %d BODY[HEADER.FIELDS (Message-ID In-Reply-To References)]<0> {%d}\r\n%s)"
                .formatted(place, uid, header.length(), header);
    }

    private SelectedMailbox inbox() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"))
                .select(MailboxName.INBOX, Access.READ_ONLY);
    }
}
