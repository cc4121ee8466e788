package postern.imap.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Scope;
import postern.account.Security;
import postern.account.TokenLimits;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.provider.MailServers;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;

/** One connection watches an account, whatever the server does and however many listen. */
@OnGreenMail
@Timeout(60)
class MailboxWatchesTest {

    private static final MailboxName INBOX = MailboxName.INBOX;
    private static final MailboxName WORK = MailboxName.of("Work");
    private static final String STATUS =
            "STATUS \"Work\" \\(MESSAGES UNSEEN UIDNEXT UIDVALIDITY( HIGHESTMODSEQ)?( SIZE)?\\)";

    @Autowired private ImapConnections connections;
    @Autowired private MailServers servers;
    @Autowired private OwnChanges changes;
    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LinkedBlockingQueue<MailboxName> hints = new LinkedBlockingQueue<>();
    private @Nullable MailboxWatches watches;

    @AfterEach
    void stop() {
        if (watches != null) {
            watches.stop();
        }
        server.close();
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
        return watches(Duration.ofMinutes(5), Duration.ofMinutes(1));
    }

    @Test
    void manyListenersOfAMailboxHaveOneConnection() throws Exception {
        idles();
        server.expect("IDLE").reply("+ idling");
        var watches = watches();
        for (int i = 0; i < 20; i++) {
            watches.listen(account("secret"), List.of(INBOX), hints::add);
        }
        hinted(INBOX);
        await(() -> server.commands().contains("IDLE"));
        hints.clear();
        server.push("* 11 EXISTS");

        for (int i = 0; i < 20; i++) {
            hinted(INBOX);
        }
        assertThat(server.connections()).isEqualTo(1);
        stopped();
    }

    @Test
    void theOtherMailboxesArePolled() throws Exception {
        idles();
        server.expectMatching(STATUS).reply(status(5, 2), "OK");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expectMatching(STATUS).reply(status(5, 2), "OK");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expectMatching(STATUS).reply(status(6, 2), "OK");
        server.expect("IDLE").reply("+ idling").stall();

        watches(Duration.ofMillis(10), Duration.ofMinutes(1))
                .listen(account("secret"), List.of(INBOX, WORK), hints::add);

        // the first counters, the opened mailbox, and the counters that changed
        assertThat(List.of(hint(), hint(), hint())).containsExactly(WORK, INBOX, WORK);
        await(() -> server.commands().stream().filter("IDLE"::equals).count() == 3);
        assertThat(server.connections()).isEqualTo(1);
    }

    /** The answer to STATUS may come together with news of the mailbox that is open. */
    @Test
    void whatIsReportedBetweenTwoIdlesIsAHint() throws Exception {
        idles();
        server.expectMatching(STATUS).reply(status(5, 2), "OK");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expectMatching(STATUS).reply("* 12 EXISTS", status(5, 2), "OK");
        server.expect("IDLE").reply("+ idling").stall();

        watches(Duration.ofMillis(10), Duration.ofMinutes(1))
                .listen(account("secret"), List.of(INBOX, WORK), hints::add);

        assertThat(List.of(hint(), hint(), hint())).containsExactly(WORK, INBOX, INBOX);
    }

    @Test
    void aServerThatEndsIdleByItselfIsNotAskedAgainAtOnce() throws Exception {
        idles();
        server.expect("IDLE").reply("+ idling", "OK");
        server.expectMatching(STATUS.replace("Work", "INBOX"))
                .reply(status(5, 2).replace("Work", "INBOX"), "OK");

        watches().listen(account("secret"), List.of(INBOX), hints::add);

        hinted(INBOX);
        hinted(INBOX);
        stopped();
    }

    /** Each login with it could lock the account. */
    @Test
    void aRefusedCredentialIsNotTriedAgainForNobody() throws Exception {
        idles();
        server.expectMatching("LOGIN .*").reply("NO [AUTHENTICATIONFAILED] wrong");
        var watches = watches(Duration.ofMinutes(5), Duration.ofDays(1));
        var listening = new CompletableFuture<Listening>();
        var left = new CountDownLatch(1);

        listening.complete(
                watches.listen(
                        account("wrong"),
                        List.of(INBOX),
                        _ -> {
                            listening.join().close(); // as it finds the credential refused, too
                            left.countDown();
                        }));

        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        await(() -> accounts() == 0 || System.nanoTime() - until > 0);
        assertThat(accounts()).isZero();
        assertThat(server.connections()).isEqualTo(1);
    }

    private double accounts() {
        return meters.get("postern.watch.accounts").gauge().value();
    }

