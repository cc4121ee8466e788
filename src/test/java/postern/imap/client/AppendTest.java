package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.Appended;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.client.connect.Connectors;
import postern.imap.message.Flag;
import postern.imap.message.MessageToAppend;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;

/** How a message is uploaded, and what ends the upload early. */
class AppendTest {

    private static final int MUCH = 200_000_000;

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tellsWhereTheMessageIs() {
        server.expect("APPEND \"INBOX\" ($x \\Seen) \"01-Mar-2026 09:34:56 +0000\" {5+}\r\nhello")
                .reply("OK [APPENDUID 7 21] done");

        try (var connection = connect()) {
            var appended =
                    connection.append(
                            MailboxName.INBOX,
                            Set.of(Flag.SEEN, new Flag("$x")),
                            Instant.parse("2026-03-01T09:34:56Z"),
                            octets("hello"),
                            5);

            assertThat(appended.message()).isEqualTo(SomeAccount.message(MailboxName.INBOX, 7, 21));
        }
    }

    /** RFC 9051 has years of four digits; Dovecot stores the year 0 as 2038. */
    @ParameterizedTest
    @ValueSource(strings = {"+999999-01-01T00:00:00Z", "0000-12-31T23:59:59Z"})
    void sendsNoYearThatImapHasNot(String time) {
        try (var connection = connect()) {
            assertThatThrownBy(() ->
                            connection.append(
                                    MailboxName.INBOX,
                                    Set.of(),
                                    Instant.parse(time),
                                    octets("hello"),
                                    5))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(connection.usable()).isTrue();
        }
    }

