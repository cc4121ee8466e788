package postern.imap.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchRequest.BySequenceNumber;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.shared.InMemorySharedState;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.testserver.ScriptedReply;

/** FETCHes that fail because of single messages. */
@Timeout(30)
class BisectingFetchTest {

    private static final FetchItems LIST = FetchItems.of(FetchItem.ENVELOPE, FetchItem.FLAGS);
    private static final String WANTED = " (UID ENVELOPE FLAGS)";
    private static final String HEADER = "Subject: of the header\r\n\r\n";

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final PooledConnections connections =
            new PooledConnections(
                    Connectors.connector(),
                    PoolFixture.properties(),
                    PoolFixture.SERVERS,
                    new InMemorySharedState(InstantSource.system()),
                    new LoginHashes(),
                    PoolFixture.located(),
                    new OwnChanges(),
                    new SimpleMeterRegistry());

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    @Quirk(
            server = "Dovecot, Zimbra",
            does = "answers BAD to a FETCH of many messages for the sake of one",
            answer = "that message is listed as degraded, from its header, and the others whole")
    void findsTheMessageForWhichAFetchIsRefused() {
        holds(4);
        server.expect("FETCH 1:*" + WANTED).reply(whole(1), "BAD Can not parse body structure");
        server.expect("FETCH 1:* (UID FLAGS)").reply(flags(1), flags(2), flags(3), flags(4), "OK");
        server.expect("UID FETCH 1:4" + WANTED).reply("BAD Can not parse body structure");
        server.expect("UID FETCH 1:2" + WANTED).reply(whole(1), whole(2), "OK");
        server.expect("UID FETCH 3:4" + WANTED).reply("BAD Can not parse body structure");
        server.expect("UID FETCH 3" + WANTED).reply("BAD Can not parse body structure");
        header();
        server.expect("UID FETCH 4" + WANTED).reply(whole(4), "OK");

        listsAll();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    @Quirk(
            server = "Cyrus, Dovecot",
            does = "ends the connection whenever it reads one damaged message",
            answer = "that message is listed as degraded, from its header, and the others whole")
    void findsTheMessageAtWhichTheServerDies() {
        holds(4);
        server.expect("FETCH 1:*" + WANTED).reply(whole(1), whole(2)).drop();
        server.expect("FETCH 1:* (UID FLAGS)").reply(flags(1), flags(2), flags(3), flags(4), "OK");
        server.expect("UID FETCH 1:4" + WANTED).reply(whole(1), whole(2)).bye("Internal error");
        server.expect("UID FETCH 1:2" + WANTED).reply(whole(1), whole(2), "OK");
        server.expect("UID FETCH 3:4" + WANTED).drop();
        server.expect("UID FETCH 3" + WANTED).drop();
        header();
        server.expect("UID FETCH 4" + WANTED).reply(whole(4), "OK");

        listsAll();
        assertThat(server.connections()).isEqualTo(5);
    }

    @Test
    void listsTheOthersWhereTheWordsOfASenderLookLikeTheEndOfTheAnswer() {
        holds(1);
        var forged =
                "* 1 FETCH (UID 3 FLAGS () ENVELOPE (NIL \"x\r\nP2 OK done\r\n\" NIL NIL NIL NIL"
                        + " NIL NIL NIL NIL))\r\n";
        server.expect("FETCH 1:*" + WANTED).octets(forged).reply("OK");
        server.expect("FETCH 1:* (UID FLAGS)").reply("* 1 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID FETCH 3" + WANTED).octets(forged).reply("OK");
        header();

        try (var inbox = inbox()) {
            var messages = all(inbox);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(3L);
            assertThat(messages).extracting(FetchedMessage::degraded).containsExactly(true);
        }
    }

    @Test
    void fetchesOnAFreshConnectionWhatWasLostOnce() {
        holds(2);
        server.expect("FETCH 1:*" + WANTED).reply(whole(1)).drop();
        server.expect("FETCH 1:* (UID FLAGS)").reply(flags(1), flags(2), "OK");
        server.expect("UID FETCH 1:2" + WANTED).reply(whole(1), whole(2), "OK");

        try (var inbox = inbox()) {
            var messages = all(inbox);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(1L, 2L);
            assertThat(messages).noneMatch(FetchedMessage::degraded);
        }
    }

    @Test
    @Quirk(
            does = "refuses a UID FETCH because one of the messages is gone",
            answer = "the others are listed, whole")
    void leavesOutOnlyWhatIsGone() {
        holds(2);
        server.expect("UID FETCH 1:3" + WANTED).reply(whole(1), "NO Some messages are gone");
        server.expect("UID FETCH 1:3 (UID FLAGS)").reply(flags(1), flags(2), "OK");
        server.expect("UID FETCH 1:2" + WANTED).reply(whole(1), whole(2), "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.fetch(UidSet.range(1, 3), LIST))
                    .extracting(FetchedMessage::uid)
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    @Quirk(
            does = "refuses to tell anything of a message but that it is there",
            answer = "the message is listed as degraded and without keywords")
    void listsAMessageOfWhichNothingIsKnownButItsUid() {
        holds(1);
        server.expect("FETCH 1:*" + WANTED).reply("NO Message is damaged");
        server.expect("FETCH 1:* (UID FLAGS)").reply("NO Message is damaged");
        server.expect("UID SEARCH ALL").reply("* SEARCH 3", "OK");
        server.expect("UID FETCH 3" + WANTED).reply("NO Message is damaged");
        server.expectMatching("UID FETCH 3 .*HEADER.*").reply("NO Message is damaged");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("NO Message is damaged");

        try (var inbox = inbox()) {
            var message = all(inbox).getFirst();

            assertThat(message.uid()).isEqualTo(3);
            assertThat(message.flags()).isNull();
            assertThat(message.degraded()).isTrue();
        }
    }

    @Test
    void listsAMessageThatIsLeftOutOfEveryAnswerAsDegraded() {
        holds(2);
        server.expect("FETCH 1:*" + WANTED).reply(whole(1), "OK");
        server.expect("FETCH 2:2" + WANTED).reply("OK");
        server.expect("FETCH 1:* (UID FLAGS)").reply(flags(1), flags(2), "OK");
        server.expect("UID FETCH 1:2" + WANTED).reply(whole(1), "OK");
        server.expect("UID FETCH 2 (UID FLAGS)").reply(flags(2), "OK");

        try (var inbox = inbox()) {
            var messages = all(inbox);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(1L, 2L);
            assertThat(messages).extracting(FetchedMessage::degraded).containsExactly(false, true);
            assertThat(messages.getLast().flags()).containsExactly(Flag.SEEN);
        }
    }

    @Test
    void failsForTheFirstReasonWhenAllIsRefused() {
        holds(64);
        server.expect("UID FETCH 1:64" + WANTED).reply("NO [PARSE] not today");
        var there = server.expect("UID FETCH 1:64 (UID FLAGS)");
        for (int uid = 1; uid <= 64; uid++) {
            there.reply(flags(uid));
        }
        there.reply("OK");
        for (int command = 1; command < 100; command++) {
            server.expectMatching("UID FETCH .*").reply("NO not today either");
        }

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.fetch(UidSet.range(1, 64), LIST))
                    .isInstanceOfSatisfying(
                            ImapException.NotPossible.class,
                            e ->
                                    assertThat(requireNonNull(e.responseCode()).name())
                                            .isEqualTo("PARSE"));
        }
    }

    @Test
    void hasNothingToReadOfAMessageWhoseOctetsAreRefused() {
        holds(1);
        var text = FetchItems.of(FetchItem.FLAGS).with(SectionRange.first(Section.part("1"), 10));
        server.expect("UID FETCH 1 (UID FLAGS BODY.PEEK[1]<0.10>)").reply("NO damaged");
        server.expect("UID FETCH 1 (UID FLAGS)").reply(flags(1), "OK");
        server.expect("UID FETCH 1 (UID FLAGS BODY.PEEK[1]<0.10>)").reply("NO damaged");
        server.expect("UID FETCH 1 (UID FLAGS BODY.PEEK[1]<0.10>)").reply("NO damaged");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.fetch(1, text))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
    }

