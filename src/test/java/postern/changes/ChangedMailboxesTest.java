package postern.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.message.sync.MailboxStates;
import postern.testserver.InMemoryServer;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/** Which mailboxes of an account changed, by one list with counters. */
@OnGreenMail
@Timeout(60)
class ChangedMailboxesTest {

    private static final String INBOX = MailboxId.of(MailboxName.INBOX).text();
    private static final String WORK = MailboxId.of(MailboxName.of("Work")).text();

    private static final String GMAIL_LIST =
            "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
                    + " HIGHESTMODSEQ))";
    private static final String IDS =
            "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MAILBOXID))";

    @Autowired private ChangedMailboxes mailboxes;
    @Autowired private MailboxStates states;
    @Autowired private MockMvcTester http;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void condStoreShowsWhatChangedInOneCommand() {
        var state = gmailState();
        gmail(10, 11, 41);
        var same = since(INBOX, state);
        assertThat(same.changed()).isEmpty();
        assertThat(same.unknown()).isEmpty();

        for (var counters : new long[][] {{10, 11, 42}, {11, 12, 41}, {9, 11, 41}}) {
            gmail(counters[0], counters[1], counters[2]);
            var answer = since(INBOX, state);
            assertThat(answer.changed()).containsExactly(new MailboxCounts(INBOX, counters[0], 2L));
            assertThat(answer.expired()).isEmpty();
        }
    }

    @Test
    void countersThatFallExpireTheState() {
        var state = gmailState();

        for (var counters : new long[][] {{10, 11, 40}, {10, 10, 41}}) {
            gmail(counters[0], counters[1], counters[2]);
            var answer = since(INBOX, state);
            assertThat(answer.expired())
                    .extracting(MailboxCounts::mailboxId)
                    .containsExactly(INBOX);
            assertThat(answer.changed()).isEmpty();
        }
    }

    @Test
    void aMailboxThatIsNotCountedIsUnknownAndNeverUnchanged() {
        var state = gmailState();
        server.expect(GMAIL_LIST).reply("* LIST () \"/\" INBOX", "OK");
        server.expect("STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)")
                .reply("NO cannot be counted now");

        assertThat(since(INBOX, state).unknown())
                .containsExactly(new MailboxCounts(INBOX, null, null));
    }

    @Test
    void withoutModSequencesKeywordsMayHaveChanged() {
        server.capabilities("IMAP4rev1");
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 2] x");
        server.expect("UID FETCH 1:4294967295 (UID FLAGS)")
                .reply("* 1 FETCH (UID 1 FLAGS ())", "OK");
        var state = states.now(account(), MailboxName.INBOX);
        exchange(1, 2);
        assertThat(since(INBOX, state).unknown())
                .extracting(MailboxCounts::mailboxId)
                .containsExactly(INBOX);

        exchange(2, 3);
        var answer = since(INBOX, state);

