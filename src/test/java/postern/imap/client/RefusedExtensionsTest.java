package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.SortKey;
import postern.imap.message.UidSet;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/** Message extensions that a server announces, and refuses when they are used. */
@Timeout(30)
class RefusedExtensionsTest {

    private static final MailboxName ARCHIVE = MailboxName.of("Archive");
    private static final SearchTerm ALL = new SearchTerm.All();
    private static final FetchItems EXTRAS =
            FetchItems.of(
                    FetchItem.FLAGS, FetchItem.MOD_SEQ, FetchItem.EMAIL_ID, FetchItem.PREVIEW);

    private static final SectionRange PART_2 =
            SectionRange.first(Section.part("2"), Long.MAX_VALUE);

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    @Quirk(
            does = "announces MOVE and does not know it",
            answer = "the message is copied and removed, once, and others after it likewise")
    void movesInAnotherWayWhereMoveIsNotKnown() {
        server.capabilities("IMAP4rev1", "MOVE", "UIDPLUS");
        server.expect("UID MOVE 3 \"Archive\"").reply("BAD unknown command");
        for (int uid = 3; uid <= 4; uid++) {
            server.expect("UID COPY " + uid + " \"Archive\"").reply("OK [COPYUID 9 3 7] done");
            server.expect("UID FETCH " + uid + " (UID FLAGS)")
                    .reply("* 3 FETCH (UID " + uid + " FLAGS ())", "OK");
            server.expect("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)").reply("OK");
            server.expect("UID FETCH " + uid + " (UID FLAGS)")
                    .reply("* 3 FETCH (UID " + uid + " FLAGS (\\Deleted))", "OK");
            server.expect("UID EXPUNGE " + uid).reply("* 3 EXPUNGE", "OK");
        }

        try (var inbox = inbox()) {
            assertThat(inbox.move(UidSet.of(3), ARCHIVE).uids()).containsEntry(3L, 7L);
            inbox.move(UidSet.of(4), ARCHIVE);
        }
    }