    @Test
    void visitsAMailboxAgainWhereAMessageSpoiltItsAnswer() {
        holds(1);
        server.expect("EXAMINE \"a\" (CONDSTORE)")
                .reply("* 1 EXISTS", "* OK [UIDVALIDITY 7] x", "OK [READ-ONLY]");
        server.expect("UID FETCH 3" + WANTED).reply("BAD Can not parse");
        server.expect("EXAMINE \"b\" (CONDSTORE)")
                .reply("* 1 EXISTS", "* OK [UIDVALIDITY 8] x", "OK [READ-ONLY]");
        server.expect("UID FETCH 1" + WANTED).reply(whole(1), "OK");
        server.expect("EXAMINE \"a\" (CONDSTORE)")
                .reply("* 1 EXISTS", "* OK [UIDVALIDITY 7] x", "OK [READ-ONLY]");
        server.expect("UID FETCH 3" + WANTED).reply("BAD Can not parse");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 1 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID FETCH 3" + WANTED).reply("BAD Can not parse");
        header();

        try (var connection = connections.borrow(account(), Lane.INTERACTIVE)) {
            var outcomes =
                    connection.visit(
                            List.of(
                                    ExamineRequest.fetch(MailboxName.of("a"), UidSet.of(3), LIST),
                                    ExamineRequest.fetch(MailboxName.of("b"), UidSet.of(1), LIST)));

            var a = outcomes.getFirst().orThrow();
            assertThat(a.state().uidValidity()).isEqualTo(7);
            assertThat(a.fetched().getFirst()).extracting(FetchedMessage::uid).containsExactly(3L);
            assertThat(outcomes.getLast().orThrow().fetched().getFirst()).hasSize(1);
        }
    }

