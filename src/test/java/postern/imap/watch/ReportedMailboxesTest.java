package postern.imap.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Scope;
import postern.account.Security;
import postern.account.TokenLimits;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.provider.MailServers;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;

/** All mailboxes of an account are watched at once: by NOTIFY, or by IDLE and a poll. */
@OnGreenMail
@Timeout(120)
class ReportedMailboxesTest {

    private static final MailboxName INBOX = MailboxName.INBOX;
    private static final MailboxName WORK = MailboxName.of("Work");
    private static final String NOTIFY =
            "NOTIFY SET (personal (MessageNew MessageExpunge FlagChange MailboxName))";
    private static final String LIST = "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)";
    private static final String IDS =
            "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MAILBOXID))";
    private static final String COUNTS =
            "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
                    + " HIGHESTMODSEQ))";

    private static final String SHARED =
            "STATUS \"Shared/all\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)";

    @Autowired private ImapConnections connections;
    @Autowired private MailServers servers;
    @Autowired private OwnChanges changes;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private @Nullable MailboxWatches watches;

    @AfterEach
    void stop() {
        if (watches != null) {
            watches.stop();
        }
        server.stop();
    }

    private final class Recorder implements AccountHints {

        @Override
        public void messagesMayHaveChanged(MailboxName mailbox) {
            heard.add(mailbox.wire());
        }

        @Override
        public void mailboxesMayHaveChanged(@Nullable RenamedMailbox renamed) {
            heard.add(
                    renamed == null
                            ? "mailboxes"
                            : renamed.from().wire() + " is " + renamed.to().wire());
        }

        @Override
        public void seen(MailboxName mailbox) {
            heard.add("seen " + mailbox.wire());
        }

        @Override
        public void anythingMayHaveChanged() {
            heard.add("anything");
        }
    }

    private MailboxWatches watches(Duration poll) {
        return watches(poll, Duration.ofMinutes(1));
    }

    private MailboxWatches watches(Duration poll, Duration linger) {
        var made =
                new MailboxWatches(
                        connections,
                        new WatchProperties(
                                Duration.ofMinutes(9), poll, linger, Duration.ofMillis(20)),
                        servers,
                        changes,
                        meters);
        made.start();
        watches = made;
        return made;
    }

    private MailboxWatches watches() {
        return watches(Duration.ofMinutes(5));
    }

    @Test
    void whatTheServerReportsOfAnyMailboxIsAHint() throws Exception {
        notifies();
        beginsToReport();
        server.expect("IDLE").reply("+ idling");
        watches().listenToEverything(account("secret"), new Recorder());
        assertThat(next()).isEqualTo("anything");
        awaitIdles(2);

        server.push(
                "* STATUS Work (HIGHESTMODSEQ 5)",
                "* STATUS \"INBOX\" (MESSAGES 2 UIDNEXT 3 UNSEEN 2)",
                "* OK Still here",
                "* STATUS A b (c) (MESSAGES 2)");

        assertThat(List.of(next(), next(), next())).containsExactly("Work", "INBOX", "A b (c)");
        assertThat(server.commands()).noneMatch(it -> it.startsWith("EXAMINE"));
        assertThat(server.connections()).isEqualTo(1);
        server.verify();
    }

    /** It may be another mailbox with the same user name: its names are nobody else's business. */
    @Test
    void whatAnotherLoginHasListedIsNotSeen() throws Exception {
        notifies();
        beginsToReport();
        server.expect("IDLE").reply("+ idling");
        var anna = account("secret");
        watches().listenToEverything(anna, new Recorder());
        assertThat(next()).isEqualTo("anything");
        awaitIdles(2);
        var bob = new Account(anna.server(), anna.user(), anna.credential(), "bob");
        var token = anna.with(AccessToken.of("token", null));

        changes.listed(bob, List.of(MailboxName.of("Of Bob")));
        changes.listed(token, List.of(MailboxName.of("Of a token")));
        changes.listed(anna, List.of(MailboxName.of("Of Anna")));

        assertThat(next()).isEqualTo("seen Of Anna");
    }

