package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.BulkChange;
import postern.imap.ImapException.ConnectionLimit;
import postern.imap.ImapException.ConnectionLost;
import postern.imap.ImapException.OutcomeUnknown;
import postern.imap.ImapException.ServerUnavailable;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.MessageToAppend;
import postern.imap.message.UidSet;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/**
 * Changes that may have been made when a connection ends are distinguished from those that were
 * certainly not.
 */
class UnfinishedChangesTest {

    private static final MailboxName ARCHIVE = MailboxName.of("Archive");
    private static final UidSet THREE = UidSet.of(3);

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    @Quirk(
            does = "closes the connection when it has the last octet of a message to store",
            answer = "`outcome-unknown`, not retryable")
    void aMessageThatWasSentWholeMayBeStored() {
        server.expect("APPEND \"INBOX\" {5+}\r\nhello").drop();

        assertThatThrownBy(() -> append("hello", 5)).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does = "ends a session with BYE when another client renames the mailbox",
            answer = "`outcome-unknown` for what was under way, not retryable")
    void aMessageThatWasSentWholeMayBeStoredBeforeABye() {
        server.expect("APPEND \"INBOX\" {5+}\r\nhello")
                .bye("IMAP session state is inconsistent, please relogin.");

        assertThatThrownBy(() -> append("hello", 5)).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void anAnswerThatCannotBeReadLeavesItOpen() {
        server.expect("APPEND \"INBOX\" {5+}\r\nhello").octets("P7 MAYBE stored\r\n");

        assertThatThrownBy(() -> append("hello", 5)).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void aMessageThatWasRefusedIsNotStored() {
        server.expect("APPEND \"INBOX\" {5+}\r\nhello").reply("NO [UNAVAILABLE] try later");

        assertThatThrownBy(() -> append("hello", 5)).isInstanceOf(ServerUnavailable.class);
    }

    @Test
    void aMessageOfWhichTheServerWantedNothingIsNotStored() {
        server.capabilities("IMAP4rev1");
        server.expect("APPEND \"INBOX\" {5}").drop();

        assertThatThrownBy(() -> append("hello", 5)).isInstanceOf(ConnectionLost.class);
    }

    @Test
    void ofSeveralMessagesThoseThatWereSentMayBeStored() {
        server.capabilities("IMAP4rev1");
        server.expect("APPEND \"INBOX\" {3}\r\none").reply("OK");
        server.expect("APPEND \"INBOX\" {3}\r\ntwo").drop();

        try (var connection = connect()) {
            var outcomes =
                    connection.append(
                            MailboxName.INBOX,
                            List.of(message("one"), message("two"), message("six")));

            assertThat(outcomes.get(0)).isInstanceOf(AppendOutcome.Stored.class);
            assertThat(outcomes.get(1))
                    .isInstanceOfSatisfying(
                            AppendOutcome.Unknown.class,
                            it -> assertThat(it.why()).isInstanceOf(OutcomeUnknown.class));
            assertThat(outcomes.get(2)).isInstanceOf(AppendOutcome.NotStored.class);
        }
    }

    @Test
    void everyChangeThatWasSentMayHaveBeenDone() {
        server.expect("UID COPY 3 \"Archive\"").drop();
        assertThatThrownBy(() -> inbox().copy(THREE, ARCHIVE)).isInstanceOf(OutcomeUnknown.class);

        server.expect("UID STORE 3 +FLAGS.SILENT (\\Seen)").reply("OK");
        server.expectMatching("UID FETCH 3 .*").drop();
        assertThatThrownBy(() -> inbox().store(THREE, FlagChange.add(Flag.SEEN)))
                .isInstanceOf(OutcomeUnknown.class);

        server.expect("CREATE \"Archive\"").drop();
        assertThatThrownBy(() -> connect().create(ARCHIVE)).isInstanceOf(OutcomeUnknown.class);

        server.expect("RENAME \"Archive\" \"Old\"").drop();
        assertThatThrownBy(() -> connect().rename(ARCHIVE, MailboxName.of("Old")))
                .isInstanceOf(OutcomeUnknown.class);

        server.expect("DELETE \"Archive\"").drop();
        assertThatThrownBy(() -> connect().delete(ARCHIVE)).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void whatWasRefusedWasNotDone() {
        server.expect("UID COPY 3 \"Archive\"").reply("NO [LIMIT] too fast");

        assertThatThrownBy(() -> inbox().copy(THREE, ARCHIVE)).isInstanceOf(ConnectionLimit.class);
    }

    @Test
    void whatOnlyReadsChangesNothing() {
        server.expect("UID FETCH 3 (UID FLAGS)").drop();

        var flags = FetchItems.of(FetchItem.FLAGS);
        assertThatThrownBy(() -> inbox().fetch(THREE, flags)).isInstanceOf(ConnectionLost.class);
    }

    @Test
    void aCopyThatCouldNotBeFollowedByAnExpungeIsNoMoveThatNeverWas() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 9 3 70] done").drop();

        assertThatThrownBy(() -> inbox().move(THREE, ARCHIVE)).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void ofABatchNothingIsUnknownThatWasNotSent() {
        server.expect("NOOP").drop();

        var fates = inbox().apply(UidSet.of(99), new BulkChange.Store(FlagChange.add(Flag.SEEN)));

        assertThat(fates).singleElement().isInstanceOf(MessageOutcome.Refused.class);
    }

    private void append(String message, int octets) {
        try (var connection = connect()) {
            connection.append(
                    MailboxName.INBOX,
                    Set.of(),
                    null,
                    new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
                    octets);
        }
    }

    private static MessageToAppend message(String text) {
        return new MessageToAppend(
                Set.of(),
                null,
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                text.length());
    }

    private SelectedMailbox inbox() {
        return connect().select(MailboxName.INBOX, Access.READ_WRITE);
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "anna", "pw"));
    }
}
