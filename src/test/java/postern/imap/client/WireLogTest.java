package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.client.connect.Connectors;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.testserver.ScriptedImapServer;

/** What the log of the dialogue shows, and what it never shows. */
class WireLogTest {

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final Logger log = (Logger) LoggerFactory.getLogger("postern.imap.wire");
    private final ListAppender<ILoggingEvent> events =
            new ListAppender<>() {
                private final Thread here = Thread.currentThread();

                /** The gateways of other tests go on to watch their mailboxes. */
                @Override
                protected void append(ILoggingEvent event) {
                    if (Thread.currentThread() == here) {
                        super.append(event);
                    }
                }
            };
    private @Nullable Level before;

    @BeforeEach
    void listen() {
        before = log.getLevel();
        log.setLevel(Level.TRACE);
        log.addAppender(events);
        events.start();
    }

    @AfterEach
    void restore() {
        log.detachAppender(events);
        log.setLevel(before);
        server.close();
    }

    @Test
    void showsCommandsAndResponsesWithTheirOctets() throws Exception {
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH SUBJECT \"secret\"").reply("* SEARCH 1", "OK secret");
        server.expect("UID FETCH 1 (UID BODY.PEEK[1])")
                .reply("* 1 FETCH (UID 1 BODY[1] {6}\r\nsecret)", "OK");

        try (var connection = connect();
                var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            events.list.clear();
            inbox.search(new SearchTerm.Subject("secret"));
            try (var section =
                    inbox.open(1, SectionRange.first(Section.part("1"), Long.MAX_VALUE))) {
                section.readAllBytes();
            }
        }

        assertThat(lines())
                .containsSequence(
                        "sent: tag=P2 command=NOOP octets=4",
                        "sent: tag=P3 command=SEARCH octets=27",
                        "received: tag=P2 response=OK octets=5",
                        "received: tag=* response=SEARCH octets=10",
                        "received: tag=P3 response=OK octets=12",
                        "sent: tag=P4 command=FETCH octets=30",
                        "received: tag=* response=FETCH octets=28 literal=6",
                        "received: tag=P4 response=OK octets=5")
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void showsHowLongAMessageWas() {
        server.expect("APPEND \"secret\" {6+}\r\nsecret").reply("OK");

        try (var connection = connect()) {
            connection.append(
                    MailboxName.of("secret"),
                    Set.<Flag>of(),
                    null,
                    new ByteArrayInputStream("secret".getBytes(StandardCharsets.UTF_8)),
                    6);
        }

        assertThat(lines())
                .contains("sent: literal of command=APPEND octets=6")
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void showsNoWordThatOnlyTheServerKnows() {
        server.expectMatching("STATUS .*")
                .reply("* secret", "* 7 secret", "* NO secret", "NO [NOPERM] secret");

        try (var connection = connect()) {
            connection.status(MailboxName.of("secret"));
        } catch (ImapException _) {
            // the log is what counts
        }

        assertThat(lines())
                .contains("received: tag=* response=other octets=8")
                .contains("received: tag=* response=other octets=10")
                .contains("received: tag=* response=NO octets=11")
                .noneMatch(line -> line.contains("secret"));
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "secret", "secret"));
    }

    /** The lines without the number of the connection, which depends on other tests. */
    private List<String> lines() {
        return events.list.stream()
                .map(event -> event.getFormattedMessage().replaceFirst(" connection=\\d+", ""))
                .toList();
    }
}
