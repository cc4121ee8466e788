package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.Access;
import postern.imap.IdleWait;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.client.connect.Connectors;
import postern.testserver.ScriptedImapServer;

/** IDLE (RFC 2177), from EXAMINE to the answer to DONE. */
@Timeout(120)
class IdleTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void verify() {
        server.close();
    }

    private final class Recorder implements IdleWait.Listener {
        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void reported() {
            heard.add("reported");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* 11 EXISTS",
                "* 3 EXPUNGE",
                "* 3 FETCH (FLAGS (\\Seen))",
                "* VANISHED 3",
                "* 3 FETCH (MODSEQ (77) UID 5 FLAGS (\\Seen))"
            })
    void whatTheServerReportsIsHeardWhileItIdles(String news) throws Exception {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK done");

        try (var connection = connect()) {
            var wait = idle(connection, LONG);
            awaitCommand("IDLE");
            server.push("* OK Still here", news);

            assertThat(next()).isEqualTo("opened");
            assertThat(next()).isEqualTo("reported");
            wait.end();
            assertThat(next()).isEqualTo("over");
            assertThat(connection.usable()).isTrue();
        }
    }

    @Test
    void itIsOverAfterItsTimeAndGoesOnInTheOpenMailbox() throws Exception {
        server.capabilities("IMAP4rev1 IDLE");
        for (int i = 0; i < 2; i++) {
            server.expect("IDLE").reply("+ idling");
            server.expect("DONE").reply("* 11 EXISTS", "OK done");
        }

        try (var connection = connect()) {
            connection.idle(MailboxName.INBOX, new IdleWait(SHORT, new Recorder()));
            connection.idle(MailboxName.INBOX, new IdleWait(SHORT, new Recorder()));

            assertThat(heard).containsExactly("opened", "reported", "reported");
            assertThat(server.commands().stream().filter(it -> it.startsWith("EXAMINE")))
                    .hasSize(1);
            assertThat(connection.select(MailboxName.INBOX, Access.READ_ONLY).state().messages())
                    .isEqualTo(11);
        }
    }

    @Test
    void anEndBeforeTheServerIdlesEndsItAtOnce() {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK done");

        try (var connection = connect()) {
            var wait = new IdleWait(LONG, new Recorder());
            wait.end();
            connection.idle(MailboxName.INBOX, wait);

            assertThat(connection.usable()).isTrue();
        }
    }

    /** Where the machine is slower than the server may be, a longer time decides. */
    @Test
    void aServerThatNeverAnswersDoneTimesOut() {
        assertThat(Stream.of(200, 2_000, 20_000).map(Duration::ofMillis))
                .anyMatch(this::doneTimesOut);
    }

    private boolean doneTimesOut(Duration timeout) {
        var stalling = ScriptedImapServer.start();
        stalling.capabilities("IMAP4rev1 IDLE");
        stalling.expect("IDLE").reply("+ idling");
        stalling.expect("DONE").stall();
        try (var connection = connect(stalling, timeout)) {
            connection.idle(MailboxName.INBOX, new IdleWait(SHORT, new Recorder()));
            return false;
        } catch (ImapException.ServerTimedOut _) {
            return stalling.commands().contains("DONE");
        } finally {
            stalling.stop();
        }
    }

    /**
     * The command has its time, and the wait has another one, in which the server may be silent.
     */
    @Test
    void aSilentServerIsWaitedForLongerThanForACommand() throws Exception {
        boolean waited = false;
        // Where the machine is slower than the server may be, a longer time decides.
        for (int timeout = 100; !waited && timeout <= 10_000; timeout *= 10) {
            waited = waitsThroughASilenceOf(Duration.ofMillis(2L * timeout), timeout);
        }
        assertThat(waited).isTrue();
    }

    private boolean waitsThroughASilenceOf(Duration time, int timeout) throws Exception {
        heard.clear();
        var silent = ScriptedImapServer.start();
        silent.capabilities("IMAP4rev1 IDLE");
        var silence = new CountDownLatch(1);
        silent.expect("IDLE").reply("+ idling").await(silence).reply("* 11 EXISTS");
        silent.expect("DONE").reply("OK done");
        try (var connection = connect(silent, Duration.ofMillis(timeout))) {
            var wait = idle(connection, LONG);
            boolean opened = next().equals("opened");
            boolean heardNothing = heard.poll(time.toMillis(), TimeUnit.MILLISECONDS) == null;
            silence.countDown();
            boolean reported = next().equals("reported");
            wait.end();
            return opened && heardNothing && reported && next().equals("over");
        } catch (ImapException.ServerTimedOut _) {
            return false;
        } finally {
            silent.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"* BYE Server shutting down.", "* BYE Disconnected for inactivity"})
    void aServerThatSaysByeIsLost(String bye) throws Exception {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply("+ idling", bye).drop();

        idle(connect(), LONG);

        assertThat(next()).isEqualTo("opened");
        assertThat(next()).isEqualTo("ConnectionLost");
    }

    @Test
    void aServerThatDropsTheConnectionIsLost() throws Exception {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply("+ idling").drop();

        idle(connect(), LONG);

        assertThat(next()).isEqualTo("opened");
        assertThat(next()).isEqualTo("ConnectionLost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAD unknown command", "NO not now"})
    void aServerThatRefusesIdleSaysSo(String refusal) {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply(refusal);

        try (var connection = connect()) {
            assertThatThrownBy(() ->
                            connection.idle(MailboxName.INBOX, new IdleWait(LONG, new Recorder())))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThat(connection.usable()).isTrue();
            assertThat(connection.capabilities().idle()).isEqualTo(refusal.startsWith("NO"));
        }
    }

    @Test
    void aMailboxThatIsLostCostsNoExtension() {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply("* NO Internal error occurred", "BAD no mailbox selected");

        try (var connection = connect()) {
            assertThatThrownBy(() ->
                            connection.idle(MailboxName.INBOX, new IdleWait(LONG, new Recorder())))
                    .isInstanceOf(ImapException.class);
            assertThat(connection.usable()).isFalse();
            assertThat(connection.capabilities().idle()).isTrue();
        }
    }

    @Test
    void noIdleIsSentWhereThereIsNone() {
        server.capabilities("IMAP4rev1");

        try (var connection = connect()) {
            assertThatThrownBy(() ->
                            connection.idle(MailboxName.INBOX, new IdleWait(LONG, new Recorder())))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
    }

    @Test
    void anAbortEndsIt() throws Exception {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("IDLE").reply("+ idling");

        var connection = connect();
        idle(connection, LONG);
        assertThat(next()).isEqualTo("opened");
        awaitCommand("IDLE");
        connection.abort();

        assertThat(next()).isEqualTo("ConnectionLost");
    }

    /** Idles on another thread, and records how it ends. */
    private IdleWait idle(PoolableConnection connection, Duration time) {
        var wait = new IdleWait(time, new Recorder());
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        connection.idle(MailboxName.INBOX, wait);
                        heard.add("over");
                    } catch (ImapException e) {
                        heard.add(e.getClass().getSimpleName());
                    }
                });
        return wait;
    }

    private String next() throws InterruptedException {
        var next = heard.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing of " + List.copyOf(server.commands()) : next;
    }

    private void awaitCommand(String command) {
        while (!server.commands().contains(command)) {
            Thread.yield();
        }
    }

    private PoolableConnection connect() {
        return connect(server, Duration.ofSeconds(20));
    }

    private static PoolableConnection connect(ScriptedImapServer to, Duration timeout) {
        return Connectors.connector(timeout)
                .connect(Connectors.account(to.host(), to.port(), "u", "p"));
    }
}
