package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.ThreadedUids;
import postern.imap.message.UidSet;
import postern.testserver.ScriptedImapServer;

/** The exact THREAD and FETCH commands for conversations. */
class ClientThreadsTest {

    private static final SectionRange REFERENCES =
            SectionRange.first(Section.headerFields("Message-ID", "References"), 100);

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    void readsThreadsWithTheirParents() {
        server.expect("UID THREAD REFS UTF-8 ALL")
                .reply("* THREAD (2)(3 6 (4 23)(44 7 96))((8)(4294967295 9))", "OK");

        var threads = threads();

        assertThat(uids(threads))
                .containsExactly(2L, 3L, 6L, 4L, 23L, 44L, 7L, 96L, 8L, 4294967295L, 9L);
        assertThat(parents(threads))
                .containsExactly(0L, 0L, 3L, 6L, 4L, 6L, 44L, 7L, 0L, 0L, 4294967295L);
        assertThat(IntStream.range(0, threads.size()).map(threads::thread))
                .containsExactly(0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void findsNoThreadsInAnEmptyMailbox() {
        server.selected("* 0 EXISTS", "* OK [UIDVALIDITY 1] x");
        server.expect("UID THREAD REFS UTF-8 ALL").reply("* THREAD", "OK");
        server.expect("UID THREAD REFS UTF-8 ALL").reply("OK");

        assertThat(threads().size()).isZero();
        assertThat(threads().size()).isZero();
    }

    @Test
    void readsAThreadThatIsNestedAsDeepAsItIsLong() {
        int depth = 10_000;
        server.expect("UID THREAD REFS UTF-8 ALL")
                .reply("* THREAD " + "((1)(".repeat(depth) + "2" + "))".repeat(depth), "OK");

        var threads = threads();

        assertThat(threads.size()).isEqualTo(depth + 1);
        assertThat(threads.thread(depth)).isZero();
    }

    @Test
    void saysThatItFindsNoThreadsWhereTheyAreNone() {
        for (var broken : List.of("(1", "1)", "1", "(1 x)", "(0)", "(4294967296)", "(1))(2)")) {
            server.expect("UID THREAD REFS UTF-8 ALL").reply("* THREAD " + broken, "OK");

            assertThatThrownBy(this::threads)
                    .as(broken)
                    .isInstanceOf(ImapException.NotPossible.class);
        }
    }

    @Test
    void takesHeaderFieldsInTheServersOwnSpelling() {
        var header = "Message-ID: <a@b>\r\n\r\n";
        var spellings =
                List.of(
                        "BODY[HEADER.FIELDS (MESSAGE-ID REFERENCES)]<0>",
                        "BODY[HEADER.FIELDS (\"Message-ID\" \"References\")]<0>",
                        "BODY[HEADER.FIELDS (references  message-id)]<0>",
                        "BODY[header.fields (References Message-Id )]<0>");
        for (var spelling : spellings) {
            server.expect("NOOP").reply("OK");
            server.expect(
                            "UID FETCH 4 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID REFERENCES)]<0.100>)")
                    .octets(
                            "* 1 FETCH (UID 4 %s {%d}\r\n%s)\r\n"
                                    .formatted(spelling, header.length(), header))
                    .reply("OK");

            try (var inbox = inbox()) {
                var sections = inbox.fetch(4, FetchItems.of().with(REFERENCES)).sections();

                assertThat(sections)
                        .as(spelling)
                        .containsExactly(Map.entry(REFERENCES, octets(header)));
            }
        }
    }

    @Test
    void takesNoOtherFieldsForThoseThatWereAskedFor() {
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 4 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID REFERENCES)]<0.100>)")
                .reply("* 1 FETCH (UID 4 BODY[HEADER.FIELDS (SUBJECT)]<0> \"x\")", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.fetch(4, FetchItems.of().with(REFERENCES)).sections()).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNoFieldName() {
        for (var name : List.of("", "a b", "a)", "x]", "\u010a", "subject:", "{3}", "\"")) {
            assertThatThrownBy(() -> Section.headerFields(name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(Section::headerFields).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsTheServersOwnIdentifiers() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 1:4 (UID EMAILID THREADID)")
                .reply(
                        "* 1 FETCH (UID 1 EMAILID (M6d99ac) THREADID (T64b478))",
                        "* 2 FETCH (EMAILID (M5fdc09) UID 2 THREADID NIL)",
                        "* 3 FETCH (UID 3 EMAILID (M5fdc09) THREADID ())",
                        "* 4 FETCH (UID 4 EMAILID (M7) THREADID (\"no identifier\"))",
                        "OK");

        var messages = identified();

        assertThat(messages)
                .extracting(FetchedMessage::emailId)
                .containsExactly("M6d99ac", "M5fdc09", "M5fdc09", "M7");
        assertThat(messages)
                .extracting(FetchedMessage::threadId)
                .containsExactly("T64b478", null, null, null);
    }

    @Test
    void readsGmailsIdentifiers() {
        server.capabilities("IMAP4rev1", "X-GM-EXT-1");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 1:4 (UID X-GM-MSGID X-GM-THRID)")
                .reply(
                        "* 1 FETCH (X-GM-THRID 18446744073709551615 X-GM-MSGID 1278455344230334865 UID 1)",
                        "OK");

        var messages = identified();

        assertThat(messages)
                .extracting(FetchedMessage::threadId)
                .containsExactly("18446744073709551615");
        assertThat(messages)
                .extracting(FetchedMessage::emailId)
                .containsExactly("1278455344230334865");
    }

    @Test
    void asksForNoIdentifiersWhereThereAreNone() {
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 1:4 (UID)").reply("* 1 FETCH (UID 1)", "OK");

        assertThat(identified()).extracting(FetchedMessage::threadId).containsOnlyNulls();
    }

    @Test
    void searchesForAThread() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        server.expect("UID SEARCH THREADID T64b478").reply("* SEARCH 3", "OK");
        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.InThread("T64b478"))).isEqualTo(UidSet.of(3));
        }
        server.capabilities("IMAP4rev1", "X-GM-EXT-1");
        server.expect("UID SEARCH X-GM-THRID 1266894439832287888").reply("* SEARCH 4", "OK");
        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.InThread("1266894439832287888")))
                    .isEqualTo(UidSet.of(4));
            assertThatThrownBy(() -> inbox.search(new SearchTerm.InThread("T1")))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
        assertThatThrownBy(() -> new SearchTerm.InThread("1 ALL"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsTheAnswersOfAServerThatWorksOnSeveralFetchesAtOnce() {
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 1:2 (UID FLAGS)")
                .octets(
                        "* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"
                                + "* 3 FETCH (UID 3 RFC822.SIZE 7)\r\n")
                .reply("OK");
        server.expect("UID FETCH 3 (UID RFC822.SIZE)").reply("OK");

        try (var inbox = inbox()) {
            var answers =
                    inbox.fetch(
                            List.of(
                                    FetchRequest.uids(
                                            UidSet.of(1, 2), FetchItems.of(FetchItem.FLAGS)),
                                    FetchRequest.uids(
                                            UidSet.of(3), FetchItems.of(FetchItem.SIZE))));

            assertThat(answers.getFirst()).extracting(FetchedMessage::uid).containsExactly(1L, 2L);
            assertThat(answers.getLast()).extracting(FetchedMessage::size).containsExactly(7L);
        }
    }

    private List<FetchedMessage> identified() {
        try (var inbox = inbox()) {
            return inbox.fetch(
                    UidSet.range(1, 4), FetchItems.of(FetchItem.EMAIL_ID, FetchItem.THREAD_ID));
        }
    }

    private ThreadedUids threads() {
        try (var inbox = inbox()) {
            return inbox.thread();
        }
    }

    private static LongStream uids(ThreadedUids threads) {
        return IntStream.range(0, threads.size()).mapToLong(threads::uid);
    }

    /** The UIDs of the parents; 0 for none. */
    private static LongStream parents(ThreadedUids threads) {
        return IntStream.range(0, threads.size())
                .map(threads::parent)
                .mapToLong(parent -> parent < 0 ? 0 : threads.uid(parent));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private SelectedMailbox inbox() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"))
                .select(MailboxName.INBOX, Access.READ_ONLY);
    }
}