    @Test
    void severalMailboxesAreReportedOnOneConnectionAndEachListenerHearsOfItsOwn() throws Exception {
        notifies();
        beginsToReport();
        server.expect("IDLE").reply("+ idling");
        var watches = watches();
        var names = new LinkedBlockingQueue<MailboxName>();
        watches.listen(account("secret"), List.of(INBOX, WORK), names::add);
        assertThat(Set.of(names.take(), names.take())).containsExactlyInAnyOrder(INBOX, WORK);
        awaitIdles(2);

        server.push("* STATUS Other (MESSAGES 2)", "* STATUS Work (MESSAGES 2)");

        assertThat(names.poll(20, TimeUnit.SECONDS)).isEqualTo(WORK);
        assertThat(names).isEmpty();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void mailboxesThatAreCreatedRenamedOrDeletedAreToldAndTheirNamesLearnt() throws Exception {
        notifies();
        beginsToReport();
        for (int i = 0; i < 3; i++) {
            server.expect("IDLE").reply("+ idling");
            server.expect("DONE").reply("OK");
            server.expect(LIST).reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
        }
        server.expect("IDLE").reply("+ idling");
        watches().listenToEverything(account("secret"), new Recorder());
        assertThat(next()).isEqualTo("anything");
        var told = new ArrayList<String>();
        for (var report :
                List.of(
                        "* LIST () \"/\" New",
                        "* LIST () \"/\" \"Pro jects\" (\"OLDNAME\" (\"Wo rk\"))",
                        "* LIST (\\NonExistent) \"/\" Gone")) {
            awaitIdles(2 + told.size());
            server.push(report);
            told.add(next());
        }

        assertThat(told).containsExactly("mailboxes", "Wo rk is Pro jects", "mailboxes");
        awaitIdles(5);
        server.verify();
    }

    @Test
    void aNarrowedTokenHearsOfItsMailboxesAlone() throws Exception {
        notifies();
        beginsToReport();
        server.expect("IDLE").reply("+ idling");
        var limits = new TokenLimits(Set.of(Scope.READ), Set.of("Work"));
        watches().listenToEverything(account("secret").limitedTo(limits), new Recorder());
        assertThat(next()).isEqualTo("anything");
        awaitIdles(2);

        server.push("* STATUS INBOX (MESSAGES 2)", "* STATUS Work (MESSAGES 2)");

        assertThat(next()).isEqualTo("Work");
        assertThat(heard).isEmpty();
    }

    /** Whoever gets the connection next does not expect reports. */
    @Test
    void reportsEndWhenTheConnectionIsGivenBack() throws Exception {
        notifies();
        beginsToReport();
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expect("NOTIFY NONE").reply("OK");
        var listening =
                watches(Duration.ofMinutes(5), Duration.ZERO)
                        .listenToEverything(account("secret"), new Recorder());
        assertThat(next()).isEqualTo("anything");
        awaitIdles(2);

        listening.close();

        await(() -> watchedAccounts() == 0);
        connections.borrow(account("secret"), Lane.INTERACTIVE).close();
        assertThat(server.connections()).isEqualTo(1);
        server.verify();
    }

    /** And what is reported while they are asked for is not lost. */
    @Test
    void mailboxesOfOthersArePolledBesideTheReports() throws Exception {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE NOTIFY NAMESPACE");
        server.expect(NOTIFY).reply("OK");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expect("NAMESPACE")
                .reply("* NAMESPACE ((\"\" \"/\")) NIL ((\"Shared/\" \"/\"))", "OK");
        for (var report : List.of("* STATUS INBOX (MESSAGES 3)", "* OK nothing")) {
            server.expect("LIST \"\" \"*\"")
                    .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Shared/all", "OK");
            server.expect("LSUB \"\" \"*\"").reply("OK");
            server.expect(SHARED).reply(report, status("Shared/all", 5), "OK");
            server.expect("IDLE").reply("+ idling");
            if (!report.startsWith("* OK")) {
                // what it was is not known any more: the names are listed again
                server.expect("DONE").reply("OK");
            }
        }
        watches().listenToEverything(account("secret"), new Recorder());

        assertThat(List.of(next(), next(), next()))
                .containsExactly("anything", "Shared/all", "anything");
        awaitIdles(3);
        server.verify();
    }

    @Quirk(
            server = "Dovecot 2.3",
            does = "reports a mailbox no more that was deleted and created again beside a restart",
            answer =
                    "the counters of all mailboxes are compared in ten times `postern.watch.poll`,"
                            + " too")
    @Test
    void whatTheServerForgetsToReportIsFoundByCounters() throws Exception {
        notifies();
        beginsToReport();
        for (int modSeq : List.of(5, 5, 6)) {
            server.expect("IDLE").reply("+ idling");
            server.expect("DONE").reply("OK");
            server.expect(COUNTS)
                    .reply(
                            "* LIST () \"/\" INBOX",
                            "* LIST () \"/\" Work",
                            status("INBOX", 5),
                            status("Work", modSeq),
                            "OK");
        }
        server.expect("IDLE").reply("+ idling");
        watches(Duration.ofMillis(10)).listenToEverything(account("secret"), new Recorder());

        // at the first look nothing is known of before
        assertThat(List.of(next(), next(), next())).containsExactly("anything", "INBOX", "Work");
        assertThat(next()).isEqualTo("Work");
        server.verify();
    }

    /** A server that reports no more has not told everything. */
    @Test
    void aServerThatIsOverwhelmedIsIdledAndPolled() throws Exception {
        notifies();
        beginsToReport();
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expect(COUNTS)
                .reply(
                        "* LIST () \"/\" INBOX",
                        "* LIST () \"/\" Work",
                        status("INBOX", 5),
                        status("Work", 5),
                        "OK");
        server.expect("IDLE").reply("+ idling");
        watches().listenToEverything(account("secret"), new Recorder());
        assertThat(next()).isEqualTo("anything");
        awaitIdles(2);

        server.push("* OK [NOTIFICATIONOVERFLOW] too much");

        assertThat(List.of(next(), next(), next())).containsExactly("anything", "Work", "INBOX");
        awaitIdles(3);
        assertThat(server.connections()).isEqualTo(1);
        server.verify();
    }

    @Test
    void aServerThatRefusesNotifyIsIdledAndPolled() throws Exception {
        for (var refusal : List.of("NO [BADEVENT (FlagChange)] no", "BAD unknown command")) {
            try (var refusing = ScriptedImapServer.start()) {
                refusing.capabilities("IMAP4rev1 IDLE CONDSTORE NOTIFY LIST-EXTENDED LIST-STATUS");
                refusing.expect(NOTIFY).reply(refusal);
                refusing.expect(COUNTS).reply("* LIST () \"/\" INBOX", status("INBOX", 5), "OK");
                refusing.expect("IDLE").reply("+ idling");
                var watches = watches();
                watches.listenToEverything(account(refusing, "secret"), new Recorder());

                await(() -> refusing.commands().contains("IDLE"));
                assertThat(heard).contains("anything", "INBOX");
                heard.clear();
                refusing.verify();
                refusing.stop();
                watches.stop();
            }
        }
    }

    /** CONDSTORE without QRESYNC and NOTIFY, as Gmail. */
    @Test
    void withoutNotifyTheInboxIdlesAndOneListAsksForTheRest() throws Exception {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE LIST-EXTENDED LIST-STATUS");
        for (int modSeq : List.of(5, 5, 6)) {
            server.expect(COUNTS)
                    .reply(
                            "* LIST () \"/\" INBOX",
                            "* LIST () \"/\" Work",
                            "* LIST (\\Noselect) \"/\" Parent",
                            status("INBOX", 9),
                            status("Work", modSeq),
                            "OK");
            server.expect("IDLE").reply("+ idling");
            server.expect("DONE").reply("OK");
        }
        server.expect(COUNTS)
                .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" New", status("New", 1), "OK");
        server.expect("STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)")
                .reply("NO not now");
        server.expect("IDLE").reply("+ idling");
        watches(Duration.ofMillis(10)).listenToEverything(account("secret"), new Recorder());

        assertThat(List.of(next(), next(), next())).containsExactly("Work", "INBOX", "Work");
        assertThat(List.of(next(), next(), next())).containsExactly("seen New", "mailboxes", "New");
        awaitIdles(4);
        server.verify();
    }