    @Test
    void aDestinationThatIsNotUnderstoodCostsNoExtension() {
        server.capabilities("IMAP4rev1", "MOVE", "UIDPLUS");
        server.expect("UID MOVE 3 \"Archive\"").reply("BAD invalid name");
        server.expect("UID COPY 3 \"Archive\"").reply("BAD invalid name");
        for (int i = 0; i < 2; i++) {
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
            server.expect("UID " + (i == 0 ? "MOVE" : "COPY") + " 3 \"Archive\"")
                    .reply("BAD invalid name");
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        }

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.move(UidSet.of(3), ARCHIVE))
                    .isInstanceOf(ImapException.ProtocolError.class);
            assertThat(inbox.apply(UidSet.of(3), new BulkChange.Move(ARCHIVE)))
                    .first()
                    .isInstanceOf(MessageOutcome.Refused.class);
            assertThat(inbox.capabilities().move()).isTrue();
        }
    }

    @Test
    void aMoveThatIsRefusedForAReasonIsNotTriedInAnotherWay() {
        server.capabilities("IMAP4rev1", "MOVE", "UIDPLUS");
        server.expect("UID MOVE 3 \"Archive\"").reply("NO something else");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.move(UidSet.of(3), ARCHIVE))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThat(inbox.capabilities().move()).isTrue();
        }
    }

    @Test
    void movesManyInAnotherWayWhereMoveIsNotKnown() {
        server.capabilities("IMAP4rev1", "MOVE", "UIDPLUS");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID MOVE 3 \"Archive\"").reply("BAD unknown command");
        for (int i = 0; i < 2; i++) {
            server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
            if (i == 0) {
                continue; // this FETCH checks whether anything was moved
            }
            server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 9 3 7] done");
        }
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Deleted))", "OK");
        server.expect("UID EXPUNGE 3").reply("* 3 EXPUNGE", "OK");

        try (var inbox = inbox()) {
            var fates = inbox.apply(UidSet.of(3), new BulkChange.Move(ARCHIVE));

            assertThat(fates).hasSize(1).first().isInstanceOf(MessageOutcome.Done.class);
        }
    }

    @Test
    @Quirk(
            does = "announces SORT and refuses it, or answers it with nothing",
            answer = "the gateway sorts, and asks nobody on that server to sort for ten minutes")
    void saysThatItCannotSortAndDoesNotAskAgain() {
        server.capabilities("IMAP4rev1", "SORT");
        server.expect("UID SORT (ARRIVAL) US-ASCII ALL").reply("NO not really");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.sort(ALL, SortKey.ARRIVAL))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThat(inbox.capabilities().sorts(SortKey.ARRIVAL)).isFalse();
        }
    }

    @Test
    void aServerThatIsTooBusyToSortIsAskedAgain() {
        server.capabilities("IMAP4rev1", "SORT");
        server.expect("UID SORT (ARRIVAL) US-ASCII ALL").reply("NO [UNAVAILABLE] later");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.sort(ALL, SortKey.ARRIVAL))
                    .isInstanceOf(ImapException.ServerUnavailable.class);
            assertThat(inbox.capabilities().sorts(SortKey.ARRIVAL)).isTrue();
        }
    }

    @Test
    void aSortThatIsAnsweredWithNothingIsNoOrder() {
        server.capabilities("IMAP4rev1", "SORT");
        server.expect("UID SORT (ARRIVAL) US-ASCII SUBJECT \"a\"").reply("OK done");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.sort(new SearchTerm.Subject("a"), SortKey.ARRIVAL))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
    }

    @Test
    void remembersARefusalToSortThatAVisitMet() {
        server.capabilities("IMAP4rev1", "SORT");
        server.expect("EXAMINE \"a\"").reply("* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "OK");
        server.expect("UID SORT (ARRIVAL) US-ASCII ALL").reply("BAD what");

        try (var connection = connect()) {
            var visit = ExamineRequest.sort(MailboxName.of("a"), ALL, SortKey.ARRIVAL);

            assertThatThrownBy(connection.visit(List.of(visit)).getFirst()::orThrow)
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThat(connection.capabilities().sorts(SortKey.ARRIVAL)).isFalse();
        }
    }

    @Test
    @Quirk(
            does = "announces ESEARCH or ESORT and does not know RETURN",
            answer = "the same search without")
    void searchesWithoutRangesWhereTheServerDoesNotKnowThem() {
        server.capabilities("IMAP4rev1", "ESEARCH", "ESORT", "SORT");
        server.expect("UID SEARCH RETURN (ALL) SUBJECT \"a\"").reply("BAD what is RETURN");
        server.expect("UID SEARCH SUBJECT \"a\"").reply("* SEARCH 3", "OK");
        server.expect("UID SEARCH SUBJECT \"b\"").reply("* SEARCH 4", "OK");
        server.expect("UID SORT RETURN (ALL) (ARRIVAL) US-ASCII ALL").reply("OK done");
        server.expect("UID SORT (ARRIVAL) US-ASCII ALL").reply("* SORT 5 3", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.Subject("a"))).isEqualTo(UidSet.of(3));
            assertThat(inbox.search(new SearchTerm.Subject("b"))).isEqualTo(UidSet.of(4));
            var sorted = inbox.sort(ALL, SortKey.ARRIVAL);
            assertThat(LongStream.range(0, 2).map(sorted::at)).containsExactly(5L, 3L);
        }
    }

    @Test
    @Quirk(
            does = "announces THREAD=REFS and refuses it, or answers with nothing",
            answer = "conversations by references, which the gateway reads itself")
    void saysThatItFindsNoThreads() {
        for (var answer : List.of("BAD what", "OK done", "* THREAD ((((")) {
            server.capabilities("IMAP4rev1", "THREAD=REFS");
            var reply = server.expect("UID THREAD REFS UTF-8 ALL").reply(answer);
            if (answer.startsWith("*")) {
                reply.reply("OK done");
            }

            try (var inbox = inbox()) {
                assertThatThrownBy(inbox::thread).isInstanceOf(ImapException.NotPossible.class);
                assertThat(inbox.capabilities().threadRefs()).isFalse();
            }
        }
    }

    @Test
    void aMailboxWhoseThreadsAreRefusedCostsNoExtension() {
        server.capabilities("IMAP4rev1", "THREAD=REFS");
        server.expect("UID THREAD REFS UTF-8 ALL").reply("NO not in this mailbox");

        try (var inbox = inbox()) {
            assertThatThrownBy(inbox::thread).isInstanceOf(ImapException.NotPossible.class);
            assertThat(inbox.capabilities().threadRefs()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "announces BINARY and refuses it",
            answer = "the gateway takes the encoding off itself")
    void saysThatItCannotDecode() {
        server.capabilities("IMAP4rev1", "BINARY");
        server.expect("UID FETCH 3 (UID BINARY.PEEK[2])").reply("BAD what is BINARY");
        server.expect("UID FETCH 3 (UID BODY.PEEK[2]<0.1>)")
                .reply("* 3 FETCH (UID 3 BODY[2]<0> \"a\")", "OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.openDecoded(3, PART_2))
                    .isInstanceOf(ImapException.UnknownEncoding.class);
            assertThat(inbox.capabilities().binary()).isFalse();
            assertThat(inbox.fetch(UidSet.EMPTY, FetchItems.of())).isEmpty();
        }
    }

    @Test
    @Quirk(
            does = "announces PREVIEW, OBJECTID or CONDSTORE and refuses a FETCH of its items",
            answer = "the same FETCH without, at once, and for ten minutes")
    void fetchesWithoutTheItemThatTheServerRefuses() {
        server.capabilities("IMAP4rev1", "PREVIEW", "OBJECTID", "CONDSTORE");
        server.expect("UID FETCH 3:4 (UID EMAILID FLAGS MODSEQ PREVIEW)").reply("BAD what is this");
        server.expect("UID FETCH 3:4 (UID EMAILID FLAGS MODSEQ)").reply(told(3), told(4), "OK");
        server.expect("UID FETCH 4 (UID EMAILID FLAGS MODSEQ)").reply(told(4), "OK");

        try (var inbox = inbox()) {
            var messages = inbox.fetch(UidSet.range(3, 4), EXTRAS);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(3L, 4L);
            assertThat(messages).noneMatch(FetchedMessage::degraded);
            assertThat(messages).extracting(FetchedMessage::emailId).containsExactly("M3", "M4");
            assertThat(inbox.fetch(4, EXTRAS).modSeq()).isEqualTo(44);
            assertThat(inbox.capabilities().preview()).isFalse();
            assertThat(inbox.capabilities().objectId()).isTrue();
        }
    }

    @Test
    void fetchesWithoutTheItemThatTheServerNamesInItsRefusal() {
        server.capabilities("IMAP4rev1", "PREVIEW", "OBJECTID", "CONDSTORE");
        server.expect("UID FETCH 3 (UID EMAILID FLAGS MODSEQ PREVIEW)")
                .reply("NO unknown item EMAILID");
        server.expect("UID FETCH 3 (UID FLAGS MODSEQ PREVIEW)")
                .reply("* 3 FETCH (UID 3 FLAGS () MODSEQ (9) PREVIEW \"hi\")", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.fetch(3, EXTRAS).preview()).hasToString("hi");
            assertThat(inbox.capabilities().objectId()).isFalse();
            assertThat(inbox.capabilities().preview()).isTrue();
            assertThat(inbox.capabilities().condStore()).isTrue();
        }
    }

    @Test
    void fetchesWithoutAnyItemWhereTheServerRefusesAll() {
        server.capabilities("IMAP4rev1", "PREVIEW", "OBJECTID", "CONDSTORE");
        server.expect("UID FETCH 3 (UID EMAILID FLAGS MODSEQ PREVIEW)").reply("BAD what");
        server.expect("UID FETCH 3 (UID EMAILID FLAGS MODSEQ)").reply("BAD what");
        server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply("BAD what");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.fetch(3, EXTRAS).flags()).isEmpty();
            assertThat(inbox.capabilities().condStore()).isFalse();
        }
    }

    @Test
    void aFetchThatIsRefusedForAnotherReasonCostsNoExtension() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.expect("UID FETCH 3 (UID FLAGS MODSEQ)")
                .reply("* 3 FETCH (UID 3 FLAGS () MODSEQ (9))", "OK");
        server.expect("UID FETCH 4 (UID FLAGS MODSEQ)").reply("NO message 4 cannot be read");

        try (var inbox = inbox()) {
            inbox.fetch(3, EXTRAS);

            assertThatThrownBy(() -> inbox.fetch(4, EXTRAS))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThat(inbox.capabilities().condStore()).isTrue();
        }
    }

    @Test
    void visitsWithoutTheItemThatTheServerRefuses() {
        server.capabilities("IMAP4rev1", "PREVIEW", "OBJECTID");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3", "OK");
        server.expect("UID FETCH 3 (UID EMAILID FLAGS PREVIEW)").reply("BAD what is this");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3", "OK");
        server.expect("UID FETCH 3 (UID EMAILID FLAGS)").reply(told(3), "OK");

        try (var connection = connect()) {
            var fetch = FetchRequest.uids(UidSet.of(3), EXTRAS);
            var visit = new ExamineRequest(MailboxName.of("a"), ALL, null, List.of(fetch), false);

            var visited = connection.visit(List.of(visit)).getFirst().orThrow();

            assertThat(visited.fetched().getFirst().getFirst().emailId()).isEqualTo("M3");
            assertThat(visited.found()).isEqualTo(UidSet.of(3));
            assertThat(connection.capabilities().preview()).isFalse();
            assertThat(connection.capabilities().objectId()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "announces OBJECTID and refuses SEARCH THREADID",
            answer = "the thread is found by the THREADID that each message tells")
    void findsThreadsByWhatMessagesTellWhereTheServerDoesNotSearch() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        server.expect("UID SEARCH THREADID T1").reply("BAD unknown key");
        server.expect("UID FETCH 1:* (UID THREADID)").reply(thread(3, 1), thread(5, 2), "OK");
        for (int i = 0; i < 2; i++) {
            server.expect("UID FETCH 1:* (UID THREADID)")
                    .reply(thread(3, 1), thread(5, 2), thread(6, 4), "OK");
        }

        try (var inbox = inbox()) {
            var first = new SearchTerm.InThread("T1");
            var second = new SearchTerm.InThread("T2");

            assertThat(inbox.search(first)).isEqualTo(UidSet.of(3));
            assertThat(inbox.search(second)).isEqualTo(UidSet.of(5));
            assertThat(inbox.search(new SearchTerm.Or(first, second))).isEqualTo(UidSet.of(3, 5));
            assertThat(inbox.capabilities().objectId()).isTrue();
        }
    }

    @Test
    void findsSeveralThreadsWhereTheServerSearchesForNone() {
        server.capabilities("IMAP4rev1", "OBJECTID", "ESEARCH");
        server.expect("UID SEARCH RETURN (ALL) OR THREADID T1 THREADID T2").reply("BAD what");
        server.expect("UID SEARCH OR THREADID T1 THREADID T2").reply("BAD what");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3 5", "OK");
        server.expect("UID SEARCH THREADID T1").reply("BAD what");
        server.expect("UID SEARCH THREADID T2").reply("BAD what");
        server.expect("UID FETCH 1:* (UID THREADID)").reply(thread(3, 1), thread(5, 2), "OK");

        try (var inbox = inbox()) {
            var either =
                    new SearchTerm.Or(new SearchTerm.InThread("T1"), new SearchTerm.InThread("T2"));

            assertThat(inbox.search(either)).isEqualTo(UidSet.of(3, 5));
            assertThat(inbox.capabilities().eSearch()).isTrue();
            assertThat(inbox.capabilities().searchesThreadIds()).isFalse();
        }
    }

    @Test
    void searchesForPartsWithoutRangesWhereTheServerDoesNotKnowThem() {
        server.capabilities("IMAP4rev1", "ESEARCH");
        server.expect("UID SEARCH RETURN (ALL) NOT SUBJECT \"a\"").reply("BAD what");
        server.expect("UID SEARCH NOT SUBJECT \"a\"").reply("BAD what");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3 5", "OK");
        server.expect("UID SEARCH SUBJECT \"a\"").reply("* SEARCH 3", "OK");
        server.expect("UID SEARCH SUBJECT \"a\"").reply("* SEARCH 3", "OK");

        try (var inbox = inbox()) {
            var subject = new SearchTerm.Subject("a");

            assertThat(inbox.search(new SearchTerm.Not(subject))).isEqualTo(UidSet.of(5));
            assertThat(inbox.search(subject)).isEqualTo(UidSet.of(3));
        }
    }

    @Test
    @Quirk(
            does = "announces CONDSTORE and does not know UNCHANGEDSINCE",
            answer = "the gateway looks whether the message was changed, and then stores")
    void storesAfterALookWhereTheServerKnowsNoCondition() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.expect("UID STORE 3 (UNCHANGEDSINCE 9) +FLAGS.SILENT (\\Seen)").reply("BAD what");
        server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply(modified(9, ""), "OK");
        for (int i = 0; i < 2; i++) {
            server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply(modified(9 + i, ""), "OK");
            server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
            server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply(modified(10 + i, "\\Seen"), "OK");
        }
        server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply(modified(11, ""), "OK");

        try (var inbox = inbox()) {
            var three = UidSet.of(3);
            var seen = FlagChange.add(Flag.SEEN);

            var stored = inbox.store(three, seen, 9);
            assertThat(stored.getFirst().flags()).containsExactly(Flag.SEEN);
            inbox.store(three, seen, 10);
            assertThatThrownBy(() -> inbox.store(three, seen, 9))
                    .isInstanceOf(ImapException.MessageModified.class);
            assertThat(inbox.capabilities().condStore()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "announces STATUS=SIZE or CONDSTORE and refuses STATUS with its item",
            answer = "the counts without, at once, and for ten minutes")
    void countsWithoutTheItemThatTheServerRefuses() {
        server.capabilities("IMAP4rev1", "STATUS=SIZE");
        var plain = "STATUS \"Archive\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)";
        server.expect(plain.replace(")", " SIZE)")).reply("BAD what is SIZE");
        for (int i = 0; i < 2; i++) {
            server.expect(plain).reply("* STATUS Archive (MESSAGES 3)", "OK");
        }

        try (var connection = connect()) {
            assertThat(connection.status(ARCHIVE).messages()).isEqualTo(3);
            assertThat(connection.status(ARCHIVE).messages()).isEqualTo(3);
        }
    }

    @Test
    void asksForNoDecodedSizeWhereBinaryIsNotKnown() {
        server.capabilities("IMAP4rev1", "BINARY");
        server.expect("UID FETCH 3 (UID BINARY.SIZE[2])").reply("BAD what is BINARY");
        server.expect("UID FETCH 3 (UID BODY.PEEK[2]<0.1>)")
                .reply("* 3 FETCH (UID 3 BODY[2]<0> \"a\")", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.decodedSize(3, "2")).isEmpty();
            assertThat(inbox.decodedSize(3, "2")).isEmpty();
            assertThat(inbox.capabilities().binary()).isFalse();
        }
    }

    @Test
    void aPartThatIsNotUnderstoodCostsNoExtension() {
        server.capabilities("IMAP4rev1", "BINARY");
        for (var item : List.of("BINARY.SIZE[2]", "BINARY.PEEK[2]")) {
            server.expect("UID FETCH 3 (UID " + item + ")").reply("BAD no such part");
            server.expect("UID FETCH 3 (UID BODY.PEEK[2]<0.1>)").reply("BAD no such part");
        }

        try (var inbox = inbox()) {
            assertThat(inbox.decodedSize(3, "2")).isEmpty();
            assertThatThrownBy(() -> inbox.openDecoded(3, PART_2))
                    .isInstanceOf(ImapException.UnknownEncoding.class);
            assertThat(inbox.capabilities().binary()).isTrue();
        }
    }

    @Test
    void aMessageThatIsGoneBeforeItIsStoredCostsNoExtension() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        var store = "UID STORE 3 (UNCHANGEDSINCE 9) +FLAGS.SILENT (\\Seen)";
        for (int i = 0; i < 2; i++) {
            server.expect(store).reply("BAD no such message");
            server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply("OK");
            server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply("OK");
            server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("BAD no such message");
            server.expect("UID FETCH 3 (UID FLAGS MODSEQ)").reply("OK");
        }

        try (var inbox = inbox()) {
            for (int i = 0; i < 2; i++) {
                assertThat(inbox.store(UidSet.of(3), FlagChange.add(Flag.SEEN), 9)).isEmpty();
            }
        }
    }

    private static String told(int uid) {
        return "* %1$d FETCH (UID %1$d FLAGS () MODSEQ (4%1$d) EMAILID (M%1$d))".formatted(uid);
    }

    private static String thread(int uid, int thread) {
        return "* %1$d FETCH (UID %1$d THREADID (T%2$d))".formatted(uid, thread);
    }

    private static String modified(int modSeq, String flags) {
        return "* 3 FETCH (UID 3 FLAGS (%s) MODSEQ (%d))".formatted(flags, modSeq);
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }

    private SelectedMailbox inbox() {
        return connect().select(MailboxName.INBOX, Access.READ_WRITE);
    }
}
