package postern.imap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.testserver.ScriptedImapServer;

@Timeout(30)
class ScriptedImapServerTest {

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.stop();
    }

    @Test
    void answersAnExpectedCommandWithItsTag() throws IOException {
        server.expect("UID STORE 7 +FLAGS (\\Seen)")
                .reply("* 7 FETCH (UID 7 FLAGS (\\Seen))", "OK done");

        try (var client = new Client(server)) {
            client.send("a1 UID STORE 7 +FLAGS (\\Seen)");

            assertThat(client.line()).isEqualTo("* 7 FETCH (UID 7 FLAGS (\\Seen))");
            assertThat(client.line()).isEqualTo("a1 OK done");
        }
        server.verify();
    }

    @Test
    void tagsOnlyCompletions() throws IOException {
        server.expect("X").reply("* OK untagged", "OKAY", "NO", "BAD [CLIENTBUG] x");
        server.expect("Y");

        try (var client = new Client(server)) {
            client.send("a1 X");
            assertThat(client.line()).isEqualTo("* OK untagged");
            assertThat(client.line()).isEqualTo("OKAY");
            assertThat(client.line()).isEqualTo("a1 NO");
            assertThat(client.line()).isEqualTo("a1 BAD [CLIENTBUG] x");

            client.send("a2 Y");
            assertThat(client.line()).isEqualTo("a2 OK done");
        }
    }

    @Test
    void sendsLiteralsAsTheyAre() throws IOException {
        server.expect("UID FETCH 7 BODY.PEEK[1]")
                .reply("* 7 FETCH (UID 7 BODY[1] {8}")
                .octets("OK é\r\n")
                .reply(")", "OK done");

        try (var client = new Client(server)) {
            client.send("a1 UID FETCH 7 BODY.PEEK[1]");

            assertThat(client.line()).isEqualTo("* 7 FETCH (UID 7 BODY[1] {8}");
            assertThat(client.line()).isEqualTo("OK é");
            assertThat(client.line()).isEqualTo(")");
            assertThat(client.line()).isEqualTo("a1 OK done");
        }
    }

    @Test
    void asksForSynchronisingLiteralsOnly() throws IOException {
        server.expect("APPEND INBOX {5}\r\nhello").reply("OK [APPENDUID 1 11] done");
        server.expect("SEARCH {4+}\r\nä\r\n {1+}\r\nx ALL").reply("OK done");

        try (var client = new Client(server)) {
            client.send("a1 APPEND INBOX {5}");
            assertThat(client.line()).startsWith("+ ");
            client.send("hello");
            assertThat(client.line()).isEqualTo("a1 OK [APPENDUID 1 11] done");

            client.send("a2 SEARCH {4+}\r\nä\r\n {1+}\r\nx ALL");
            assertThat(client.line()).isEqualTo("a2 OK done");
        }
    }

    @Test
    void refusesALiteralWhereTheScriptEndsAtIt() throws IOException {
        server.expect("APPEND INBOX {5}").reply("NO [TOOBIG] no");

        try (var client = new Client(server)) {
            client.send("a1 APPEND INBOX {5}");
            assertThat(client.line()).isEqualTo("a1 NO [TOOBIG] no");
            client.send("a2 NOOP");
            assertThat(client.line()).isEqualTo("a2 OK done");
        }
    }

    @Test
    void greetsAndAnnouncesWhatTheTestSays() throws IOException {
        server.capabilities("IMAP4rev1", "IDLE");

        try (var client = new Client(server)) {
            assertThat(client.greeting).isEqualTo("* OK [CAPABILITY IMAP4rev1 IDLE] ready");
            client.send("a1 CAPABILITY");
            assertThat(client.line()).isEqualTo("* CAPABILITY IMAP4rev1 IDLE");
            assertThat(client.line()).isEqualTo("a1 OK done");
        }

        server.greeting("* PREAUTH welcome");
        try (var client = new Client(server)) {
            assertThat(client.greeting).isEqualTo("* PREAUTH welcome");
        }
    }

    @Test
    void answersByItselfWhatAClientSendsToGetReady() throws IOException {
        server.selected("* 3 EXISTS");

        try (var client = new Client(server)) {
            client.send("a1 AUTHENTICATE PLAIN");
            assertThat(client.line()).isEqualTo("+ ");
            client.send("AHUAcA==");
            assertThat(client.line()).startsWith("a1 OK [CAPABILITY ");
            client.send("a2 LOGIN u p");
            assertThat(client.line()).startsWith("a2 OK [CAPABILITY ");
            client.send("a3 ENABLE QRESYNC");
            assertThat(client.line()).isEqualTo("* ENABLED QRESYNC");
            assertThat(client.line()).isEqualTo("a3 OK done");
            client.send("a4 SELECT INBOX");
            assertThat(client.line()).isEqualTo("* 3 EXISTS");
            assertThat(client.line()).isEqualTo("a4 OK [READ-WRITE] done");
            client.send("a5 EXAMINE INBOX");
            assertThat(client.line()).isEqualTo("* 3 EXISTS");
            assertThat(client.line()).isEqualTo("a5 OK [READ-ONLY] done");
            client.send("a6 NOOP");
            assertThat(client.line()).isEqualTo("a6 OK done");
            client.send("a7 LOGOUT");
            assertThat(client.line()).isEqualTo("* BYE logging out");
            assertThat(client.line()).isEqualTo("a7 OK done");
            assertThat(client.line()).isNull();
        }
        server.verify();
    }

    @Test
    void letsTheScriptGoBeforeItsOwnAnswers() throws IOException {
        server.expect("LOGIN u p").reply("NO [AUTHENTICATIONFAILED] no");

        try (var client = new Client(server)) {
            client.send("a1 LOGIN u p");

            assertThat(client.line()).isEqualTo("a1 NO [AUTHENTICATIONFAILED] no");
        }
    }

    @Test
    void takesTheLineAfterAContinuationRequestAsPartOfThatCommand() throws IOException {
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK idle is over");

        try (var client = new Client(server)) {
            client.send("a1 IDLE");
            assertThat(client.line()).isEqualTo("+ idling");
            server.push("* 4 EXISTS");
            assertThat(client.line()).isEqualTo("* 4 EXISTS");
            client.send("DONE");
            assertThat(client.line()).isEqualTo("a1 OK idle is over");
        }
    }

    @Test
    void answersWhenTheTestLetsIt() throws IOException {
        var now = new CountDownLatch(1);
        server.expect("X").await(now).reply("OK done");

        try (var client = new Client(server)) {
            client.send("a1 X");
            client.socket.setSoTimeout(50);
            assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
            client.socket.setSoTimeout(0);

            now.countDown();

            assertThat(client.line()).isEqualTo("a1 OK done");
        }
    }

    @Test
    void dropsResetsAndSaysBye() throws Exception {
        server.expect("DROP").drop();
        server.expect("RESET").reset();
        server.expect("BYE").bye("[UNAVAILABLE] later");

        try (var client = new Client(server)) {
            client.send("a1 DROP");
            assertThat(client.line()).isNull();
        }
        try (var client = new Client(server)) {
            client.send("a1 RESET");
            assertThatThrownBy(client::line)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        try (var client = new Client(server)) {
            client.send("a1 BYE");
            assertThat(client.line()).isEqualTo("* BYE [UNAVAILABLE] later");
            assertThat(client.line()).isNull();
        }
        server.awaitEnd(3);
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void answersNothingAfterAStall() throws IOException {
        server.expect("X").reply("* 1 EXISTS").stall();

        try (var client = new Client(server)) {
            client.send("a1 X");
            assertThat(client.line()).isEqualTo("* 1 EXISTS");

            client.send("a2 NOOP");

            client.socket.setSoTimeout(50);
            assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
        }
        server.verify();
    }

    @Test
    void sharesOneDialogueAmongConnections() throws IOException {
        server.expect("X").drop();
        server.expect("X").reply("OK second");

        try (var first = new Client(server);
                var second = new Client(server)) {
            first.send("a1 X");
            assertThat(first.line()).isNull();
            second.send("a1 X");
            assertThat(second.line()).isEqualTo("a1 OK second");
        }
        server.verify();
    }

    @Test
    void followsADialogueOfItsOwnOnAConnectionThatHasOne() throws IOException {
        server.connection(1).expect("X").reply("OK first");
        server.connection(2).expect("X").reply("OK second");

        try (var first = new Client(server);
                var second = new Client(server)) {
            second.send("a1 X");
            assertThat(second.line()).isEqualTo("a1 OK second");
            first.send("a1 X");
            assertThat(first.line()).isEqualTo("a1 OK first");
        }
        server.verify();
    }

    @Test
    void failsOnACommandThatIsNotExpected() throws IOException {
        server.expect("UID FETCH 1 FLAGS");

        try (var client = new Client(server)) {
            client.send("a1 UID FETCH 2 FLAGS");
            assertThat(client.line()).isEqualTo("a1 BAD not in the script");
        }

        assertThatThrownBy(server::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected: UID FETCH 1 FLAGS")
                .hasMessageContaining("but received: UID FETCH 2 FLAGS");
    }

    @Test
    void failsWhenAnExpectedCommandNeverCame() {
        server.connection(2).expectMatching("UID SEARCH .*");

        assertThatThrownBy(() -> server.verify(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "connection 2: expected, but never received: /UID SEARCH .*/");
    }

    @Test
    void recordsAllCommands() throws IOException {
        server.expectMatching("UID SEARCH SINCE .*");

        try (var client = new Client(server)) {
            client.send("a1 NOOP");
            client.line();
            client.send("a2 UID SEARCH SINCE 1-Jan-2026");
            client.line();
        }

        assertThat(server.commands()).containsExactly("NOOP", "UID SEARCH SINCE 1-Jan-2026");
    }

    private static final class Client implements AutoCloseable {

        final Socket socket;
        final BufferedReader in;
        final @Nullable String greeting;

        Client(ScriptedImapServer server) throws IOException {
            socket = new Socket(server.host(), server.port());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            greeting = in.readLine();
        }

        void send(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
        }

        @Nullable String line() throws IOException {
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