    /** Neither CONDSTORE nor LIST-STATUS nor ESEARCH, as Exchange. */
    @Test
    void withoutCountersInListsEachMailboxIsAskedForItsOwn() throws Exception {
        server.capabilities("IMAP4rev1 IDLE NAMESPACE");
        server.expect("NAMESPACE").reply("* NAMESPACE ((\"\" \"/\")) NIL NIL", "OK");
        server.expect("LIST \"\" \"*\"")
                .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                server.expect("LIST \"\" \"*\"")
                        .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
            }
            server.expect("LSUB \"\" \"*\"").reply("OK");
            // the mailbox that IDLE is used for, too, as one list asks for all
            server.expect("STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                    .reply("* STATUS INBOX (MESSAGES 3 UNSEEN 0 UIDNEXT 9 UIDVALIDITY 1)", "OK");
            server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                    .reply(
                            "* STATUS Work (MESSAGES %d UNSEEN 0 UIDNEXT 9 UIDVALIDITY 1)"
                                    .formatted(i < 3 ? 5 : 6),
                            "OK");
            server.expect("IDLE").reply("+ idling");
            if (i < 3) {
                server.expect("DONE").reply("OK");
            } else {
                server.expect("DONE").stall();
            }
        }
        watches(Duration.ofMillis(10)).listenToEverything(account("secret"), new Recorder());