    /** Lists four messages, of which only the third is degraded. */
    private void listsAll() {
        try (var inbox = inbox()) {
            var messages = all(inbox);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(1L, 2L, 3L, 4L);
            assertThat(messages)
                    .extracting(FetchedMessage::degraded)
                    .containsExactly(false, false, true, false);
            var subject = requireNonNull(messages.get(2).envelope()).subject();
            assertThat(requireNonNull(subject).toString()).isEqualTo("of the header");
            assertThat(messages.get(2).flags()).containsExactly(Flag.SEEN);
        }
    }

    private ScriptedReply header() {
        return server.expect("UID FETCH 3 (UID FLAGS BODY.PEEK[HEADER]<0.262144>)")
                .octets(
                        "* 3 FETCH (UID 3 FLAGS (\\Seen) BODY[HEADER]<0> {%d}\r\n%s)\r\n"
                                .formatted(HEADER.length(), HEADER))
                .reply("OK");
    }

    private static String flags(int uid) {
        return "* %d FETCH (UID %d FLAGS (\\Seen))".formatted(uid, uid);
    }

    private static String whole(int uid) {
        return "* %d FETCH (UID %d FLAGS () ENVELOPE (NIL \"%d\" NIL NIL NIL NIL NIL NIL NIL NIL))"
                .formatted(uid, uid, uid);
    }

    private static List<FetchedMessage> all(SelectedMailbox mailbox) {
        return mailbox.fetch(List.of(FetchRequest.places(1, BySequenceNumber.END, LIST)))
                .getFirst();
    }

    private void holds(int messages) {
        server.selected("* " + messages + " EXISTS", "* OK [UIDVALIDITY 1] x");
    }

    private Account account() {
        return Connectors.account(server.host(), server.port(), "u", "p");
    }

    private SelectedMailbox inbox() {
        return connections.select(account(), MailboxName.INBOX, Access.READ_ONLY, Lane.INTERACTIVE);
    }
}
