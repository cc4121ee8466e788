package postern.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.testserver.ScriptedImapServer;

@Timeout(30)
class BareImapTest {

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private BareImap imap;

    @BeforeEach
    void logIn() throws IOException {
        imap =
                BareImap.inbox(
                        new InetSocketAddress(server.host(), server.port()), new Login("u1", "pw"));
    }

    @AfterEach
    void close() throws IOException {
        imap.close();
        server.close();
    }

    @Test
    void dropsLiteralsThatLookLikeCompletions() throws IOException {
        var literal = "b3 OK not yet\r\n".repeat(20_000);
        server.expect("FETCH 1 BODY[]")
                .reply("* 1 FETCH (BODY[] {" + literal.length() + "}")
                .octets(literal)
                .reply("b3 OK (not this either) {3}")
                .octets("abc")
                .reply(")", "OK done");
        server.expect("FETCH 2 FLAGS").reply("* 2 FETCH (FLAGS ())", "OK done");

        assertThat(imap.command("FETCH 1 BODY[]")).isGreaterThan(literal.length());
        assertThat(imap.command("FETCH 2 FLAGS"))
                .isEqualTo("* 2 FETCH (FLAGS ())\r\nb4 OK done\r\n".length());
    }

    @Test
    void takesLinesLongerThanItsBuffer() throws IOException {
        server.expect("FETCH 1 ENVELOPE")
                .reply("* 1 FETCH (" + "x".repeat(300_000) + ")", "OK done");

        assertThat(imap.command("FETCH 1 ENVELOPE")).isGreaterThan(300_000);
    }

    @Test
    void refusesToMeasureWhatTheServerRefused() {
        server.expect("FETCH 1 NONSENSE").reply("BAD no such item");

        assertThatThrownBy(() -> imap.command("FETCH 1 NONSENSE"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("BAD no such item");
    }
}
