package postern.imap.angus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.Fate;
import postern.imap.FetchItems;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxVisit;
import postern.imap.PoolableConnection;
import postern.imap.Quirk;
import postern.imap.ScriptedImapServer;
import postern.imap.SearchTerm;
import postern.imap.Section;
import postern.imap.SectionRange;
import postern.imap.SelectedMailbox;
import postern.imap.SortKey;
import postern.imap.UidSet;

/** Extensions for messages that a server announces, and refuses when they are used. */
@Timeout(30)
class RefusedExtensionsTest {

    private static final MailboxName ARCHIVE = MailboxName.of("Archive");
    private static final SearchTerm ALL = new SearchTerm.All();

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
            server.expect("UID EXPUNGE " + uid).reply("* 3 EXPUNGE", "OK");
        }

        try (var inbox = inbox()) {
            assertThat(inbox.move(UidSet.of(3), ARCHIVE).uids()).containsEntry(3L, 7L);
            inbox.move(UidSet.of(4), ARCHIVE);
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
                continue; // looks whether anything was moved
            }
            server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 9 3 7] done");
        }
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID EXPUNGE 3").reply("* 3 EXPUNGE", "OK");

        try (var inbox = inbox()) {
            var fates = inbox.apply(UidSet.of(3), new BulkChange.Move(ARCHIVE));

            assertThat(fates).hasSize(1).first().isInstanceOf(Fate.Done.class);
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
            var visit = MailboxVisit.sort(MailboxName.of("a"), ALL, SortKey.ARRIVAL);

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
    @Quirk(
            does = "announces BINARY and refuses it",
            answer = "the gateway takes the encoding off itself")
    void saysThatItCannotDecode() {
        server.capabilities("IMAP4rev1", "BINARY");
        server.expect("UID FETCH 3 (UID BINARY.PEEK[2])").reply("BAD what is BINARY");

        try (var inbox = inbox()) {
            var part = SectionRange.first(Section.part("2"), Long.MAX_VALUE);
            assertThatThrownBy(() -> inbox.openDecoded(3, part))
                    .isInstanceOf(ImapException.UnknownEncoding.class);
            assertThat(inbox.capabilities().binary()).isFalse();
            assertThat(inbox.fetch(UidSet.EMPTY, FetchItems.of())).isEmpty();
        }
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }

    private SelectedMailbox inbox() {
        return connect().select(MailboxName.INBOX, Access.READ_WRITE);
    }
}
