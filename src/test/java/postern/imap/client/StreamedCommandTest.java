package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.client.connect.Connectors;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.SectionStream;
import postern.testserver.ScriptedImapServer;
import postern.testserver.ScriptedReply;

/** A command whose answer is streamed is counted once, when the stream has ended. */
@Timeout(30)
class StreamedCommandTest {

    private static final int LARGE = 4 * 1024 * 1024;

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void verify() {
        server.verify();
        server.close();
    }

    @Test
    void isOkWhenItsTaggedResponseHasCome() throws IOException {
        answer(3).octets("abc").reply(")", "OK done");

        try (var connection = connect();
                var stream = open(connection)) {
            assertThat(counts()).isEmpty();
            assertThat(stream.readAllBytes()).asString().isEqualTo("abc");
        }

        assertThat(counts()).isEqualTo(Map.of("ok", 1L));
        assertThat(meters.get("postern.imap.command").tag("outcome", "ok").timer())
                .satisfies(it -> assertThat(it.totalTime(TimeUnit.NANOSECONDS)).isPositive());
    }

    @Test
    void isLostWhenTheConnectionIsLostWithinTheLiteral() {
        answer(10).octets("abc").drop();

        try (var connection = connect();
                var stream = open(connection)) {
            assertThatThrownBy(stream::readAllBytes)
                    .isInstanceOf(ImapException.ConnectionLost.class);
        }

        assertThat(counts()).isEqualTo(Map.of("lost", 1L));
    }

    @Test
    void isLostWhenTheConnectionIsLostBeforeTheTaggedResponse() throws IOException {
        answer(3).octets("abc").reply(")").drop();

        try (var connection = connect();
                var stream = open(connection)) {
            assertThat(stream.readAllBytes()).asString().isEqualTo("abc");
        }

        assertThat(counts()).isEqualTo(Map.of("lost", 1L));
    }

    @Test
    void isBegunWhenItIsGivenUp() {
        answer(LARGE).octets("abc").stall();

        try (var connection = connect()) {
            open(connection).close();
        }

        assertThat(counts()).isEqualTo(Map.of("begun", 1L));
    }

    @Test
    void isOkWhenTheRestIsReadAfterItWasGivenUp() {
        answer(3).octets("abc").reply(")", "OK done");

        try (var connection = connect()) {
            open(connection).close();
            assertThat(connection.usable()).isTrue();
        }

        assertThat(counts()).isEqualTo(Map.of("ok", 1L));
    }

    private ScriptedReply answer(int octets) {
        return server.expect("UID FETCH 3 (UID BODY.PEEK[2])")
                .reply("* 3 FETCH (UID 3 BODY[2] {" + octets + "}");
    }

    private PoolableConnection connect() {
        return Connectors.connector(meters)
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }

    private static SectionStream open(PoolableConnection connection) {
        return connection
                .select(MailboxName.INBOX, Access.READ_ONLY)
                .open(3, SectionRange.first(Section.part("2"), Long.MAX_VALUE));
    }

    /** Of FETCH, by outcome. */
    private Map<String, Long> counts() {
        return meters.find("postern.imap.command").tag("command", "FETCH").timers().stream()
                .collect(
                        Collectors.toMap(
                                it -> String.valueOf(it.getId().getTag("outcome")), Timer::count));
    }
}
