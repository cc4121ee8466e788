package postern.message.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;
import postern.shared.InMemorySharedState;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.SyncState;

/** What changed since a state, by each way that a mail server offers. */
@OnGreenMail
@Timeout(60)
class ChangesSinceTest {

    private static final String ENDS = "FETCH 1,* (UID MODSEQ)";
    private static final String KNOWN = "UID FETCH 1:10 (UID FLAGS MODSEQ) (CHANGEDSINCE 41";
    private static final String ADDED = "UID FETCH 11:4294967295 (UID FLAGS MODSEQ)";
    private static final String WITNESSES = "UID FETCH 1,10 (UID MODSEQ)";

    @Autowired private MailboxStates states;
    @Autowired private ChangesSince changes;
    @Autowired private Snapshots snapshots;
    @Autowired private ImapConnections connections;
    private final ScriptedImapServer server = ScriptedImapServer.start();
    private boolean modSequences;

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void aServerWithQresyncTellsAllInOneFlush() {
        quickly();
        var state = state();
        opened(9, 12, 50);
        server.expect(KNOWN + " VANISHED)")
                .reply(
                        "* VANISHED (EARLIER) 3:4",
                        "* 5 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (44))",
                        "OK");
        server.expect(ADDED).reply("* 9 FETCH (UID 11 FLAGS () MODSEQ (50))", "OK");
        witnesses(30, 41);

        var page = since(state);

        assertThat(page.changes().added().keySet()).containsExactly(11L);
        assertThat(page.changes().updated().keySet()).containsExactly(7L);
        assertThat(page.changes().removed()).isEqualTo(UidSet.of(3, 4));
        assertThat(page.next()).isZero();
        assertThat(server.commands()).containsOnlyOnce("ENABLE QRESYNC");
    }

    @Test
    void anUnchangedMailboxCostsOneFlushAndAShortState() {
        quickly();
        var state = state();
        opened(10, 11, 41);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        var page = since(state);

        assertThat(page.changes().size()).isZero();
        assertThat(page.state()).isEqualTo(state);
        assertThat(state.text()).hasSizeLessThan(60);
    }

