package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.client.connect.Connectors;
import postern.imap.message.MessageToAppend;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/** Servers that announce non-synchronizing literals, but read their octets as commands. */
@Timeout(30)
class RefusedLiteralsTest {

    private static final SearchTerm UMLAUT = new SearchTerm.Subject("\u00fc");
    private static final String AT_ONCE = "UID SEARCH CHARSET UTF-8 SUBJECT {2+}\r\n\u00fc";
    private static final String APPEND = "APPEND \"INBOX\" {5+}\r\nhello";

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final ImapConnector connector = Connectors.connector();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    @Quirk(
            does = "announces LITERAL+ or LITERAL- and answers BAD to such a literal",
            answer =
                    "sent once more on a fresh connection, with literals that wait, and so for ten minutes")
    void aSearchThatIsReadAsCommandsEndsTheConnectionAndIsSentInAnotherWayOnTheNext() {
        server.capabilities("IMAP4rev1", "LITERAL+", "LITERAL-");
        server.expect(AT_ONCE).reply("BAD no literal", "* BAD what is that");
        server.expect(AT_ONCE.replace("+", "")).reply("* SEARCH 3", "OK");

        try (var first = connect();
                var inbox = first.select(MailboxName.INBOX, Access.READ_ONLY)) {
            refusesTheLiteral(() -> inbox.search(UMLAUT));
            assertThat(first.usable()).isFalse();
        }
        try (var second = connect();
                var inbox = second.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThat(inbox.search(UMLAUT)).isEqualTo(UidSet.of(3));
        }
    }

    @Test
    void anotherTagInTheAnswerIsTheLiteralReadAsACommand() {
        server.expect(APPEND).reply("BAD no literal", "hello BAD Missing command");

        try (var connection = connect()) {
            refusesTheLiteral(() -> append(connection));
        }
        try (var connection = connect()) {
            assertThat(connection.capabilities().literalPlus()).isFalse();
        }
    }

    @Test
    void aBadForAnotherReasonCostsNothing() {
        server.expect(AT_ONCE).reply("BAD no such key");
        server.expect(APPEND).reply("OK [APPENDUID 1 7] done");

        try (var connection = connect();
                var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThatThrownBy(() -> inbox.search(UMLAUT))
                    .isInstanceOf(ImapException.NotPossible.class);
            append(connection);
            assertThat(connection.capabilities().literalPlus()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAD Invalid date", "NO [CANNOT] not this one"})
    void aLiteralReadAsCommandsEndsTheConnectionAlsoAfterOthersWereTaken(String refusal) {
        server.expect(APPEND).reply("OK [APPENDUID 1 7] done");
        server.expect(APPEND).reply(refusal, "hello BAD Missing command");

        try (var connection = connect()) {
            append(connection);
            assertThatThrownBy(() -> append(connection)).isInstanceOf(ImapException.class);

            assertThat(connection.usable()).isFalse();
        }
        try (var connection = connect()) {
            assertThat(connection.capabilities().literalPlus()).isTrue();
        }
    }

    @Test
    void aMessageOfSeveralThatWasReadAsCommandsIsNotStored() {
        server.expect(APPEND).reply("BAD no literal", "hello BAD what");

        try (var connection = connect()) {
            var hello = "hello".getBytes(StandardCharsets.US_ASCII);
            var message = new MessageToAppend(Set.of(), null, new ByteArrayInputStream(hello), 5);

            var outcomes = connection.append(MailboxName.INBOX, List.of(message));

            // an import then retries it on another connection
            assertThat(outcomes)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            AppendOutcome.NotStored.class,
                            it ->
                                    assertThat(it.why())
                                            .isInstanceOf(ImapException.ConnectionLost.class));
            assertThat(connection.capabilities().literalPlus()).isFalse();
        }
    }

    private static void refusesTheLiteral(Runnable command) {
        assertThatThrownBy(command::run)
                .isInstanceOfSatisfying(
                        ImapException.ConnectionLost.class,
                        lost -> assertThat(lost.literalRefused()).isTrue());
    }

    private static void append(PoolableConnection connection) {
        var message = new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII));
        connection.append(MailboxName.INBOX, Set.of(), null, message, 5);
    }

    private PoolableConnection connect() {
        return connector.connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }
}