        assertThat(List.of(next(), next())).containsExactly("Work", "INBOX");
        // INBOX once more each time that nobody looked at it for long, as on a slow machine.
        var hint = next();
        while (hint.equals("INBOX")) {
            hint = next();
        }
        assertThat(hint).isEqualTo("Work");
    }

    /** Its id is the same, and the new name is found by a list. */
    @Test
    void aMailboxThatIsRenamedIsFollowed() throws Exception {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE OBJECTID LIST-EXTENDED LIST-STATUS");
        server.expect(IDS).reply("* LIST () \"/\" Work", "* STATUS Work (MAILBOXID (F1))", "OK");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expect(IDS).reply("* LIST () \"/\" New", "* STATUS New (MAILBOXID (F1))", "OK");
        server.expect("IDLE").reply("+ idling");
        var names = new LinkedBlockingQueue<MailboxName>();
        var work = new MailboxName("Work", "F1");
        var watches = watches();
        watches.listen(account("secret"), List.of(work), names::add);
        assertThat(names.poll(20, TimeUnit.SECONDS)).isEqualTo(work);
        awaitIdles(1);

        changes.mailboxChanged(account("secret"), WORK, MailboxName.of("New"));

        assertThat(names.poll(20, TimeUnit.SECONDS)).isEqualTo(work);
        awaitIdles(2);
        assertThat(server.commands()).contains("EXAMINE \"New\" (CONDSTORE)");
        server.push("* 11 EXISTS");
        assertThat(names.poll(20, TimeUnit.SECONDS)).isEqualTo(work);
        server.verify();
    }

    /** Which the server reports later, or never where it is polled. */
    @Test
    void whatThisProcessChangesIsAHintAtOnce() throws Exception {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE");
        server.expect("IDLE").reply("+ idling");
        watches().listen(account("secret"), List.of(INBOX), it -> heard.add(it.wire()));
        assertThat(next()).isEqualTo("INBOX");
        awaitIdles(1);
        server.expectMatching("APPEND \"INBOX\" .*(?s:.*)").reply("OK");

        try (var connection = connections.borrow(account("secret"), Lane.INTERACTIVE)) {
            connection.append(INBOX, Set.of(), null, new ByteArrayInputStream(new byte[2]), 2);

            assertThat(next()).isEqualTo("INBOX");
        }
        server.verify();
    }

    private void notifies() {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE NOTIFY LIST-EXTENDED LIST-STATUS");
    }

    /** From NOTIFY to the first list of names. */
    private void beginsToReport() {
        server.expect(NOTIFY).reply("* STATUS Work (MESSAGES 1)", "OK");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expect(LIST).reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
    }

    private void awaitIdles(int count) {
        await(() -> server.commands().stream().filter("IDLE"::equals).count() >= count);
    }

    private double watchedAccounts() {
        return meters.get("postern.watch.accounts").gauge().value();
    }

    private static String status(String name, int modSeq) {
        return "* STATUS %s (MESSAGES 2 UNSEEN 0 UIDNEXT 9 UIDVALIDITY 1 HIGHESTMODSEQ %d)"
                .formatted(name, modSeq);
    }

    private Account account(String password) {
        return account(server, password);
    }

    private static Account account(ScriptedImapServer server, String password) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "anna",
                new Password(password));
    }

    private String next() throws InterruptedException {
        var next = heard.poll(10, TimeUnit.SECONDS);
        assertThat(next).describedAs("a hint after %s", server.commands()).isNotNull();
        return next;
    }

    private static void await(BooleanSupplier claim) {
        while (!claim.getAsBoolean()) {
            Thread.yield();
        }
    }
}