    @Test
    void messagesThatCameAndWentAfterTheStateAreNotTold() {
        quickly();
        var state = state();
        opened(10, 14, 50);
        server.expect(KNOWN + " VANISHED)").reply("* VANISHED (EARLIER) 11:13,4294967290", "OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        assertThat(since(state).changes().size()).isZero();
    }

    @Test
    void whatComesWhileTheMailboxIsReadIsToldNextTime() {
        quickly();
        var state = state();
        opened(10, 11, 41);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("* 11 EXISTS", "* 11 FETCH (UID 11 FLAGS () MODSEQ (42))", "OK");
        witnesses(30, 41);

        var page = since(state);

        assertThat(page.changes().size()).isZero();
        assertThat(page.state()).isEqualTo(state);
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does =
                    "makes its index anew, so that HIGHESTMODSEQ falls and old changes are forgotten",
            answer = "410 `state-expired`: the app lists the mailbox anew")
    void anIndexMadeAnewExpiresTheState() {
        quickly();
        var state = state();
        opened(10, 11, 2);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(1, 1);

        assertExpired(state);
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does = "makes its index anew, and HIGHESTMODSEQ has grown past its old value since",
            answer = "the mod-sequences of three messages show it: 410 `state-expired`")
    void anIndexThatGrewAgainExpiresTheState() {
        quickly();
        var state = state();
        opened(10, 11, 60);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(1, 1);

        assertExpired(state);
    }

    @Test
    @Quirk(
            does = "tells of fewer expunged messages than are gone",
            answer = "410 `state-expired`: the app lists the mailbox anew")
    void fewerVanishedMessagesThanAreGoneExpireTheState() {
        quickly();
        var state = state();
        opened(8, 11, 50);
        server.expect(KNOWN + " VANISHED)").reply("* VANISHED (EARLIER) 3", "OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        assertExpired(state);
    }

    @Test
    void aWitnessThatIsGoneWithoutAWordExpiresTheState() {
        quickly();
        var state = state();
        opened(10, 12, 50);
        server.expect(KNOWN + " VANISHED)").reply("* VANISHED (EARLIER) 3", "OK");
        server.expect(ADDED).reply("* 10 FETCH (UID 11 FLAGS () MODSEQ (50))", "OK");
        server.expect(WITNESSES).reply("* 1 FETCH (UID 1 MODSEQ (30))", "OK");

        assertExpired(state);
    }

    @Test
    void anotherUidValidityExpiresTheState() {
        quickly();
        var state = state();
        server.selected(
                "* 10 EXISTS",
                "* OK [UIDVALIDITY 2] x",
                "* OK [UIDNEXT 11] x",
                "* OK [HIGHESTMODSEQ 41] x");
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        assertExpired(state);
    }

    @Test
    @Quirk(
            does = "announces QRESYNC, answers ENABLE with OK, and enables nothing",
            answer = "expunged messages are found by comparing UIDs")
    void aServerThatEnablesNothingIsAskedInAnotherWay() {
        quickly();
        server.expect("ENABLE QRESYNC").reply("* ENABLED", "OK");
        server.expect(ENDS).reply(ends(), "OK");
        server.expect(ENDS).reply(ends(), "OK");
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 3 4 5 6 7 8 9 10", "OK");
        var state = now();
        opened(10, 11, 41);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        assertThat(since(state).changes().size()).isZero();
    }

    @Test
    @Quirk(
            server = "Gmail",
            does = "has CONDSTORE without QRESYNC",
            answer = "the number of messages tells whether any are gone, a list of UIDs which ones")
    void withoutQresyncNothingIsSearchedWhereNothingIsGone() {
        var state = stateWithSnapshot();
        opened(11, 12, 50);
        server.expect(KNOWN + ")").reply("* 5 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (45))", "OK");
        server.expect(ADDED).reply("* 11 FETCH (UID 11 FLAGS () MODSEQ (50))", "OK");
        witnesses(30, 41);

        var page = since(state);

        assertThat(page.changes().added().keySet()).containsExactly(11L);
        assertThat(page.changes().updated().keySet()).containsExactly(5L);
        assertThat(page.changes().removed()).isEqualTo(UidSet.EMPTY);
    }

    @Test
    void withoutQresyncASearchFindsWhatIsGone() {
        var state = stateWithSnapshot();
        opened(8, 11, 50);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 4 5 6 7 9 10", "OK");

        var page = since(state);

        assertThat(page.changes().removed()).isEqualTo(UidSet.of(3, 8));
    }

    @Test
    @Quirk(
            does = "has CONDSTORE without QRESYNC, and reports expunged messages while FETCH runs",
            answer = "changes are told as of before, and the message as gone by the next request")
    void withoutQresyncWhatIsExpungedDuringFetchIsToldNextTime() {
        var state = stateWithSnapshot();
        opened(10, 11, 50);
        server.expect(KNOWN + ")")
                .reply(
                        "* 3 EXPUNGE",
                        "* 4 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (45))",
                        "* 9 EXISTS",
                        "OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        var first = since(state);
        assertThat(first.changes().updated().keySet()).containsExactly(5L);
        assertThat(first.changes().removed()).isEqualTo(UidSet.EMPTY);

        opened(9, 11, 50);
        server.expect("UID FETCH 1:10 (UID FLAGS MODSEQ) (CHANGEDSINCE 50)").reply("OK");
        server.expect(ADDED).reply("OK");
        server.expectMatching("UID FETCH [0-9,:]+ \\(UID MODSEQ\\)")
                .reply(
                        "* 1 FETCH (UID 1 MODSEQ (30))",
                        "* 4 FETCH (UID 5 MODSEQ (45))",
                        "* 9 FETCH (UID 10 MODSEQ (41))",
                        "OK");
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 4 5 6 7 8 9 10", "OK");

        var second = since(first.state());
        assertThat(second.changes().removed()).isEqualTo(UidSet.of(3));
        assertThat(second.changes().updated()).isEmpty();
    }

    /** Without its UID nobody knows which one it was: the number alone is not proof of a fault. */
    @Test
    void withoutQresyncAnArrivalThatIsExpungedDuringFetchIsNotTold() {
        var state = stateWithSnapshot();
        opened(11, 12, 50);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("* 11 EXPUNGE", "OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:11.*").reply("* SEARCH 1 2 3 4 5 6 7 8 9 10", "OK");

        assertThat(since(state).changes().size()).isZero();
    }

    @Test
    void withoutQresyncMessagesThatComeBackExpireTheState() {
        var state = stateWithSnapshot();
        opened(8, 11, 50);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 3 4 5 6 9 10", "OK");
        var later = since(state).state();
        opened(9, 11, 51);
        server.expect("UID FETCH 1:10 (UID FLAGS MODSEQ) (CHANGEDSINCE 50)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 3 4 5 6 7 9 10", "OK");

        assertExpired(later);
    }

    @Test
    @Quirk(
            does = "answers FETCH with flags of messages that are gone",
            answer = "they are told as gone, and their mod-sequences prove nothing later")
    void flagsOfMessagesThatAreGoneAreNotTold() {
        var state = stateWithSnapshot();
        opened(9, 11, 50);
        server.expect(KNOWN + ")").reply("* 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (45))", "OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 4 5 6 7 8 9 10", "OK");

        var page = since(state);

        assertThat(page.changes().removed()).isEqualTo(UidSet.of(3));
        assertThat(page.changes().updated()).isEmpty();
    }

    @Test
    void aMessageThatIsGoneIsNoWitness() {
        quickly();
        var state = state();
        opened(9, 11, 50);
        server.expect(KNOWN + " VANISHED)")
                .reply(
                        "* VANISHED (EARLIER) 3",
                        "* 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (45))",
                        "OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        var later = since(state).state();
        opened(9, 11, 50);
        server.expect("UID FETCH 1:10 (UID FLAGS MODSEQ) (CHANGEDSINCE 50 VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);

        assertThat(since(later).changes().size()).isZero();
    }

    /** It was gone before the mailbox was opened, so that the number of messages is without it. */
    @Test
    void withoutQresyncAnArrivalThatIsGoneAndStillAnsweredExpiresTheState() {
        var state = stateWithSnapshot();
        opened(10, 12, 50);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("* 11 FETCH (UID 11 FLAGS () MODSEQ (50))", "OK");
        witnesses(30, 41);
        for (int tries = 0; tries < 2; tries++) {
            server.expectMatching("UID SEARCH .*1:11.*")
                    .reply("* SEARCH 1 2 3 4 5 6 7 8 9 10", "OK");
        }

        assertExpired(state);
    }

    @Test
    @Quirk(
            does = "finds messages by SEARCH that it then tells to be gone",
            answer = "it is asked once more")
    void aSearchThatDoesNotKnowYetWhatIsGoneIsRepeated() {
        var state = stateWithSnapshot();
        opened(9, 11, 50);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:10.*")
                .reply("* SEARCH 1 2 3 4 5 6 7 8 9 10", "* 3 EXPUNGE", "OK");
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 4 5 6 7 8 9 10", "OK");

        assertThat(since(state).changes().removed()).isEqualTo(UidSet.of(3));
    }

    /** The state refers to what the gateway keeps, and it does not keep it any more. */
    @Test
    void aSnapshotThatIsLostExpiresTheStateAndIsNotGuessed() {
        var uids = new Random(1).longs(3_000, 1, 1_000_000).distinct().sorted().boxed().toList();
        server.capabilities("IMAP4rev1", "CONDSTORE");
        opened(uids.size(), 1_000_000, 41);
        var ends =
                "* 1 FETCH (UID %d MODSEQ (30))\r\n* %d FETCH (UID %d MODSEQ (41))"
                        .formatted(uids.getFirst(), uids.size(), uids.getLast());
        var found =
                "* SEARCH " + uids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        server.expect(ENDS).reply(ends, "OK");
        server.expectMatching("UID SEARCH .*").reply(found, "OK");
        var state = now();
        assertThat(state.text()).hasSizeLessThan(200);

        for (var kept : List.of(snapshots, forgetful())) {
            server.expectMatching("UID FETCH 1:999999 .*CHANGEDSINCE 41\\)").reply("OK");
            server.expectMatching("UID FETCH 1000000:.*").reply("OK");
            server.expectMatching("UID FETCH [0-9]+,[0-9]+ \\(UID MODSEQ\\)").reply(ends, "OK");
            var asked = new ChangesSince(connections, new MailboxStates(connections, kept), kept);
            if (kept == snapshots) {
                assertThat(asked.since(account(), MailboxName.INBOX, state, 500).state())
                        .isEqualTo(state);
            } else {
                assertThatThrownBy(() -> asked.since(account(), MailboxName.INBOX, state, 500))
                        .isInstanceOf(StateExpired.class);
            }
        }
    }

    private static Snapshots forgetful() {
        return new Snapshots(
                new InMemorySharedState(InstantSource.system()),
                new SyncProperties(Duration.ofDays(1)));
    }

    @Test
    void withoutModSequencesWhatIsExpungedDuringFetchIsGone() {
        server.capabilities("IMAP4rev1");
        flags("1:3", "", "", "");
        var state = state();
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 4] x");
        server.expect(ALL)
                .reply(
                        "* 1 FETCH (UID 1 FLAGS ())",
                        "* 2 EXPUNGE",
                        "* 2 FETCH (UID 3 FLAGS (\\Seen))",
                        "OK");

        var page = since(state);

        assertThat(page.changes().removed()).isEqualTo(UidSet.of(2));
        assertThat(page.changes().updated().keySet()).containsExactly(3L);
    }

    @Test
    void withoutModSequencesAMessageThatIsStillAnsweredIsToldAsGoneWhenItIsNotAnyMore() {
        server.capabilities("IMAP4rev1");
        flags("1:3", "", "", "");
        var state = state();
        flags("1:3", "", "", "");
        server.selected("* 2 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 4] x");
        var first = since(state);
        assertThat(first.changes().size()).isZero();
        flags("1,3", "", "");

        assertThat(since(first.state()).changes().removed()).isEqualTo(UidSet.of(2));
    }

    @Test
    void withoutModSequencesAllFlagsAreCompared() {
        server.capabilities("IMAP4rev1");
        flags("1:3", "", "\\Seen", "\\Seen \\Recent");
        var state = state();
        flags("1,3,4", "\\Flagged", "\\Seen", "");

        var page = since(state);

        assertThat(page.changes().added().keySet()).containsExactly(4L);
        assertThat(page.changes().updated().keySet()).containsExactly(1L);
        assertThat(page.changes().removed()).isEqualTo(UidSet.of(2));
    }

    @Test
    @Quirk(
            does = "leaves out messages of FETCH",
            answer = "an error: what is left out is not taken for deleted")
    void aMessageThatIsLeftOutIsNotTakenForOneThatIsGone() {
        server.capabilities("IMAP4rev1");
        flags("1:3", "", "", "");
        var state = state();
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 4] x");
        for (int tries = 0; tries < 3; tries++) {
            server.expect(ALL).reply("* 1 FETCH (UID 1 FLAGS ())", "OK");
        }

        assertThatThrownBy(() -> since(state)).isInstanceOf(ImapException.ProtocolError.class);
    }

    @Test
    void manyChangesComeInPagesOfTheSameState() {
        quickly();
        var state = state();
        opened(10, 11, 50);
        server.expect(KNOWN + " VANISHED)")
                .reply(
                        "* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (44))",
                        "* 5 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (44))",
                        "* 9 FETCH (UID 9 FLAGS (\\Seen) MODSEQ (44))",
                        "OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        var first = changes.since(account(), MailboxName.INBOX, state, 2);
        server.expect("UID FETCH 6:7 (UID FLAGS MODSEQ) (CHANGEDSINCE 41 VANISHED)").reply("OK");
        var second =
                changes.after(account(), MailboxName.INBOX, state, first.state(), first.next(), 2);
        server.expect("UID FETCH 8:9 (UID FLAGS MODSEQ) (CHANGEDSINCE 41 VANISHED)")
                .reply("* 9 FETCH (UID 9 FLAGS () MODSEQ (51))", "OK");
        var third =
                changes.after(account(), MailboxName.INBOX, state, first.state(), second.next(), 2);

        assertThat(first.changes().updated().keySet()).containsExactly(2L, 5L);
        assertThat(first.next()).isEqualTo(5);
        assertThat(second.changes().size()).isZero();
        assertThat(third.changes().updated()).containsEntry(9L, Set.of());
        assertThat(third.state()).isEqualTo(first.state());
        assertThat(third.next()).isEqualTo(9);
    }

    @Test
    void aMailboxThatNeverHadAMessageTellsItsFirstOnes() {
        quickly();
        opened(0, 1, 1);
        server.expect(ENDS).reply("BAD no such message");
        var state = now();
        opened(1, 2, 2);
        server.expect("UID FETCH 1:4294967295 (UID FLAGS MODSEQ)")
                .reply("* 1 FETCH (UID 1 FLAGS () MODSEQ (2))", "OK");

        var page = since(state);

        assertThat(page.changes().added().keySet()).containsExactly(1L);
    }

    @Test
    void aMailboxThatNeverHadAMessageTellsItsFirstOnesUnderAnotherUidValidity() {
        server.capabilities("IMAP4rev1");
        server.selected("* 0 EXISTS", "* OK [UIDVALIDITY 1] x");
        server.expectMatching("UID FETCH .*").reply("OK");
        var state = now();
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 2] x");
        server.expectMatching("UID FETCH .*").reply("* 1 FETCH (UID 1 FLAGS ())", "OK");

        var page = since(state);

        assertThat(page.changes().added().keySet()).containsExactly(1L);
        assertThat(page.uidValidity()).isEqualTo(2);
    }

    @Test
    @Quirk(
            does = "has a mailbox without mod-sequences, and refuses to tell them there",
            answer = "all flags of that mailbox are compared, and others are asked as before")
    void aMailboxWithoutModSequencesIsComparedByFlags() {
        quickly();
        server.selected(
                "* 1 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 2] x", "* OK [NOMODSEQ] x");
        server.expect(ENDS).reply("BAD no mod-sequences here");
        server.expect(ALL).reply("* 1 FETCH (UID 1 FLAGS ())", "OK");
        var state = now();
        server.expect(ALL).reply("* 1 FETCH (UID 1 FLAGS (\\Seen))", "OK");

        var page = since(state);

        assertThat(page.changes().updated().keySet()).containsExactly(1L);
        assertThat(server.commands()).contains("ENABLE QRESYNC");
    }

    /** Its FETCH is refused as well, since no mailbox is selected. */
    @Test
    void aMissingMailboxCostsTheServerNoExtension() {
        quickly();
        var state = state();
        var gone = MailboxName.of("Gone");
        missing(gone, KNOWN + " VANISHED)", ADDED, WITNESSES);
        assertThatThrownBy(() -> changes.since(account(), gone, state, 500))
                .isInstanceOf(ImapException.MailboxNotFound.class);
        missing(gone, ENDS);
        assertThatThrownBy(() -> states.now(account(), gone))
                .isInstanceOf(ImapException.MailboxNotFound.class);

        server.expect(ENDS).reply(ends(), "OK");
        var another = states.now(account("grace"), MailboxName.INBOX);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        var page = changes.since(account("grace"), MailboxName.INBOX, another, 500);
        assertThat(page.changes().size()).isZero();
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        assertThat(since(state).changes().size()).isZero();
    }

    @Test
    void aMailboxThatGoesMissingAfterItWasOpenedCostsTheServerNoExtension() {
        quickly();
        var state = state();
        server.expect(KNOWN + " VANISHED)").reply("BAD no mailbox selected");
        server.expect(ADDED).reply("BAD no mailbox selected");
        server.expect(WITNESSES).reply("BAD no mailbox selected");
        missing(MailboxName.INBOX, KNOWN + ")", ADDED, WITNESSES);
        assertThatThrownBy(() -> since(state)).isInstanceOf(ImapException.MailboxNotFound.class);

        opened(10, 11, 41);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        assertThat(since(state).changes().size()).isZero();
    }

    @Test
    @Quirk(
            does = "announces CONDSTORE or QRESYNC and does not understand a FETCH that uses it",
            answer = "changes are found in the way of servers without it, for ten minutes")
    void aServerThatDoesNotUnderstandVanishedIsAskedWithout() {
        quickly();
        var state = state();
        opened(9, 11, 50);
        server.expect(KNOWN + " VANISHED)").reply("BAD what is VANISHED");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        assertExpired(state); // there is no snapshot to compare with

        opened(10, 11, 41);
        server.expect(ENDS).reply(ends(), "OK");
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 4 5 6 7 8 9 10", "OK");
        now();
    }

    @Test
    void anArrivalThatIsLeftOutDoesNotHideThatAMessageIsGone() {
        var state = stateWithSnapshot();
        opened(10, 12, 50);
        server.expect(KNOWN + ")").reply("OK");
        server.expect(ADDED).reply("OK");
        witnesses(30, 41);
        server.expectMatching("UID SEARCH .*1:11.*").reply("* SEARCH 1 2 4 5 6 7 8 9 10 11", "OK");

        assertExpired(state);
    }

    @Test
    void theFlagsOfANewMessageAreThoseOfTheState() {
        quickly();
        var state = state();
        opened(11, 12, 50);
        server.expect(KNOWN + " VANISHED)").reply("OK");
        server.expect(ADDED).reply("* 11 FETCH (UID 11 FLAGS (\\Seen) MODSEQ (50))", "OK");
        witnesses(30, 41);

        assertThat(since(state).changes().added()).containsEntry(11L, Set.of(Flag.SEEN));
    }

    @Test
    void aFlagThatChangesBetweenTwoPagesIsNotTakenForTheStatesOwn() {
        server.capabilities("IMAP4rev1");
        flags("1:3", "", "", "");
        var state = state();
        flags("1:3", "\\Seen", "\\Seen", "\\Seen");
        var first = changes.since(account(), MailboxName.INBOX, state, 2);
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");

        assertThatThrownBy(() ->
                        changes.after(
                                account(),
                                MailboxName.INBOX,
                                state,
                                first.state(),
                                first.next(),
                                2))
                .isInstanceOf(StateExpired.class);
    }

    private static final String ALL = "UID FETCH 1:4294967295 (UID FLAGS)";

    private void flags(String uids, String... flags) {
        var set = UidSet.parse(uids);
        var all = set.stream().boxed().toList();
        server.selected(
                "* " + all.size() + " EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT " + (all.getLast() + 1) + "] x");
        var lines = new ArrayList<String>();
        for (int i = 0; i < flags.length; i++) {
            lines.add("* %d FETCH (UID %d FLAGS (%s))".formatted(i + 1, all.get(i), flags[i]));
        }
        lines.add("OK");
        server.expect(ALL).reply(lines.toArray(String[]::new));
    }

    private void quickly() {
        modSequences = true;
        server.capabilities("IMAP4rev1", "ENABLE", "CONDSTORE", "QRESYNC");
    }

    private SyncState stateWithSnapshot() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.expect(ENDS).reply(ends(), "OK");
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 3 4 5 6 7 8 9 10", "OK");
        return now();
    }

    /** With the counters that the server tells by default: ten messages, mod-sequence 41. */
    private SyncState state() {
        if (!modSequences) {
            return now();
        }
        server.expect(ENDS).reply(ends(), "OK");
        return now();
    }

    private static String ends() {
        return "* 1 FETCH (UID 1 MODSEQ (30))\r\n* 10 FETCH (UID 10 MODSEQ (41))";
    }

    private SyncState now() {
        return states.now(account(), MailboxName.INBOX);
    }

    private void opened(int messages, int uidNext, int highestModSeq) {
        server.selected(
                "* " + messages + " EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT " + uidNext + "] x",
                "* OK [HIGHESTMODSEQ " + highestModSeq + "] x");
    }

    /** The mailbox is not there, and no FETCH is understood. */
    private void missing(MailboxName mailbox, String... fetches) {
        server.expectMatching("EXAMINE \"?" + mailbox.wire() + "\"? \\(CONDSTORE\\)")
                .reply("NO [NONEXISTENT] no such mailbox");
        for (var fetch : fetches) {
            server.expect(fetch).reply("BAD no mailbox selected");
        }
    }

    private void witnesses(int first, int last) {
        server.expect(WITNESSES)
                .reply(
                        "* 1 FETCH (UID 1 MODSEQ (" + first + "))",
                        "* 10 FETCH (UID 10 MODSEQ (" + last + "))",
                        "OK");
    }

    private ChangesSince.Page since(SyncState state) {
        return changes.since(account(), MailboxName.INBOX, state, 500);
    }

    private void assertExpired(SyncState state) {
        assertThatThrownBy(() -> since(state)).isInstanceOf(StateExpired.class);
    }

    private Account account() {
        return account("ada");
    }

    private Account account(String user) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                user,
                new Password("secret"));
    }
}