        assertThat(answer.changed()).containsExactly(new MailboxCounts(INBOX, 2L, 0L));
        assertThat(answer.unknown()).isEmpty();
    }

    @Test
    void anEmptyMailboxHasNoKeywordsThatCouldChange() {
        server.capabilities("IMAP4rev1");
        server.selected("* 0 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 2] x");
        server.expectMatching("UID FETCH .*").reply("OK");
        var state = states.now(account(), MailboxName.INBOX);
        exchange(0, 2);

        var answer = since(INBOX, state);

        assertThat(answer.unknown()).isEmpty();
        assertThat(answer.changed()).isEmpty();
    }

    @Test
    @Quirk(
            server = "Courier",
            does =
                    "tells another UIDVALIDITY each second of a mailbox that never had a message and"
                            + " that no client has opened for writing",
            answer =
                    "it is unchanged while it is empty, its first messages are told as new, and a"
                            + " message that was stored in it is found again by its key")
    void aMailboxThatNeverHadAMessageIsTheSameUnderAnotherUidValidity() {
        server.capabilities("IMAP4rev1");
        server.selected("* 0 EXISTS", "* OK [UIDVALIDITY 1] x");
        server.expectMatching("UID FETCH .*").reply("OK");
        var state = states.now(account(), MailboxName.INBOX);
        exchange(0, 1, 2);
        var same = since(INBOX, state);
        exchange(1, 2, 3);
        var other = since(INBOX, state);

        assertThat(same.expired()).isEmpty();
        assertThat(same.unknown()).isEmpty();
        assertThat(same.changed()).isEmpty();
        assertThat(other.expired()).hasSize(1);
    }

    @Test
    void whatAppearedAndVanishedIsTold() {
        server.capabilities("IMAP4rev1", "LIST-EXTENDED", "LIST-STATUS", "CONDSTORE");
        gmail(10, 11, 41);
        var known = new HashMap<String, @Nullable String>();
        known.put(WORK, null);
        known.put("no id", null);

        var answer = mailboxes.since(account(), known);

        assertThat(answer.vanished()).containsExactlyInAnyOrder(WORK, "no id");
        assertThat(answer.appeared()).extracting(AppearedMailbox::path).containsExactly("INBOX");
    }

    @Test
    void aRenamedMailboxKeepsItsIdAndItsStateGetsTheName() {
        server.capabilities("IMAP4rev1", "OBJECTID", "CONDSTORE", "LIST-EXTENDED", "LIST-STATUS");
        server.selected(
                "* 0 EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT 1] x",
                "* OK [HIGHESTMODSEQ 41] x",
                "* OK [MAILBOXID (F1)] x");
        server.expectMatching("FETCH 1,.*").reply("BAD no such message");
        var work = MailboxName.of("Work").withId("F1");
        var state = states.now(account(), work);
        var id = MailboxId.of(work).text();
        named("Projects");

        var renamed = since(id, state).renamed().getFirst();
        named("Projects");
        var again = since(id, renamed.state());

        assertThat(renamed.path()).isEqualTo("Projects");
        assertThat(again.renamed()).isEmpty();
        assertThat(again.changed()).isEmpty();
        assertThat(again.unknown()).isEmpty();
        assertThat(again.expired()).isEmpty();
    }

    @Test
    void anIdThatTheListDoesNotTellIsNotTakenForGone() {
        server.capabilities("IMAP4rev1", "OBJECTID", "CONDSTORE", "LIST-EXTENDED", "LIST-STATUS");
        server.expect(GMAIL_LIST)
                .reply(
                        "* LIST () \"/\" Work",
                        "* STATUS Work (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1"
                                + " HIGHESTMODSEQ 41)",
                        "OK");
        server.expect(IDS).reply("* LIST () \"/\" Work", "OK");
        var id = MailboxId.of(MailboxName.ofId("F1")).text();
        var known = new HashMap<String, @Nullable String>();
        known.put(id, null);

        var answer = mailboxes.since(account(), known);

        assertThat(answer.unknown()).containsExactly(new MailboxCounts(id, null, null));
        assertThat(answer.vanished()).isEmpty();
    }

    @Test
    void aStateThatIsNoGoodDoesNotAffectTheOthers() {
        var state = gmailState();
        var foreign =
                states.now(
                        new Account(
                                new ImapServer(
                                        InMemoryServer.GREENMAIL.host(),
                                        InMemoryServer.GREENMAIL.port(),
                                        Security.NONE),
                                InMemoryServer.GREENMAIL.newUser(),
                                new Password(InMemoryServer.GREENMAIL.password())),
                        MailboxName.INBOX);
        for (var bad : new String[] {"forged", foreign.text(), INBOX}) {
            gmail(10, 11, 42);
            var answer = mailboxes.since(account(), Map.of(INBOX, state.text(), "inbox", bad));

            assertThat(answer.changed())
                    .extracting(MailboxCounts::mailboxId)
                    .containsExactly(INBOX);
            assertThat(answer.expired())
                    .extracting(MailboxCounts::mailboxId)
                    .containsExactly("inbox");
        }
    }

    @Test
    void theAnswerIsThatOfTheContract() {
        var user = InMemoryServer.GREENMAIL.newUser();

        var answer =
                http.post()
                        .uri("/v1/changes")
                        .headers(it -> it.setBasicAuth(user, InMemoryServer.GREENMAIL.password()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"states\": {\"%s\": null, \"x\": \"y\"}}".formatted(WORK))
                        .exchange();

        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo(
                        """
                        {"changed": [], "unknown": [], "expired": [], "renamed": [],
                         "appeared": [{"path": "INBOX", "totalMessages": 0, "unreadMessages": 0}]}
                        """);
    }

    private SyncState gmailState() {
        server.capabilities("IMAP4rev1", "CONDSTORE", "LIST-EXTENDED", "LIST-STATUS");
        server.expect("FETCH 1,* (UID MODSEQ)")
                .reply("* 1 FETCH (UID 1 MODSEQ (30))", "* 10 FETCH (UID 10 MODSEQ (41))", "OK");
        server.expectMatching("UID SEARCH .*1:10.*").reply("* SEARCH 1 2 3 4 5 6 7 8 9 10", "OK");
        return states.now(account(), MailboxName.INBOX);
    }

    private void gmail(long messages, long uidNext, long highestModSeq) {
        server.expect(GMAIL_LIST)
                .reply(
                        "* LIST () \"/\" INBOX",
                        "* STATUS INBOX (MESSAGES %d UNSEEN 2 UIDNEXT %d UIDVALIDITY 1 HIGHESTMODSEQ %d)"
                                .formatted(messages, uidNext, highestModSeq),
                        "OK");
    }

    private void exchange(long messages, long uidNext) {
        exchange(messages, uidNext, 1);
    }

    private void exchange(long messages, long uidNext, long uidValidity) {
        server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" INBOX", "OK");
        server.expect("LSUB \"\" \"*\"").reply("OK");
        server.expect("STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                .reply(
                        "* STATUS INBOX (MESSAGES %d UNSEEN 0 UIDNEXT %d UIDVALIDITY %d)"
                                .formatted(messages, uidNext, uidValidity),
                        "OK");
    }

    private void named(String name) {
        server.expect(GMAIL_LIST)
                .reply(
                        "* LIST () \"/\" " + name,
                        "* STATUS %s (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1 HIGHESTMODSEQ 41)"
                                .formatted(name),
                        "OK");
        server.expect(IDS)
                .reply(
                        "* LIST () \"/\" " + name,
                        "* STATUS %s (MAILBOXID (F1))".formatted(name),
                        "OK");
    }

    private AccountChanges since(String id, SyncState state) {
        return mailboxes.since(account(), Map.of(id, state.text()));
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "ada",
                new Password("secret"));
    }
}
