package postern.thread;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.message.metadata.EmailAddress;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Every account has a server of its own, so one gateway is tested with all of them. */
@OnGreenMail
@ParameterizedClass(name = "{0}")
@MethodSource("postern.testserver.TestServer#all")
class ThreadsIT {

    private static final MailboxId INBOX = MailboxId.of(MailboxName.INBOX);
    private static final ThreadFilter ALL = new ThreadFilter(null, null, null, null, null, null);

    @Parameter TestServer server;

    @Autowired private Threads threads;
    @Autowired private ImapConnections connections;

    private Account account;
    private MailboxName sent;
    private int minutes;

    @BeforeEach
    void logIn() {
        account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        server.newUser(),
                        new Password(server.password()));
        sent = create("Sent");
    }

    @Test
    void findsAConversationThatGoesToAndFroBetweenInboxAndSent() {
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        var b = append(sent, "b", "Re: Lunch", "me@x", "a");
        var c = append(MailboxName.INBOX, "c", "Re: Lunch", "ada@x", "a", "b");
        var stray = append(MailboxName.INBOX, "s", "Re: Lunch", "eve@x", "");
        var d = append(sent, "d", "AW: Lunch", "me@x", "b", "c");
        var e = append(MailboxName.INBOX, "e", "Re: Lunch", "bob@x", "a", "b", "c", "d");
        var f = append(sent, "f", "Re: Lunch", "me@x", "e");
        flag(e, Flag.FLAGGED);
        flag(b, Flag.SEEN);
        flag(d, Flag.SEEN);
        flag(f, Flag.SEEN);

        var items = list(ThreadScope.ACCOUNT, null, 10, ALL).items();

        assertThat(items).hasSize(2);
        var thread = items.getFirst();
        assertThat(thread.subject()).isEqualTo("Lunch");
        assertThat(thread.preview()).isEqualTo("text");
        assertThat(thread.totalMessages()).isEqualTo(6);
        assertThat(thread.unreadMessages()).isEqualTo(3);
        assertThat(thread.messageIds()).containsExactly(ids(a, b, c, d, e, f));
        assertThat(thread.participants())
                .extracting(EmailAddress::email)
                .containsExactly("ada@x", "me@x", "bob@x");
        assertThat(thread.keywords().all()).containsOnlyKeys("$flagged");
        assertThat(thread.mailboxIds()).containsExactly(INBOX, MailboxId.of(sent));
        assertThat(items.getLast().messageIds()).containsExactly(ids(stray));

        var read = threads.read(account, thread.id(), ThreadScope.ACCOUNT);

        assertThat(read.messages())
                .extracting(it -> it.message().id())
                .containsExactly(ids(a, b, c, d, e, f));
        assertThat(read.messages()).extracting(it -> it.message().preview()).containsOnly("text");
        assertThat(parents(read)).containsExactly(null, id(a), id(b), id(c), id(d), id(e));
        assertThat(read.totalMessages()).isEqualTo(6);
        assertThat(read.unreadMessages()).isEqualTo(3);
        assertThat(read.messages().getFirst().message().mailboxId()).isEqualTo(INBOX);
        assertThat(read.messages().get(1).message().mailboxId()).isEqualTo(MailboxId.of(sent));
    }

    @Test
    void findsTheHalfThatIsInOneMailbox() {
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        var b = append(sent, "b", "Re: Lunch", "me@x", "a");
        var c = append(MailboxName.INBOX, "c", "Re: Lunch", "ada@x", "a", "b");
        var stray = append(MailboxName.INBOX, "s", "Lunch", "eve@x", "");

        var items = list(ThreadScope.MAILBOX, null, 10, ALL).items();

        assertThat(items).hasSize(2);
        assertThat(items.getFirst().messageIds()).containsExactly(ids(stray));
        assertThat(items.getLast().messageIds()).containsExactly(ids(a, c));
        var read = threads.read(account, items.getLast().id(), null);
        if (knowsThreads()) { // the server's thread includes the other half
            assertThat(messages(read)).containsExactly(ids(a, b, c));
            assertThat(parents(read)).containsExactly(null, id(a), id(b));
        } else {
            assertThat(messages(read)).containsExactly(ids(a, c));
            assertThat(parents(read)).containsExactly(null, id(a));
        }
    }

    @Test
    void aListedThreadHasTheIdThatItsMessagesTell() {
        append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        append(sent, "b", "Re: Lunch", "me@x", "a");

        for (var scope : ThreadScope.values()) {
            var thread = list(scope, null, 10, ALL).items().getFirst();
            var told =
                    threads.read(account, thread.id(), null).messages().stream()
                            .<@Nullable ThreadId>map(it -> it.message().threadId());

            if (knowsThreads()) {
                assertThat(told).containsExactly(thread.id(), thread.id());
            } else {
                assertThat(told).containsOnlyNulls();
            }
        }
    }

    /** Only Cyrus has thread ids. */
    private boolean knowsThreads() {
        return server == RealServer.CYRUS;
    }

    @Test
    void pagesStayTogetherWhateverComesMeanwhile() {
        for (int i = 1; i <= 5; i++) {
            append(MailboxName.INBOX, "m" + i, "subject " + i, "ada@x", "");
        }
        for (var scope : ThreadScope.values()) {
            var first = list(scope, null, 2, ALL);
            append(MailboxName.INBOX, "new-" + scope, "new", "ada@x", "");
            append(MailboxName.INBOX, "re2-" + scope, "Re: subject 2", "ada@x", "m2");
            append(MailboxName.INBOX, "re5-" + scope, "Re: subject 5", "ada@x", "m5");

            var subjects = subjects(first);
            var seen = new ArrayList<>(subjects);
            for (var at = first.nextCursor(); at != null; ) {
                var page = list(scope, at, 2, ALL);
                seen.addAll(subjects(page));
                at = page.nextCursor();
            }

            assertThat(seen)
                    .filteredOn(it -> it != null && it.startsWith("subject"))
                    .containsExactlyInAnyOrder(
                            "subject 5", "subject 4", "subject 3", "subject 2", "subject 1");
            assertThat(subjects(list(scope, null, 3, ALL)))
                    .containsExactly("subject 5", "subject 2", "new");
        }
    }

    @Test
    void anIdStaysGoodWhenMessagesJoinAndWhenTheOldestGoes() {
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        var b = append(MailboxName.INBOX, "b", "Re: Lunch", "ada@x", "a");
        var id = list(ThreadScope.MAILBOX, null, 10, ALL).items().getFirst().id();

        var c = append(MailboxName.INBOX, "c", "Re: Lunch", "ada@x", "a", "b");
        assertThat(list(ThreadScope.MAILBOX, null, 10, ALL).items().getFirst().id()).isEqualTo(id);
        assertThat(messages(id, null)).containsExactly(ids(a, b, c));
        expunge(a);
        assertThat(messages(id, null)).containsExactly(ids(b, c));
        assertThat(messages(id, ThreadScope.ACCOUNT)).containsExactly(ids(b, c));

        expunge(b);
        expunge(c);
        for (var scope : new @Nullable ThreadScope[] {null, ThreadScope.ACCOUNT}) {
            assertThatThrownBy(() -> messages(id, scope))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            it -> assertThat(it.code()).isEqualTo(ProblemCode.THREAD_NOT_FOUND));
        }
    }

    @Test
    void findsAThreadThatWasFiledElsewhereThroughItsMessageId() {
        var archive = create("Work");
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        append(MailboxName.INBOX, "b", "Re: Lunch", "ada@x", "a");
        var id = list(ThreadScope.MAILBOX, null, 10, ALL).items().getFirst().id();

        try (var inbox =
                connections.select(
                        account, MailboxName.INBOX, Access.READ_WRITE, Lane.INTERACTIVE)) {
            inbox.move(UidSet.range(a.uid(), a.uid() + 1), archive);
        }

        assertThat(threads.read(account, id, ThreadScope.ACCOUNT).messages())
                .extracting(it -> it.message().mailboxId())
                .containsExactly(MailboxId.of(archive), MailboxId.of(archive));
        assertThat(list(ThreadScope.ACCOUNT, null, 10, ALL).items()).isEmpty();
    }

    @Test
    void opensAThreadThatIsListedInTheTrash() {
        var trash = create("Trash");
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        var b = append(trash, "b", "Re: Lunch", "bob@x", "a");

        for (var scope : ThreadScope.values()) {
            var query = new ThreadQuery(10, scope, ALL);
            var id =
                    threads.list(account, MailboxId.of(trash), null, query).items().getFirst().id();

            assertThat(messages(id, null)).containsExactly(id(b));
            assertThat(messages(id, ThreadScope.ACCOUNT)).containsExactly(ids(a, b));
        }
    }

    @Test
    void aMessageThatIsInTwoMailboxesCountsOnce() {
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        var copy = append(sent, "a", "Lunch", "ada@x", "");

        var thread = list(ThreadScope.ACCOUNT, null, 10, ALL).items().getFirst();
        var read = threads.read(account, thread.id(), ThreadScope.ACCOUNT);

        assertThat(thread.totalMessages()).isEqualTo(1);
        assertThat(read.messages()).hasSize(1);
        assertThat(read.messages().getFirst().message().id()).isEqualTo(id(a));
        assertThat(read.messages().getFirst().copies()).containsExactly(id(copy));
    }

    @Test
    void filtersByWhatItsMessagesAreLike() {
        var a = append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        append(MailboxName.INBOX, "b", "Re: Lunch", "bob@x", "a");
        var c = append(MailboxName.INBOX, "c", "Dinner", "eve@x", "");
        flag(c, Flag.SEEN);
        flag(a, Flag.FLAGGED);

        assertThat(filtered(new ThreadFilter(true, null, null, null, null, null)))
                .containsExactly("Lunch");
        assertThat(filtered(new ThreadFilter(false, null, null, null, null, null)))
                .containsExactly("Dinner");
        assertThat(filtered(new ThreadFilter(null, true, null, null, null, null)))
                .containsExactly("Lunch");
        assertThat(filtered(new ThreadFilter(null, false, null, null, null, null)))
                .containsExactly("Dinner");
        assertThat(filtered(new ThreadFilter(null, null, "bob@x", null, null, null)))
                .containsExactly("Lunch");
        assertThat(filtered(new ThreadFilter(null, null, "eve@x", null, "Lunch", null))).isEmpty();
        assertThat(filtered(ALL)).containsExactly("Dinner", "Lunch");
    }

    @Test
    void saysThatTheMailboxWasNumberedAnew() {
        append(MailboxName.INBOX, "a", "Lunch", "ada@x", "");
        var ref = new MessageRef(MailboxName.INBOX, 12_345, 1, AccountTag.of(account));

        for (var scope : ThreadScope.values()) {
            assertThatThrownBy(() -> threads.read(account, ThreadId.of(ref, 1), scope))
                    .isInstanceOf(ImapException.MailboxReset.class);
            assertThatThrownBy(() -> list(scope, Cursor.of('t', 12_345, 1, 1), 5, ALL))
                    .isInstanceOf(ImapException.MailboxReset.class);
        }
    }

    @Test
    void standsHostileHeaders() {
        var chain = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            chain.append("<r").append(i).append("@x>\r\n ");
        }
        raw("Message-ID: <loop@x>\r\nReferences: <loop@x> <pool@x>\r\nSubject: l1\r\n");
        raw("Message-ID: <pool@x>\r\nReferences: <loop@x>\r\nIn-Reply-To: <pool@x>\r\n");
        raw("Message-ID: <long@x>\r\nReferences: " + chain + "<end@x>\r\nSubject: long\r\n");
        raw("Message-ID: <>\r\nReferences: <<<>>> <\r\nSubject: none\r\n");
        raw("Message-ID: <end@x>\r\nSubject: end\r\n");

        for (var scope : ThreadScope.values()) {
            var items = list(scope, null, 10, ALL).items();

            if (knowsThreads()) { // the server threads by subject too
                assertThat(items).hasSize(5);
            } else {
                assertThat(items).extracting(ThreadSummary::totalMessages).contains(2, 1);
            }
            for (var thread : items) {
                var where = knowsThreads() ? null : scope;
                assertThat(threads.read(account, thread.id(), where).totalMessages())
                        .isEqualTo(thread.totalMessages());
            }
        }
    }

    private List<@Nullable String> filtered(ThreadFilter filter) {
        var mailbox = subjects(list(ThreadScope.MAILBOX, null, 10, filter));
        assertThat(subjects(list(ThreadScope.ACCOUNT, null, 10, filter))).isEqualTo(mailbox);
        return mailbox;
    }

    private ThreadPage list(
            ThreadScope scope, @Nullable Cursor cursor, int limit, ThreadFilter filter) {
        return threads.list(account, INBOX, cursor, new ThreadQuery(limit, scope, filter));
    }

    private List<MessageId> messages(ThreadId id, @Nullable ThreadScope scope) {
        return messages(threads.read(account, id, scope));
    }

    private static List<MessageId> messages(ThreadDetail thread) {
        return thread.messages().stream().map(it -> it.message().id()).toList();
    }

    private static List<@Nullable String> subjects(ThreadPage page) {
        return page.items().stream().<@Nullable String>map(ThreadSummary::subject).toList();
    }

    private static List<@Nullable MessageId> parents(ThreadDetail thread) {
        return thread.messages().stream()
                .<@Nullable MessageId>map(ThreadMessage::parentId)
                .toList();
    }

    private static MessageId id(MessageRef ref) {
        return MessageId.of(ref);
    }

    private static MessageId[] ids(MessageRef... refs) {
        return List.of(refs).stream().map(MessageId::of).toArray(MessageId[]::new);
    }

    private MessageRef append(
            MailboxName mailbox, String id, String subject, String from, String... references) {
        var header = new StringBuilder();
        header.append("Message-ID: <").append(id).append("@x>\r\nSubject: ").append(subject);
        header.append("\r\nFrom: ").append(from);
        var given = List.of(references).stream().filter(it -> !it.isEmpty()).toList();
        if (!given.isEmpty()) {
            header.append("\r\nIn-Reply-To: <").append(given.getLast()).append("@x>");
            header.append("\r\nReferences:");
            given.forEach(it -> header.append(" <").append(it).append("@x>"));
        }
        return raw(mailbox, header.append("\r\n").toString());
    }

    private void raw(String header) {
        raw(MailboxName.INBOX, header);
    }

    /** Each message arrives a minute after the one before. */
    private MessageRef raw(MailboxName mailbox, String header) {
        var octets = (header + "\r\ntext\r\n").getBytes(StandardCharsets.US_ASCII);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            mailbox,
                            Set.of(),
                            Instant.parse("2026-03-01T00:00:00Z").plusSeconds(60L * minutes++),
                            new ByteArrayInputStream(octets),
                            octets.length);
            return requireNonNull(appended.message());
        }
    }

    private void flag(MessageRef message, Flag flag) {
        try (var mailbox =
                connections.select(
                        account, message.mailbox(), Access.READ_WRITE, Lane.INTERACTIVE)) {
            mailbox.store(UidSet.of(message.uid()), FlagChange.add(flag));
        }
    }

    private void expunge(MessageRef message) {
        try (var mailbox =
                connections.select(
                        account, message.mailbox(), Access.READ_WRITE, Lane.INTERACTIVE)) {
            mailbox.expunge(UidSet.of(message.uid()));
        }
    }

    /** Creates a mailbox in the personal namespace. */
    private MailboxName create(String path) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var personal = connection.namespaces().personal().getFirst();
            var name = MailboxName.of(personal.prefix() + path);
            if (connection.list(false).stream().noneMatch(it -> it.name().equals(name))) {
                connection.create(name);
            }
            return name;
        }
    }
}
