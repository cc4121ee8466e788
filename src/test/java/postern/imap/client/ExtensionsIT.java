package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.Grant;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.MailboxName;
import postern.imap.Rights;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.ThreadedUids;
import postern.imap.message.UidSet;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/** Optional extensions, against all servers that have them. */
@SuppressWarnings("NullAway.Init") // each test connects first
class ExtensionsIT {

    private static final FetchItems FLAGS = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    private Account account;
    private ImapConnection connection;

    @AfterEach
    void disconnect() {
        connection.close();
    }

    /** Fails when a server gains an extension, which must then be tested below. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void areOfferedWhereTheyAreTested(TestServer server) {
        connect(server);

        var capabilities = connection.capabilities();
        boolean rich = server != InMemoryServer.GREENMAIL && server != RealServer.COURIER;
        assertThat(capabilities)
                .returns(rich, Capabilities::condStore)
                .returns(rich, Capabilities::binary)
                .returns(rich, Capabilities::threadRefs)
                .returns(server instanceof RealServer, Capabilities::acl);
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, mode = EnumSource.Mode.EXCLUDE, names = "COURIER")
    void storesOnlyWhenUnchangedSince(RealServer server) {
        connect(server);
        long uid = append("Subject: conditional\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var before = inbox.fetch(uid, FLAGS);
            long then = Objects.requireNonNull(before.modSeq());
            var uids = UidSet.of(uid);
            inbox.store(uids, FlagChange.add(Flag.FLAGGED), then);

            assertThatThrownBy(() -> inbox.store(uids, FlagChange.add(Flag.SEEN), then))
                    .isInstanceOf(ImapException.MessageModified.class);
            assertThatThrownBy(() ->
                            inbox.store(
                                    uids,
                                    new FlagChange(Set.of(Flag.SEEN), Set.of(Flag.FLAGGED)),
                                    then))
                    .isInstanceOf(ImapException.MessageModified.class);

            long now = Objects.requireNonNull(inbox.fetch(uid, FLAGS).modSeq());
            var after =
                    inbox.store(uids, new FlagChange(Set.of(Flag.SEEN), Set.of(Flag.FLAGGED)), now);
            assertThat(after.getFirst().flags()).contains(Flag.SEEN).doesNotContain(Flag.FLAGGED);
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, mode = EnumSource.Mode.EXCLUDE, names = "COURIER")
    void decodesOnTheServerWhereItCan(RealServer server) throws IOException {
        connect(server);
        var octets = new byte[200_001];
        new Random(8).nextBytes(octets);
        long uid = append(ImapContractIT.withAttachment(octets));
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThat(inbox.decodedSize(uid, "2")).hasValue(octets.length);
            try (var stream =
                    inbox.openDecoded(uid, SectionRange.first(Section.part("2"), Long.MAX_VALUE))) {
                assertThat(stream.readAllBytes()).isEqualTo(octets);
            }
            try (var stream =
                    inbox.openDecoded(uid, new SectionRange(Section.part("2"), 77_777, 333))) {
                assertThat(stream.readAllBytes())
                        .isEqualTo(Arrays.copyOfRange(octets, 77_777, 78_110));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, mode = EnumSource.Mode.EXCLUDE, names = "COURIER")
    void threadsByReferencesAlone(RealServer server) {
        connect(server);
        long root = append("Message-ID: <a@x>\r\nSubject: hello\r\n\r\ntext\r\n");
        long stray = append("Message-ID: <s@x>\r\nSubject: Re: hello\r\n\r\ntext\r\n");
        long reply =
                append(
                        "Message-ID: <b@x>\r\nSubject: Re: hello\r\nReferences: <a@x>\r\n\r\ntext\r\n");

        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var threads = inbox.thread();

            assertThat(threads.size()).isEqualTo(3);
            int answer = index(threads, reply);
            assertThat(threads.uid(threads.parent(answer))).isEqualTo(root);
            assertThat(threads.thread(answer)).isEqualTo(threads.thread(index(threads, root)));
            assertThat(threads.thread(index(threads, stray))).isNotEqualTo(threads.thread(answer));
        }
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void givesOthersRightsAndTakesThemBack(RealServer server) {
        connect(server);
        var other = server.newUser();
        var work = mailbox("Work");
        connection.create(work);
        var grant = new Grant(other, new Rights("lrs"));

        connection.setAcl(work, grant);
        assertThat(connection.acl(work)).contains(grant).hasSizeGreaterThan(1);
        connection.deleteAcl(work, other);
        assertThat(connection.acl(work)).extracting(Grant::identifier).doesNotContain(other);
        connection.deleteAcl(work, other);

        if (server != RealServer.COURIER) { // Courier accepts any letter
            assertThatThrownBy(() -> connection.setAcl(work, new Grant(other, new Rights("lz"))))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
        assertThatThrownBy(() -> connection.acl(mailbox("Nowhere")))
                .isInstanceOf(ImapException.MailboxNotFound.class);
        assertThatThrownBy(() -> connection.setAcl(mailbox("Nowhere"), grant))
                .isInstanceOf(ImapException.MailboxNotFound.class);
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, mode = EnumSource.Mode.EXCLUDE, names = "COURIER")
    void aSharedMailboxIsListedForTheOtherUserWithTheRightsGiven(RealServer server) {
        connect(server);
        var other = Connectors.account(server, server.newUser());
        var work = mailbox("Work");
        connection.create(work);
        Connectors.connector().connect(other).close(); // Cyrus creates a user at the first login

        connection.setAcl(work, new Grant(other.user(), new Rights("lrs")));

        try (var theirs = Connectors.connector().connect(other)) {
            var prefix = theirs.namespaces().otherUsers().getFirst().prefix();
            var shared = new MailboxName(prefix + account.user() + "/Work");
            var listed =
                    theirs.list(EnumSet.allOf(ListItem.class)).stream()
                            .filter(it -> it.name().equals(shared))
                            .findFirst()
                            .orElseThrow();
            assertThat(listed.rights()).isEqualTo(new Rights("lrs"));
            assertThat(listed.status()).isNotNull();
            assertThatThrownBy(() -> theirs.delete(shared))
                    .isInstanceOf(ImapException.PermissionDenied.class);
            assertThatThrownBy(() -> theirs.acl(shared))
                    .isInstanceOf(ImapException.PermissionDenied.class);
        }
    }

    private void connect(TestServer server) {
        account = Connectors.account(server, server.newUser());
        connection = Connectors.connector().connect(account);
    }

    private long append(String message) {
        var octets = message.getBytes(StandardCharsets.US_ASCII);
        var appended =
                connection.append(
                        MailboxName.INBOX,
                        Set.of(),
                        null,
                        new ByteArrayInputStream(octets),
                        octets.length);
        return Objects.requireNonNull(appended.message()).uid();
    }

    private static int index(ThreadedUids threads, long uid) {
        for (int i = 0; i < threads.size(); i++) {
            if (threads.uid(i) == uid) {
                return i;
            }
        }
        throw new AssertionError("no message " + uid);
    }

    private MailboxName mailbox(String name) {
        return MailboxName.of(connection.namespaces().personal().getFirst().prefix() + name);
    }
}
