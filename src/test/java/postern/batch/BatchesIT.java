package postern.batch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import tools.jackson.databind.json.JsonMapper;

/** Each account is on a different server, so one gateway uses all servers. */
@OnGreenMail
class BatchesIT {

    @Autowired private Batches batches;
    @Autowired private ImapConnections connections;
    @Autowired private JsonMapper json;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void storesKeywordsAndAnswersInTheOrderOfTheIds(TestServer server) {
        var account = account(server);
        var ids = append(account, MailboxName.INBOX, 4);
        expunge(account, ids.get(1));

        var result =
                run(
                        account,
                        "{'ids': %s, 'keywords': {'$seen': true, '$flagged': null}}",
                        ids.get(3),
                        ids.get(1),
                        ids.get(0),
                        ids.get(3));

        assertThat(result.results())
                .extracting(BatchItem::id)
                .containsExactly(ids.get(3), ids.get(1), ids.get(0), ids.get(3));
        assertThat(result.results())
                .extracting(BatchItem::status)
                .containsExactly(200, 404, 200, 200);
        assertThat(keywords(result.results().get(2))).containsOnlyKeys("$seen");
        assertThat(flags(account, MailboxName.INBOX))
                .isEqualTo(List.of(Set.of(Flag.SEEN), Set.of(), Set.of(Flag.SEEN)));
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void movesWithKeywordsOutOfSeveralMailboxes(TestServer server) {
        var account = account(server);
        var other = create(account, "Other");
        var target = create(account, "Target");
        var ids = new ArrayList<MessageId>();
        ids.addAll(append(account, MailboxName.INBOX, 2));
        ids.addAll(append(account, other, 2));

        var result =
                run(
                        account,
                        "{'ids': %s, 'keywords': {'$seen': true}, 'moveTo': '" + id(target) + "'}",
                        ids.toArray(MessageId[]::new));

        assertThat(result.succeeded()).isEqualTo(4);
        assertThat(flags(account, target)).hasSize(4).allMatch(Set.of(Flag.SEEN)::equals);
        assertThat(flags(account, MailboxName.INBOX)).isEmpty();
        assertThat(flags(account, other)).isEmpty();
        assertThat(result.results())
                .extracting(item -> requireNonNull(item.newId()).ref().mailbox())
                .containsOnly(target);
        assertThat(run(account, "{'ids': %s, 'keywords': {'$seen': false}}", newIds(result)))
                .extracting(BatchResult::succeeded)
                .isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void copiesAndDeletesForGoodNothingButWhatIsNamed(TestServer server) {
        var account = account(server);
        var target = create(account, "Target");
        var ids = append(account, MailboxName.INBOX, 4);
        run(account, "{'ids': %s, 'keywords': {'$deleted': true}}", ids.get(2));

        var copied =
                run(account, "{'ids': %s, 'copyTo': '" + id(target) + "'}", ids.get(0), ids.get(1));
        var deleted = run(account, "{'ids': %s, 'delete': 'permanent'}", ids.get(0), ids.get(3));

        assertThat(copied.succeeded()).isEqualTo(2);
        assertThat(deleted.succeeded()).isEqualTo(2);
        assertThat(flags(account, MailboxName.INBOX))
                .isEqualTo(List.of(Set.of(), Set.of(Flag.DELETED)));
        assertThat(flags(account, target)).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aDryRunTellsAndChangesNothing(TestServer server) {
        var account = account(server);
        var target = create(account, "Target");
        var ids = append(account, MailboxName.INBOX, 3);
        expunge(account, ids.get(1));

        var result =
                run(
                        account,
                        "{'ids': %s, 'keywords': {'$seen': true}, 'moveTo': '"
                                + id(target)
                                + "', 'dryRun': true}",
                        ids.toArray(MessageId[]::new));

        assertThat(result.results()).extracting(BatchItem::status).containsExactly(200, 404, 200);
        assertThat(keywords(result.results().getFirst())).containsOnlyKeys("$seen");
        assertThat(flags(account, MailboxName.INBOX)).isEqualTo(List.of(Set.of(), Set.of()));
        assertThat(flags(account, target)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void byFilterChangesTheNewestThatMatchAndTellsHowManyThereAre(TestServer server) {
        var account = account(server);
        var target = create(account, "Target");
        var ids = append(account, MailboxName.INBOX, 5);
        run(account, "{'ids': %s, 'keywords': {'$seen': true}}", ids.get(4));

        var result =
                run(
                        account,
                        "{'filter': {'unseen': true}, 'mailboxId': 'inbox', 'limit': 3, 'moveTo': '"
                                + id(target)
                                + "'}");

        assertThat(result.matched()).isEqualTo(4);
        assertThat(result.results())
                .extracting(BatchItem::id)
                .containsExactly(ids.get(3), ids.get(2), ids.get(1));
        assertThat(flags(account, MailboxName.INBOX))
                .isEqualTo(List.of(Set.of(), Set.of(Flag.SEEN)));
        assertThat(flags(account, target)).hasSize(3);
    }

    @Test
    void storingIsOneRoundTripHoweverManyMessages() {
        var server = RealServer.DOVECOT_2_3;
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port())) {
            var account = account(server, proxy.host(), proxy.port());
            var ids = append(account, MailboxName.INBOX, 40).toArray(MessageId[]::new);
            run(account, "{'ids': %s, 'keywords': {'$seen': true}}", ids);
            long before = proxy.roundTrips();

            var result = run(account, "{'ids': %s, 'keywords': {'$seen': false}}", ids);

            assertThat(proxy.roundTrips() - before).isEqualTo(1);
            assertThat(result.succeeded()).isEqualTo(40);
        }
    }

    private BatchResult run(Account account, String request, MessageId... ids) {
        var list = json.writeValueAsString(Arrays.asList(ids));
        var body = request.replace('\'', '"').replace("%s", list);
        return batches.run(account, Batch.of(json.readValue(body, BatchRequest.class)));
    }

    private static MessageId[] newIds(BatchResult result) {
        return result.results().stream()
                .map(item -> requireNonNull(item.newId()))
                .toArray(MessageId[]::new);
    }

    private static Map<String, Boolean> keywords(BatchItem item) {
        return requireNonNull(item.keywords()).all();
    }

    private static String id(MailboxName mailbox) {
        return MailboxId.of(mailbox).text();
    }

    private static Account account(TestServer server) {
        return account(server, server.host(), server.port());
    }

    private static Account account(TestServer server, String host, int port) {
        return new Account(
                new ImapServer(host, port, Security.NONE),
                server.newUser(),
                new Password(server.password()));
    }

    private List<MessageId> append(Account account, MailboxName mailbox, int count) {
        var ids = new ArrayList<MessageId>();
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            for (int i = 0; i < count; i++) {
                var octets = "Subject: m\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
                var appended =
                        connection.append(
                                mailbox,
                                Set.of(),
                                Instant.parse("2026-03-01T12:00:00Z"),
                                new ByteArrayInputStream(octets),
                                octets.length);
                ids.add(MessageId.of(requireNonNull(appended.message())));
            }
        }
        return ids;
    }

    /** Expunges a message as another program of the same user. */
    private void expunge(Account account, MessageId id) {
        try (var mailbox =
                connections.select(
                        account, id.ref().mailbox(), Access.READ_WRITE, Lane.INTERACTIVE)) {
            mailbox.expunge(UidSet.of(id.ref().uid()));
        }
    }

    /** The flags without {@code \Recent}, which the server sets. */
    private List<Set<Flag>> flags(Account account, MailboxName name) {
        var all = List.of(FetchRequest.uids(UidSet.from(1), FetchItems.of(FetchItem.FLAGS)));
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            return mailbox.fetch(all).getFirst().stream().map(BatchesIT::ownFlags).toList();
        }
    }

    private static Set<Flag> ownFlags(FetchedMessage message) {
        @Nullable Set<Flag> flags = message.flags();
        var own = new HashSet<>(requireNonNull(flags));
        own.remove(Flag.RECENT);
        return own;
    }

    private MailboxName create(Account account, String name) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var prefix = connection.namespaces().personal().getFirst().prefix();
            var mailbox = MailboxName.of(prefix + name);
            connection.create(mailbox);
            return mailbox;
        }
    }
}