    @Test
    void replacesInOneStep() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "REPLACE");
        server.expect("UID REPLACE 7 \"INBOX\" (\\Draft) {5+}\r\nhello")
                .reply("* OK [APPENDUID 1 21] stored", "* 11 EXISTS", "* 7 EXPUNGE", "OK done");

        try (var connection = connect();
                var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var appended = inbox.replace(7, Set.of(Flag.DRAFT), null, octets("hello"), 5);

            assertThat(appended.message()).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 21));
            assertThat(inbox.state().messages()).isEqualTo(10);
        }
    }

    @Test
    void appendsNothingWhenTheMessageEndsEarly() throws InterruptedException {
        try (var connection = connect()) {
            assertThatThrownBy(() -> append(connection, octets("hell"), 5))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(EOFException.class);

            assertThat(connection.usable()).isFalse();
        }
        server.awaitEnd(1);
        assertThat(server.commands()).noneMatch(command -> command.startsWith("APPEND"));
    }

    /** Where the machine is slower than the server may be, a longer time decides. */
    @Test
    void waitsForTheMessageLongerThanForTheServer() {
        assertThat(Stream.of(500, 5_000, 20_000)).anyMatch(AppendTest::waitsLongerThan);
    }

    private static boolean waitsLongerThan(int milliseconds) {
        var server = ScriptedImapServer.start();
        server.expect("APPEND \"INBOX\" {2+}\r\nhi").reply("OK done");
        try (var connection = connect(server, Duration.ofMillis(milliseconds))) {
            append(connection, slowly("hi", Duration.ofMillis(milliseconds + 200)), 2);
            return connection.usable();
        } catch (ImapException.ServerTimedOut | ImapException.OutcomeUnknown _) {
            return false;
        } finally {
            server.stop();
        }
    }

    @Test
    void givesUpAServerThatNeitherTakesNorRefuses() {
        server.expect("APPEND \"INBOX\" {2+}\r\nhi").stall();

        try (var connection = connect(server, Duration.ofSeconds(2))) {
            assertThatThrownBy(() -> append(connection, octets("hi"), 2))
                    .isInstanceOf(ImapException.OutcomeUnknown.class)
                    .hasCauseInstanceOf(ImapException.ServerTimedOut.class);
        }
    }

    @Test
    void stopsSendingWhenTheServerRefusesMeanwhile() {
        try (var connection = connect()) {
            var endless = new Endless(() -> server.push("P1 NO [OVERQUOTA] full"));

            assertThatThrownBy(() -> append(connection, endless, MUCH))
                    .isInstanceOf(ImapException.OverQuota.class);

            assertThat(endless.given).isLessThan(MUCH);
            assertThat(connection.usable()).isFalse();
        }
    }

    @Test
    void readsNothingOfAMessageThatIsRefusedAtOnce() {
        server.capabilities("IMAP4rev1");
        server.expect("APPEND \"INBOX\" {5}").reply("NO [TOOBIG] too big");

        try (var connection = connect()) {
            var message = octets("hello");

            assertThatThrownBy(() -> append(connection, message, 5))
                    .isInstanceOf(ImapException.MessageTooBig.class);

            assertThat(message.available()).isEqualTo(5);
            assertThat(connection.usable()).isTrue();
        }
    }

    @Test
    void asksForTheLimitOnlyWhereItDiffers() {
        server.capabilities("IMAP4rev1", "APPENDLIMIT=1000");
        try (var connection = connect()) {
            assertThat(connection.appendLimit(MailboxName.INBOX)).hasValue(1_000);
        }

        server.capabilities("IMAP4rev1", "APPENDLIMIT");
        server.expect("STATUS \"INBOX\" (APPENDLIMIT)")
                .reply("* STATUS \"INBOX\" (APPENDLIMIT 2000)", "OK");
        server.expect("STATUS \"INBOX\" (APPENDLIMIT)")
                .reply("* STATUS INBOX (APPENDLIMIT NIL)", "OK");
        try (var connection = connect()) {
            assertThat(connection.appendLimit(MailboxName.INBOX)).hasValue(2_000);
            assertThat(connection.appendLimit(MailboxName.INBOX)).isEmpty();
        }
    }

    @Test
    void sendsManyWithoutWaitingForAnyAndTellsOfEach() {
        var last = new CountDownLatch(1);
        server.expect("APPEND \"INBOX\" {3+}\r\none").await(last).reply("OK [APPENDUID 7 21] done");
        server.expect("APPEND \"INBOX\" {3+}\r\ntwo").reply("NO [OVERQUOTA] full");
        server.expect("APPEND \"INBOX\" (\\Seen) {3+}\r\nsix").reply("OK done");

        try (var connection = connect()) {
            var outcomes =
                    connection.append(
                            MailboxName.INBOX,
                            List.of(
                                    message(octets("one"), 3),
                                    message(octets("two"), 3),
                                    new MessageToAppend(
                                            Set.of(Flag.SEEN), null, telling("six", last), 3)));

            assertThat(outcomes)
                    .satisfiesExactly(
                            it ->
                                    assertThat(it)
                                            .isEqualTo(
                                                    new AppendOutcome.Stored(
                                                            new Appended(
                                                                    SomeAccount.message(
                                                                            MailboxName.INBOX,
                                                                            7,
                                                                            21)))),
                            it ->
                                    assertThat(it)
                                            .isInstanceOfSatisfying(
                                                    AppendOutcome.NotStored.class,
                                                    no ->
                                                            assertThat(no.why())
                                                                    .isInstanceOf(
                                                                            ImapException.OverQuota
                                                                                    .class)),
                            it ->
                                    assertThat(it)
                                            .isEqualTo(
                                                    new AppendOutcome.Stored(new Appended(null))));
            assertThat(connection.usable()).isTrue();
        }
    }

    @Test
    void knowsNothingOfAMessageThatWasSentWhenTheConnectionWasLost() {
        server.expect("APPEND \"INBOX\" {3+}\r\none").reply("OK done");
        server.expect("APPEND \"INBOX\" {3+}\r\ntwo").drop();

        try (var connection = connect()) {
            var outcomes =
                    connection.append(
                            MailboxName.INBOX,
                            List.of(message(octets("one"), 3), message(octets("two"), 3)));

            assertThat(outcomes.get(0)).isInstanceOf(AppendOutcome.Stored.class);
            assertThat(outcomes.get(1)).isInstanceOf(AppendOutcome.Unknown.class);
            assertThat(connection.usable()).isFalse();
        }
    }

    @Test
    void knowsThatAMessageIsNotStoredOfWhichTheServerHadNotAll() {
        server.capabilities("IMAP4rev1");
        server.expect("APPEND \"INBOX\" {3}\r\none").reply("OK done");
        server.expect("APPEND \"INBOX\" {3}").drop();

        try (var connection = connect()) {
            var outcomes =
                    connection.append(
                            MailboxName.INBOX,
                            List.of(
                                    message(octets("one"), 3),
                                    message(octets("two"), 3),
                                    message(octets("six"), 3)));

            assertThat(outcomes.get(0)).isInstanceOf(AppendOutcome.Stored.class);
            assertThat(outcomes.subList(1, 3))
                    .allSatisfy(it ->
                            assertThat(it)
                                    .isInstanceOfSatisfying(
                                            AppendOutcome.NotStored.class,
                                            no ->
                                                    assertThat(no.why())
                                                            .isInstanceOf(
                                                                    ImapException.ConnectionLost
                                                                            .class)));
        }
    }

    private static MessageToAppend message(InputStream content, int octets) {
        return new MessageToAppend(Set.of(), null, content, octets);
    }

    /** A stream that counts the latch down when it is read. */
    private static InputStream telling(String text, CountDownLatch read) {
        return new FilterInputStream(octets(text)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                read.countDown();
                return super.read(target, offset, length);
            }
        };
    }

    @Test
    void opensForWritingWhatACourierWouldNotAppendTo() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        server.expect("EXAMINE \"INBOX\"")
                .reply("* 0 EXISTS", "* OK [UIDVALIDITY 1] x", "OK [READ-ONLY] done");
        server.expect("SELECT \"INBOX\"")
                .reply("* 0 EXISTS", "* OK [UIDVALIDITY 1] x", "OK [READ-WRITE] done");
        server.expect("APPEND \"INBOX\" {2}\r\nhi").reply("OK done");
        server.expect("APPEND \"Sent\" {2}\r\nhi").reply("OK done");

        try (var connection = connect()) {
            connection.select(MailboxName.INBOX, Access.READ_ONLY);
            append(connection, octets("hi"), 2);
            connection.append(MailboxName.of("Sent"), Set.of(), null, octets("hi"), 2);
        }
    }

    private static void append(PoolableConnection connection, InputStream message, int length) {
        connection.append(MailboxName.INBOX, Set.of(), null, message, length);
    }

    private static ByteArrayInputStream octets(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A stream that delivers its octets after this time. */
    private static InputStream slowly(String text, Duration time) {
        var octets = octets(text);
        return new InputStream() {
            @Override
            public int read() {
                return octets.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    new java.util.concurrent.CountDownLatch(1)
                            .await(time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return octets.read(target, offset, length);
            }
        };
    }

    /** An endless stream; runs an action at its second read. */
    private static final class Endless extends InputStream {
        private final Runnable meanwhile;
        private long given;
        private int reads;

        Endless(Runnable meanwhile) {
            this.meanwhile = meanwhile;
        }

        @Override
        public int read() {
            return 'x';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (++reads == 2) {
                meanwhile.run();
            }
            given += length;
            return length;
        }
    }

    private PoolableConnection connect() {
        return connect(server, Duration.ofSeconds(60));
    }

    private static PoolableConnection connect(ScriptedImapServer server, Duration commandTimeout) {
        return Connectors.connectorWithCommandTimeout(commandTimeout)
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }
}
