package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
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
import postern.imap.message.UidSet;
import postern.message.change.IfMatch;
import postern.message.change.MessageChanges;
import postern.message.change.MessageETag;
import postern.message.change.MessagePatch;
import postern.message.metadata.ChosenHeaders;
import postern.message.metadata.Include;
import postern.message.metadata.MessageAttachment;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.message.part.HeaderField;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;
import postern.web.OnGreenMail;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import tools.jackson.databind.json.JsonMapper;

/** Every account has a server of its own, so one gateway is tested with all of them. */
@OnGreenMail
class MessagesIT {

    private static final MailboxId INBOX = MailboxId.of(MailboxName.INBOX);

    private static final String LETTER =
            """
            From: Ada <ada@example.org>
            Subject: letter
            Message-ID: <letter@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain; charset=utf-8

            caf\u00e9
            --a
            Content-Type: text/html; charset=utf-8

            <p>caf\u00e9</p>
            --a--
            --m
            Content-Type: application/pdf; name=a.pdf
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --m--
            """;

    @Autowired private Messages messages;
    @Autowired private ManyMessages many;
    @Autowired private MessageChanges changes;
    @Autowired private ImapConnections connections;

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void pagesStayTogetherWhateverComesAndGoes(RealServer server) {
        var account = account(server);
        var refs = new ArrayList<MessageRef>();
        for (int i = 1; i <= 9; i++) {
            refs.add(append(account, "Subject: m" + i + "\n\ntext\n"));
        }
        var page = list(account, null, 3);

        expunge(account, refs.get(0), refs.get(4), refs.get(6));
        append(account, "Subject: new\n\ntext\n");
        var next = list(account, page.nextCursor(), 3);

        assertThat(subjects(page)).containsExactly("m9", "m8", "m7");
        assertThat(subjects(next)).containsExactly("m6", "m4", "m3");
        assertThat(subjects(list(account, next.nextCursor(), 3))).containsExactly("m2");
        assertThat(subjects(list(account, null, 3))).containsExactly("new", "m9", "m8");
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void readsOneMessage(RealServer server) {
        var account = account(server);
        var letter = append(account, LETTER);

        var message =
                messages.read(account, MessageId.of(letter), Set.of(Include.TEXT, Include.HTML));

        assertThat(message.subject()).isEqualTo("letter");
        assertThat(requireNonNull(message.text()).content().strip()).isEqualTo("caf\u00e9");
        assertThat(requireNonNull(message.html()).content()).contains("<p>caf\u00e9</p>");
        assertThat(message.attachments())
                .extracting(MessageAttachment::name)
                .containsExactly("a.pdf");
        assertThat(requireNonNull(message.keywords()).all()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void storesOnlyInTheStateThatWasRead(RealServer server) {
        var account = account(server);
        var letter = append(account, LETTER);
        var read = IfMatch.parse(eTag(account, letter).value());

        var seen = changes.update(account, letter, patch("{'keywords': {'$seen': true}}"), read);

        assertThat(requireNonNull(seen.keywords()).all()).containsOnlyKeys("$seen");
        assertThat(seen.eTag()).isEqualTo(eTag(account, letter));
        var flag = patch("{'keywords': {'$flagged': true}}");
        assertThatThrownBy(() -> changes.update(account, letter, flag, read))
                .isInstanceOf(ImapException.MessageModified.class);
        var now = IfMatch.parse(eTag(account, letter).value());
        assertThat(requireNonNull(changes.update(account, letter, flag, now).keywords()).all())
                .containsOnlyKeys("$seen", "$flagged");
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void storingWhatIsStoredAlreadyIsNoFailure(RealServer server) {
        var account = account(server);
        var letter = append(account, LETTER);
        var seen = patch("{'keywords': {'$seen': true}}");
        changes.update(account, letter, seen, IfMatch.ANY);

        assertThat(
                        requireNonNull(
                                        changes.update(account, letter, seen, IfMatch.ANY)
                                                .keywords())
                                .all())
                .containsOnlyKeys("$seen");
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void movesWithKeywordsAndTellsTheNewId(RealServer server) {
        var account = account(server);
        var letter = append(account, LETTER);
        var archive = create(account, "Kept");
        var target = MailboxId.of(archive).text();

        var state =
                changes.update(
                        account,
                        letter,
                        patch("{'keywords': {'$seen': true}, 'mailboxId': '" + target + "'}"),
                        IfMatch.ANY);

        var moved = messages.read(account, requireNonNull(state.id()), Set.of());
        assertThat(moved.subject()).isEqualTo("letter");
        assertThat(requireNonNull(moved.keywords()).all()).containsOnlyKeys("$seen");
        assertThat(list(account, null, 10).items()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void storesNothingWhenThereIsNowhereToMoveTo(RealServer server) {
        var account = account(server);
        var letter = append(account, LETTER);
        var nowhere = MailboxId.of(MailboxName.of("Nowhere")).text();
        var patch = patch("{'keywords': {'$seen': true}, 'mailboxId': '" + nowhere + "'}");

        assertThatThrownBy(() -> changes.update(account, letter, patch, IfMatch.ANY))
                .isInstanceOf(ImapException.class);
        assertThat(
                        requireNonNull(
                                        messages.read(account, MessageId.of(letter), Set.of())
                                                .keywords())
                                .all())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void copiesAndTellsTheNewId(RealServer server) {
        var account = account(server);
        var letter = append(account, LETTER);
        var archive = create(account, "Kept");

        var copy = changes.copy(account, letter, MailboxId.of(archive));

        var id = requireNonNull(copy.id());
        assertThat(messages.read(account, id, Set.of()).subject()).isEqualTo("letter");
        assertThat(list(account, null, 10).items()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void deletingForGoodSparesAllOthers(RealServer server) {
        var account = account(server);
        var marked = append(account, "Subject: marked\n\ntext\n", Flag.DELETED);
        var letter = append(account, LETTER);

        changes.expunge(account, letter, IfMatch.ANY);

        assertThat(list(account, null, 10).items())
                .extracting(MessageSummary::id)
                .containsExactly(MessageId.of(marked));
        assertThatThrownBy(() -> changes.expunge(account, letter, IfMatch.ANY))
                .isInstanceOf(ImapException.MessageNotFound.class);
    }

    @Test
    void aPageIsOneRoundTripAndSoIsAMessageOfIt() {
        try (var proxy =
                FaultyProxy.inFrontOf(
                        RealServer.DOVECOT_2_3.host(), RealServer.DOVECOT_2_3.port())) {
            var account = account(RealServer.DOVECOT_2_3, proxy.host(), proxy.port());
            var letter = append(account, LETTER);
            append(account, LETTER);
            list(account, null, 10);

            assertThat(trips(proxy, () -> list(account, null, 10))).isEqualTo(1);
            assertThat(trips(proxy, () -> list(account, null, 1))).isEqualTo(1);
            assertThat(
                            trips(
                                    proxy,
                                    () ->
                                            messages.read(
                                                    account,
                                                    MessageId.of(letter),
                                                    Set.of(Include.HTML))))
                    .isEqualTo(1);
        }
    }

    @Test
    void manyMessagesOfAPageAreOneRoundTripWithTheirTexts() {
        try (var proxy =
                FaultyProxy.inFrontOf(
                        RealServer.DOVECOT_2_3.host(), RealServer.DOVECOT_2_3.port())) {
            var account = account(RealServer.DOVECOT_2_3, proxy.host(), proxy.port());
            var ids = new ArrayList<MessageId>();
            for (int i = 0; i < 50; i++) {
                ids.add(MessageId.of(append(account, LETTER)));
            }

            // EXAMINE, rows with structures, texts
            assertThat(trips(proxy, () -> many(account, ids))).isLessThanOrEqualTo(3);
            assertThat(trips(proxy, () -> many(account, ids))).isEqualTo(1);
            assertThat(many(account, ids).items()).hasSize(50);
        }
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void readsManyMessagesAsItReadsOne(RealServer server) {
        var account = account(server);
        var ids =
                List.of(
                        MessageId.of(append(account, LETTER)),
                        MessageId.of(append(account, LETTER.replace("name=a.pdf", "name=a b.pdf"))),
                        MessageId.of(append(account, "Subject: m\n\ntext\n", Flag.SEEN)),
                        MessageId.of(append(account, "Subject: empty\n\n")));
        var gone = append(account, "Subject: gone\n\ntext\n");
        expunge(account, gone);

        for (int times = 0; times < 2; times++) {
            var found =
                    many(
                            account,
                            Stream.concat(ids.stream(), Stream.of(MessageId.of(gone))).toList());

            assertThat(found.items()).extracting(MessageSummary::id).isEqualTo(ids);
            assertThat(found.notFound())
                    .extracting(it -> it.problem().code())
                    .containsExactly("message-not-found");
            for (var row : found.items()) {
                var alone =
                        messages.read(
                                account,
                                row.id(),
                                Set.of(Include.TEXT, Include.HTML, Include.HEADERS));
                assertThat(row.text()).isEqualTo(alone.text());
                assertThat(row.html()).isEqualTo(alone.html());
                assertThat(row.headers()).isEqualTo(alone.headers());
                assertThat(row.attachments()).isEqualTo(alone.attachments());
                assertThat(row.keywords()).isEqualTo(alone.keywords());
                assertThat(row.preview()).isEqualTo(alone.preview());
                assertThat(row.degraded()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void listsHeaderFieldsOnEveryServer(RealServer server) {
        var account = account(server);
        append(account, "Subject: m\nX-A: one\n two\nReceived: x\nReceived: y\n\ntext\n");
        append(account, "Subject: n\n\ntext\n");
        var any =
                new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);
        var headers = ChosenHeaders.ofParameter(List.of("received", "X-a"));

        for (int times = 0; times < 2; times++) {
            var query = new MessageQuery(9, MessageField.ALL, headers, any, null, false);
            var rows = messages.list(account, INBOX, null, query).items();

            assertThat(requireNonNull(rows.get(1).headers()))
                    .containsExactly(
                            new HeaderField("X-A", "one two"),
                            new HeaderField("Received", "x"),
                            new HeaderField("Received", "y"));
            assertThat(rows.get(0).headers()).isEmpty();
            assertThat(rows.get(0).degraded()).isNull();
        }
    }

    private MessagesById many(Account account, List<MessageId> ids) {
        var fields = EnumSet.allOf(MessageField.class);
        var include = Set.of(Include.TEXT, Include.HTML, Include.HEADERS);
        return many.read(
                account,
                new MessagesQuery(
                        ids, fields, include, ChosenHeaders.NONE, MessagesQuery.MOST_OCTETS));
    }

    private static long trips(FaultyProxy proxy, Runnable request) {
        long before = proxy.roundTrips();
        request.run();
        return proxy.roundTrips() - before;
    }

    private MessagePage list(Account account, @Nullable Cursor cursor, int limit) {
        var everything =
                new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);
        var query = new MessageQuery(limit, MessageField.ALL, everything, null, false);
        return messages.list(account, INBOX, cursor, query);
    }

    private static List<@Nullable String> subjects(MessagePage page) {
        return page.items().stream().<@Nullable String>map(MessageSummary::subject).toList();
    }

    private MessageETag eTag(Account account, MessageRef message) {
        return messages.read(account, MessageId.of(message), Set.of()).eTag();
    }

    private static MessagePatch patch(String json) {
        return MessagePatch.parse(JsonMapper.shared().readTree(json.replace('\'', '"')));
    }

    private static Account account(RealServer server) {
        return account(server, server.host(), server.port());
    }

    private static Account account(RealServer server, String host, int port) {
        return new Account(
                new ImapServer(host, port, Security.NONE),
                server.newUser(),
                new Password(server.password()));
    }

    private MessageRef append(Account account, String message, Flag... flags) {
        var octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.INBOX,
                            Set.of(flags),
                            Instant.parse("2026-03-01T12:00:00Z"),
                            new ByteArrayInputStream(octets),
                            octets.length);
            return requireNonNull(appended.message());
        }
    }

    /** Expunges the messages as another client of the same user. */
    private void expunge(Account account, MessageRef... gone) {
        try (var mailbox =
                connections.select(
                        account, MailboxName.INBOX, Access.READ_WRITE, Lane.INTERACTIVE)) {
            for (var message : gone) {
                mailbox.expunge(UidSet.of(message.uid()));
            }
        }
    }

    /** Creates a mailbox in the personal namespace. */
    private MailboxName create(Account account, String name) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var prefix = connection.namespaces().personal().getFirst().prefix();
            var mailbox = MailboxName.of(prefix + name);
            connection.create(mailbox);
            return mailbox;
        }
    }
}