    @Test
    void aServerWithoutIdleIsPolledOnConnectionsThatAreGivenBack() throws Exception {
        server.capabilities("IMAP4rev1 CONDSTORE");
        var inbox = STATUS.replace("Work", "INBOX");
        for (int modSeq : List.of(5, 5, 6)) {
            server.expectMatching(inbox).reply(status(modSeq, 2).replace("Work", "INBOX"), "OK");
        }
        server.expectMatching(inbox).stall();

        watches(Duration.ofMillis(10), Duration.ofMinutes(1))
                .listen(account("secret"), List.of(INBOX), hints::add);

        assertThat(List.of(hint(), hint())).containsExactly(INBOX, INBOX);
        await(() -> server.commands().size() == 5);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aServerThatRefusesIdleIsPolled() throws Exception {
        idles();
        server.expect("IDLE").reply("BAD unknown");
        server.expectMatching(STATUS.replace("Work", "INBOX"))
                .reply(status(5, 2).replace("Work", "INBOX"), "OK");

        watches().listen(account("secret"), List.of(INBOX), hints::add);

        hinted(INBOX);
        hinted(INBOX);
    }

    /** What happened in between is not reported, so that every opening is a hint. */
    @Test
    void aServerThatDropsTheConnectionIsConnectedAgain() throws Exception {
        idles();
        server.expect("IDLE").reply("+ idling").drop();
        server.expect("IDLE").reply("+ idling").bye("Server shutting down.");
        server.expect("IDLE").reply("+ idling");

        watches().listen(account("secret"), List.of(INBOX), hints::add);

        assertThat(List.of(hint(), hint(), hint())).containsOnly(INBOX);
        await(() -> server.connections() == 3);
        stopped();
    }

    @Test
    void theConnectionIsFreedAfterTheLastListenerHasLeft() throws Exception {
        idles();
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        var listening =
                watches(Duration.ofMinutes(5), Duration.ZERO)
                        .listen(account("secret"), List.of(INBOX), hints::add);
        hinted(INBOX);
        await(() -> server.commands().contains("IDLE"));

        listening.close();

        await(() -> accounts() == 0);
        assertThat(server.commands()).contains("DONE");
        connections.borrow(account("secret"), Lane.INTERACTIVE).close();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void whoeverComesBackSoonFindsItStillThere() throws Exception {
        idles();
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        server.expect("IDLE").reply("+ idling");
        var watches = watches();
        var first = watches.listen(account("secret"), List.of(INBOX), hints::add);
        hinted(INBOX);
        await(() -> server.commands().contains("IDLE"));
        first.close();
        await(() -> server.commands().stream().filter("IDLE"::equals).count() == 2);
        watches.listen(account("secret"), List.of(INBOX), hints::add);
        server.push("* 11 EXISTS");

        hinted(INBOX);
        assertThat(server.connections()).isEqualTo(1);
        stopped();
    }

    /** The connection was opened with a credential whose listener is gone. */
    @Test
    void theCredentialOfWhoLeftIsNotUsedAnyMore() throws Exception {
        idles();
        server.connection(1).expect("IDLE").reply("+ idling");
        server.connection(1).expect("DONE").reply("OK");
        server.connection(2).expect("IDLE").reply("+ idling");
        var watches = watches();
        var first = watches.listen(account("one"), List.of(INBOX), hints::add);
        hinted(INBOX);
        await(() -> server.commands().contains("IDLE"));
        watches.listen(account("two"), List.of(INBOX), hints::add);
        first.revoke();

        hinted(INBOX);
        await(() -> server.connections() == 2);
        await(() -> server.commands().stream().filter("IDLE"::equals).count() == 2);
        stopped();
    }

    /**
     * Some servers ignore whose mail a login names and open that of the login itself: its watch
     * hears nothing of the mail of the user.
     */
    @Test
    void whoListensFirstTakesNobodysWatchAway() throws Exception {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE SASL-IR AUTH=PLAIN");
        server.connection(1).expect("IDLE").reply("+ idling");
        server.connection(2).expect("IDLE").reply("+ idling");
        var strange = new LinkedBlockingQueue<MailboxName>();
        var anna = account("secret");
        var stranger =
                new Account(anna.server(), anna.user(), new Password("of the stranger"), "bob");
        var watches = watches();
        watches.listen(stranger, List.of(INBOX), strange::add);
        assertThat(strange.poll(20, TimeUnit.SECONDS)).isEqualTo(INBOX);
        await(() -> server.commands().contains("IDLE"));

        watches.listen(anna, List.of(INBOX), hints::add);
        hinted(INBOX);
        await(() -> server.commands().stream().filter("IDLE"::equals).count() == 2);
        assertThat(server.connections()).isEqualTo(2);
        assertThat(accounts()).isEqualTo(2);

        changes.messagesChanged(stranger, INBOX);
        hinted(INBOX);
        assertThat(strange.poll(20, TimeUnit.SECONDS)).isEqualTo(INBOX);
        stopped();
    }

    @Test
    void aNarrowedTokenHearsOfItsMailboxesAlone() {
        var limits = new TokenLimits(Set.of(Scope.READ), Set.of("Work"));
        var account = account("secret").limitedTo(limits);

        assertThatThrownBy(() -> watches().listen(account, List.of(INBOX), hints::add))
                .isInstanceOf(ImapException.OutOfScope.class);
        assertThat(server.connections()).isZero();
    }

    private void idles() {
        server.capabilities("IMAP4rev1 IDLE CONDSTORE");
    }

    private static String status(int modSeq, int messages) {
        return "* STATUS Work (MESSAGES %d UNSEEN 0 UIDNEXT 9 UIDVALIDITY 1 HIGHESTMODSEQ %d)"
                .formatted(messages, modSeq);
    }

    private Account account(String password) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "anna",
                new Password(password));
    }

    private void hinted(MailboxName mailbox) throws InterruptedException {
        assertThat(hint()).isEqualTo(mailbox);
    }

    private MailboxName hint() throws InterruptedException {
        var hint = hints.poll(20, TimeUnit.SECONDS);
        assertThat(hint).describedAs("a hint after %s", server.commands()).isNotNull();
        return hint;
    }

    /** So that the end of the watch is not part of the dialogue. */
    private void stopped() {
        server.verify();
        server.stop();
    }

    private static void await(BooleanSupplier claim) {
        while (!claim.getAsBoolean()) {
            Thread.yield();
        }
    }
}
