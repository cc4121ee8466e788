package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;

class BulkChangesTest {

    private static final MailboxName ARCHIVE = MailboxName.of("Archive");
    private static final BulkChange SEEN = new BulkChange.Store(FlagChange.add(Flag.SEEN));
    private static final BulkChange MOVE = new BulkChange.Move(ARCHIVE);
    private static final BulkChange EXPUNGE = new BulkChange.Expunge();
    private static final UidSet THREE = UidSet.range(3, 5);

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    void storesWithOneCommandAndSeesWhatIsGone() {
        server.expect("UID STORE 3:5 +FLAGS.SILENT (\\Seen)").reply("OK");
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS (\\Seen))",
                        "* 4 FETCH (UID 5 FLAGS (\\Flagged \\Seen))",
                        "OK");

        assertThat(inbox().apply(THREE, SEEN))
                .containsExactly(
                        new MessageOutcome.Done(3, Set.of(Flag.SEEN), null),
                        new MessageOutcome.Gone(4),
                        new MessageOutcome.Done(5, Set.of(Flag.SEEN, Flag.FLAGGED), null));
    }

    @Test
    void saysWhichMailboxDoesNotKeepKeywords() {
        server.selected(
                "* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [PERMANENTFLAGS (\\Seen)] limited");
        server.expect("UID STORE 3 +FLAGS.SILENT (new)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");

        var fates =
                inbox().apply(UidSet.of(3), new BulkChange.Store(FlagChange.add(new Flag("new"))));

        assertThat(fates).singleElement().isInstanceOf(MessageOutcome.Refused.class);
    }

    @Test
    void cutsASetThatMakesTooLongALine() {
        var uids = UidSet.of(LongStream.range(0, 2_000).map(i -> 10_000 + 2 * i).toArray());
        for (var piece : uids.pieces()) {
            assertThat(piece.toString()).hasSizeLessThan(7_501);
            server.expect("UID STORE " + piece + " +FLAGS.SILENT (\\Seen)").reply("OK");
            server.expect("UID FETCH " + piece + " (UID FLAGS)").reply("OK");
        }

        assertThat(uids.pieces()).hasSize(2);
        assertThat(inbox().apply(uids, SEEN)).hasSize(2_000);
    }

    @Test
    void movesWithOneCommandAndTellsWhereTo() {
        server.capabilities("IMAP4rev1", "UIDPLUS", "MOVE");
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS (\\Seen))",
                        "* 4 FETCH (UID 4 FLAGS ())",
                        "* 5 FETCH (UID 5 FLAGS ())",
                        "OK");
        server.expect("UID MOVE 3:5 \"Archive\"")
                .reply(
                        "* OK [COPYUID 9 5,3 70,77] moved",
                        "* 5 EXPUNGE",
                        "* 4 EXPUNGE",
                        "* 3 EXPUNGE",
                        "OK");

        assertThat(inbox().apply(THREE, MOVE))
                .containsExactly(
                        new MessageOutcome.Done(
                                3, Set.of(Flag.SEEN), SomeAccount.message(ARCHIVE, 9, 77)),
                        new MessageOutcome.Gone(4),
                        new MessageOutcome.Done(5, Set.of(), SomeAccount.message(ARCHIVE, 9, 70)));
    }

    @Test
    void triesThoseThatAreThereWhenOthersAreInTheWay() {
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS ())",
                        "* 4 FETCH (UID 4 FLAGS ())",
                        "* 5 FETCH (UID 5 FLAGS ())",
                        "OK");
        server.expect("UID COPY 3:5 \"Archive\"").reply("NO [EXPUNGEISSUED] some are gone");
        server.expect("NOOP").reply("* 4 EXPUNGE", "OK");
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 5 FLAGS ())", "OK");
        server.expect("UID FETCH 3,5 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 5 FLAGS ())", "OK");
        server.expect("UID COPY 3,5 \"Archive\"").reply("OK [COPYUID 9 3,5 70:71] done");

        assertThat(inbox().apply(THREE, new BulkChange.Copy(ARCHIVE)))
                .containsExactly(
                        new MessageOutcome.Done(3, Set.of(), SomeAccount.message(ARCHIVE, 9, 70)),
                        new MessageOutcome.Gone(4),
                        new MessageOutcome.Done(5, Set.of(), SomeAccount.message(ARCHIVE, 9, 71)));
    }

    @Test
    void tellsWhatWasDoneWhatWasNotAndWhatNobodyKnowsWhenTheConnectionIsLost() {
        server.capabilities("IMAP4rev1", "UIDPLUS", "MOVE");
        var uids = UidSet.of(LongStream.range(0, 4_000).map(i -> 10_000 + 2 * i).toArray());
        var pieces = uids.pieces();
        server.expect("UID FETCH " + pieces.get(0) + " (UID FLAGS)")
                .reply("* 1 FETCH (UID 10000 FLAGS ())", "OK");
        server.expect("UID MOVE " + pieces.get(0) + " \"Archive\"")
                .reply("* OK [COPYUID 9 10000 1] moved", "* 1 EXPUNGE", "OK");
        long second = pieces.get(1).ranges().getFirst().first();
        server.expect("UID FETCH " + pieces.get(1) + " (UID FLAGS)")
                .reply("* 1 FETCH (UID " + second + " FLAGS ())", "OK");
        server.expect("UID MOVE " + pieces.get(1) + " \"Archive\"").drop();

        var fates = inbox().apply(uids, MOVE);

        assertThat(fates).hasSize(4_000);
        assertThat(fates.getFirst())
                .isEqualTo(
                        new MessageOutcome.Done(
                                10_000, Set.of(), SomeAccount.message(ARCHIVE, 9, 1)));
        assertThat(
                        fates.stream()
                                .filter(MessageOutcome.Unknown.class::isInstance)
                                .map(MessageOutcome::uid))
                .containsExactly(second);
        assertThat(fates.getLast())
                .isInstanceOfSatisfying(
                        MessageOutcome.Refused.class,
                        fate ->
                                assertThat(fate.reason())
                                        .isInstanceOf(ImapException.ConnectionLost.class));
    }

    @Test
    void movesByCopyAndUidExpungeWhereThereIsNoMove() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        expectFlags("3:5", "* 3 FETCH (UID 3 FLAGS ())", "* 5 FETCH (UID 5 FLAGS (\\Seen))");
        server.expect("UID COPY 3:5 \"Archive\"").reply("OK [COPYUID 9 3,5 70:71] done");
        expectFlags("3,5", "* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 5 FLAGS (\\Seen))");
        server.expect("UID STORE 3,5 +FLAGS.SILENT (\\Deleted)").reply("OK");
        expectFlags(
                "3,5",
                "* 3 FETCH (UID 3 FLAGS (\\Deleted))",
                "* 4 FETCH (UID 5 FLAGS (\\Seen \\Deleted))");
        server.expect("UID EXPUNGE 3,5").reply("* 4 EXPUNGE", "* 3 EXPUNGE", "OK");

        assertThat(inbox().apply(THREE, MOVE))
                .containsExactly(
                        new MessageOutcome.Done(3, Set.of(), SomeAccount.message(ARCHIVE, 9, 70)),
                        new MessageOutcome.Gone(4),
                        new MessageOutcome.Done(
                                5, Set.of(Flag.SEEN), SomeAccount.message(ARCHIVE, 9, 71)));
    }

    @Test
    void saysOfAMessageThatWasCopiedAndNotRemovedBoth() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 9 3 70] done");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Deleted))");
        server.expect("UID EXPUNGE 3").reply("NO [NOPERM] not you");
        server.expect("NOOP").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Deleted))");
        server.expect("UID STORE 3 -FLAGS.SILENT (\\Deleted)").reply("OK");

        assertThat(inbox().apply(UidSet.of(3), MOVE))
                .singleElement()
                .isInstanceOfSatisfying(
                        MessageOutcome.Refused.class,
                        fate -> {
                            assertThat(fate.successor())
                                    .isEqualTo(SomeAccount.message(ARCHIVE, 9, 70));
                            assertThat(fate.reason()).hasMessageContaining("copied");
                        });
    }

    @Test
    void understandsAServerThatEndsAllCommandsTogether() {
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 5 FLAGS ())");
        server.expect("UID STORE 3:5 +FLAGS.SILENT (\\Deleted)").reply("* 1 RECENT");
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS (\\Deleted))",
                        "* 4 FETCH (UID 5 FLAGS (\\Deleted))");
        server.expect("UID EXPUNGE 3:5")
                .reply("* 3 EXPUNGE", "* 3 EXPUNGE", "P3 OK", "P4 OK", "P5 OK", "P6 OK");

        assertThat(inbox().apply(THREE, EXPUNGE))
                .containsExactly(
                        new MessageOutcome.Done(3, Set.of(), null),
                        new MessageOutcome.Gone(4),
                        new MessageOutcome.Done(5, Set.of(), null));
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does =
                    "shows a message that another client moved away to all commands of one flush,"
                            + " and reports it as expunged at the end",
            answer = "`message-not-found` for that message: its mark was not stored")
    void doesNotTakeForItsOwnWhatOthersMovedAway() {
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 5 FLAGS ())");
        server.expect("UID STORE 3:5 +FLAGS.SILENT (\\Deleted)").reply();
        server.expect("UID FETCH 3:5 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 5 FLAGS (\\Deleted))");
        server.expect("UID EXPUNGE 3:5")
                .reply("* 3 EXPUNGE", "* 3 EXPUNGE", "P3 OK", "P4 OK", "P5 OK", "P6 OK");

        assertThat(inbox().apply(THREE, EXPUNGE))
                .containsExactly(
                        new MessageOutcome.Gone(3),
                        new MessageOutcome.Gone(4),
                        new MessageOutcome.Done(5, Set.of(), null));
    }

    @Test
    void expungesWithThePlainCommandWhereNobodyElseMarkedAnything() {
        server.capabilities("IMAP4rev1");
        server.expect("NOOP").reply("OK");
        expectFlags("3:5", "* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 4 FLAGS ())");
        server.expect("UID STORE 3:4 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3:4").reply("* SEARCH", "OK");
        server.expect("EXPUNGE").reply("* 3 EXPUNGE", "* 3 EXPUNGE", "OK");
        server.expect("NOOP").reply("OK");
        expectFlags("3:5");

        assertThat(inbox().apply(THREE, EXPUNGE))
                .containsExactly(
                        new MessageOutcome.Done(3, Set.of(), null),
                        new MessageOutcome.Done(4, Set.of(), null),
                        new MessageOutcome.Gone(5));
    }

    @Test
    void liftsTheMarksOfOthersAndPutsThemBackTogetherWithTheExpunge() {
        server.capabilities("IMAP4rev1");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH 5 8", "OK");
        server.expect("UID STORE 5,8 -FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH 9", "OK");
        server.expect("UID STORE 9 -FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH", "OK");
        server.expect("EXPUNGE").reply("* 3 EXPUNGE", "OK");
        server.expect("UID STORE 5,8:9 +FLAGS.SILENT (\\Deleted)").reply("OK");

        inbox().expunge(UidSet.of(3));
    }

    @Test
    void removesNothingWhileOthersGoOnMarking() {
        server.capabilities("IMAP4rev1");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        for (int uid = 5; uid <= 6; uid++) {
            server.expect("NOOP").reply("OK");
            server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH " + uid, "OK");
            server.expect("UID STORE %d -FLAGS.SILENT (\\Deleted)".formatted(uid)).reply("OK");
        }
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH 7", "OK");
        server.expect("UID STORE 3 -FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID STORE 5:6 +FLAGS.SILENT (\\Deleted)").reply("OK");

        assertThatThrownBy(() -> inbox().expunge(UidSet.of(3)))
                .isInstanceOf(ImapException.MailboxInUse.class);
    }

    @Test
    void putsMarksBackWhenTheExpungeIsRefused() {
        server.capabilities("IMAP4rev1");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH", "OK");
        server.expect("EXPUNGE").reply("NO [NOPERM] not you");
        server.expect("UID STORE 3 -FLAGS.SILENT (\\Deleted)").reply("OK");

        assertThatThrownBy(() -> inbox().expunge(UidSet.of(3)))
                .isInstanceOf(ImapException.PermissionDenied.class);
    }

    @Test
    void doesNotKnowWhatAnExpungeRemovedThatGotLost() {
        server.capabilities("IMAP4rev1");
        server.expect("NOOP").reply("OK");
        expectFlags("3:5", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH DELETED NOT UID 3").reply("* SEARCH", "OK");
        server.expect("EXPUNGE").drop();

        assertThat(inbox().apply(THREE, EXPUNGE))
                .extracting(MessageOutcome::getClass)
                .isEqualTo(
                        List.of(
                                MessageOutcome.Unknown.class,
                                MessageOutcome.Gone.class,
                                MessageOutcome.Gone.class));
    }

    @Test
    void storesAgainWhatAnotherClientUndid() {
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Seen))");

        assertThat(inbox().apply(UidSet.of(3), SEEN))
                .containsExactly(new MessageOutcome.Done(3, Set.of(Flag.SEEN), null));
    }

    @Test
    @Quirk(
            server = "Courier",
            does = "shows a message that another client removed, without its new flags, until NOOP",
            answer = "`message-not-found`")
    void aMessageThatKeepsNoFlagsMayBeGone() {
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("NOOP").reply("* 3 EXPUNGE", "OK");
        expectFlags("3");

        assertThat(inbox().apply(UidSet.of(3), SEEN)).containsExactly(new MessageOutcome.Gone(3));
    }

    @Test
    @Quirk(
            server = "Cyrus, Courier",
            does = "ends the COPY of a message that another client has removed with OK",
            answer = "`message-not-found`: there is no COPYUID, and no message")
    void nothingIsCopiedOfAMessageThatIsGone() {
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID COPY 3 \"Archive\"").reply("OK Completed");
        server.expect("NOOP").reply("* 3 EXPUNGE", "OK");
        expectFlags("3");

        assertThat(inbox().apply(UidSet.of(3), new BulkChange.Copy(ARCHIVE)))
                .containsExactly(new MessageOutcome.Gone(3));
    }

    @Test
    @Quirk(
            server = "Dovecot with Maildir",
            does = "loses the mark of a message that another client changes, and expunges nothing",
            answer = "marked and expunged again, a few times")
    void expungesAgainWhatWasLeft() {
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Deleted))");
        server.expect("UID EXPUNGE 3").reply("OK");
        server.expect("NOOP").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Flagged))");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Flagged))");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Flagged \\Deleted))");
        server.expect("UID EXPUNGE 3").reply("* 3 EXPUNGE", "OK");

        assertThat(inbox().apply(UidSet.of(3), EXPUNGE))
                .containsExactly(new MessageOutcome.Done(3, Set.of(), null));
    }

    @Test
    void inTheEndWhatIsLeftIsInUse() {
        for (int tries = 0; tries < 5; tries++) {
            expectFlags("3", "* 3 FETCH (UID 3 FLAGS ())");
            server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
            expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Deleted))");
            server.expect("UID EXPUNGE 3").reply("OK");
            server.expect("NOOP").reply("OK");
            expectFlags("3", "* 3 FETCH (UID 3 FLAGS (\\Deleted))");
        }
        server.expect("UID STORE 3 -FLAGS.SILENT (\\Deleted)").reply("OK");

        assertThatThrownBy(() -> inbox().expunge(UidSet.of(3)))
                .isInstanceOf(ImapException.MailboxInUse.class);
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does = "answers the MOVE of a message that another client has removed with NO",
            answer = "`message-not-found`")
    void aMoveOfWhatIsGoneFindsNothing() {
        server.capabilities("IMAP4rev1", "UIDPLUS", "MOVE");
        expectFlags("3");
        server.expect("UID MOVE 3 \"Archive\"")
                .reply("NO [EXPUNGEISSUED] Some of the requested messages no longer exist");
        server.expect("NOOP").reply("OK");
        expectFlags("3");

        assertThat(inbox().apply(UidSet.of(3), MOVE)).containsExactly(new MessageOutcome.Gone(3));
    }

    private void expectFlags(String uids, String... messages) {
        server.expect("UID FETCH " + uids + " (UID FLAGS)").reply(messages).reply("OK");
    }

    private SelectedMailbox inbox() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"))
                .select(MailboxName.INBOX, Access.READ_WRITE);
    }
}
