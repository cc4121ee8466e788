package postern.search;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
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
import postern.message.metadata.AutomaticKind;
import postern.message.metadata.MatchedField;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MessageSummary;
import postern.samplemail.SampleMail;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import tools.jackson.databind.json.JsonMapper;

/** Every account has a server of its own, so one gateway is tested with all of them. */
@OnGreenMail
class SearchesIT {

    private static final String ALL = "postern.testserver.TestServer#all";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @Autowired private Searches searches;
    @Autowired private ImapConnections connections;
    @Autowired private MatchingMessages matching;

    @ParameterizedTest
    @MethodSource(ALL)
    void mergesAllMailboxesAndPagesStayTogetherWhateverComesAndGoes(TestServer server) {
        var account = account(server);
        var mailboxes =
                List.of(
                        MailboxName.INBOX,
                        create(account, "Work"),
                        create(account, "Empty"),
                        create(account, "Home"));
        var refs = new ArrayList<MessageRef>();
        for (int i = 0; i < 12; i++) {
            var mailbox = mailboxes.get(List.of(0, 1, 3).get(i % 3));
            refs.add(append(account, mailbox, i, "Subject: m" + i + "\n\ntext\n"));
        }
        var trash = create(account, "Trash");
        append(account, trash, 50, "Subject: gone\n\ntext\n");

        var first = search(account, "{'limit': 4}", null);
        assertThat(first.total()).isEqualTo(12);
        assertThat(subjects(first)).containsExactly("m11", "m10", "m9", "m8");

        append(account, mailboxes.get(2), 60, "Subject: new elsewhere\n\ntext\n");
        append(account, mailboxes.get(0), 61, "Subject: new\n\ntext\n");
        expunge(account, refs.get(8), refs.get(9), refs.get(5));
        var second = search(account, "{'limit': 4}", first.nextCursor());
        assertThat(subjects(second)).containsExactly("m7", "m6", "m4", "m3");
        var third = search(account, "{'limit': 4}", second.nextCursor());
        assertThat(subjects(third)).containsExactly("m2", "m1", "m0");
        assertThat(third.nextCursor()).isNull();

        assertThat(subjects(search(account, "{'limit': 3, 'includeTrashAndJunk': true}", null)))
                .containsExactly("new", "new elsewhere", "gone");
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void showsPreviewsOfTheMessagesOfAllMailboxes(TestServer server) {
        var account = account(server);
        var late = "<style>%s</style><p>late</p>".formatted("p {color: red}\n".repeat(200));
        append(account, MailboxName.INBOX, 1, "Subject: x\n\nplain\n");
        append(
                account,
                create(account, "Work"),
                2,
                "Subject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n" + late + "\n");

        for (var fields : List.of("", ", 'fields': ['preview']")) {
            var page = search(account, "{'limit': 4%s}".formatted(fields), null);

            assertThat(page.items())
                    .extracting(MessageSummary::preview)
                    .containsExactly("late", "plain");
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void sortsByEveryPropertyInBothDirections(TestServer server) {
        var account = account(server);
        letter(account, 1, "Zed <c@example.org>", "anna@example.org", "Re: beta", 3, 10);
        letter(account, 2, "alma@example.org", "Zoe <b@example.org>", "alpha", 1, 500);
        letter(
                account,
                3,
                "\"Mia\" <a@example.org>",
                "Max <x@example.org>",
                "[list] Gamma",
                2,
                200);
        var expected = new TreeMap<String, List<String>>();
        expected.put("receivedAt", List.of("Re: beta", "alpha", "[list] Gamma"));
        expected.put("sentAt", List.of("alpha", "[list] Gamma", "Re: beta"));
        expected.put("from", List.of("alpha", "[list] Gamma", "Re: beta"));
        expected.put("to", List.of("Re: beta", "[list] Gamma", "alpha"));
        expected.put("subject", List.of("alpha", "Re: beta", "[list] Gamma"));
        expected.put("size", List.of("Re: beta", "[list] Gamma", "alpha"));

        for (var sort : MessageSort.values()) {
            var upwards = requireNonNull(expected.get(sort.id().replace("-", "")));
            var wanted = sort.descending() ? upwards.reversed() : upwards;

            var found = new ArrayList<@Nullable String>();
            Cursor cursor = null;
            do {
                var page =
                        search(account, "{'sort': '%s', 'limit': 1}".formatted(sort.id()), cursor);
                found.addAll(subjects(page));
                cursor = page.nextCursor();
            } while (cursor != null);

            assertThat(found).as(sort.id()).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void findsWhatImapHasNoKeyFor(TestServer server) {
        var account = account(server);
        for (int i = 0; i < 6; i++) {
            append(
                    account,
                    MailboxName.INBOX,
                    i * 3600,
                    i % 2 == 0 ? file("m" + i) : plain("m" + i));
        }

        assertThat(found(account, "{'hasAttachment': true}")).containsExactly("m4", "m2", "m0");
        assertThat(found(account, "{'hasAttachment': false, 'since': '2026-03-01T13:30:00Z'}"))
                .containsExactly("m5", "m3");
        assertThat(
                        found(
                                account,
                                "{'or': [{'hasAttachment': true}, {'subject': 'm3'}],"
                                        + " 'not': {'before': '2026-03-01T13:30:00Z'}}"))
                .containsExactly("m4", "m3", "m2");
        assertThat(
                        found(
                                account,
                                "{'not': {'and': [{'hasAttachment': true}, {'not': {'subject': 'm2'}}]}}"))
                .containsExactly("m5", "m3", "m2", "m1");
        var criteria =
                Criteria.of(JSON.readValue("{\"hasAttachment\": true}", SearchFilter.class), "");
        try (var inbox =
                connections.select(
                        account, MailboxName.INBOX, Access.READ_ONLY, Lane.INTERACTIVE)) {
            assertThat(matching.in(inbox, account, criteria).size()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void findsTextThatIsNotAscii(TestServer server) {
        var account = account(server);
        append(
                account,
                MailboxName.INBOX,
                0,
                "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nFrom: Ada <ada@example.org>\n\nx\n");
        append(account, MailboxName.INBOX, 1, plain("other"));

        var page =
                search(
                        account,
                        "{'filter': {'subject': 'Grüße', 'from': 'ada@example.org'}}",
                        null);

        assertThat(subjects(page)).containsExactly("Grüße");
        assertThat(page.items().getFirst().matchedIn())
                .containsExactly(MatchedField.SUBJECT, MatchedField.FROM);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void namesTheMailboxesThatCannotBeSearched(TestServer server) {
        var account = account(server);
        append(account, MailboxName.INBOX, 0, plain("here"));
        var there = "'inbox'";
        var gone = "'" + MailboxId.of(MailboxName.of("gone")).text() + "'";

        var page =
                search(account, "{'mailboxIds': [%s, %s, %s]}".formatted(there, gone, there), null);

        assertThat(subjects(page)).containsExactly("here");
        assertThat(requireNonNull(page.skippedMailboxes()))
                .extracting(SkippedMailbox::code)
                .containsExactly("mailbox-not-found");
        assertThatThrownBy(() -> search(account, "{'mailboxIds': [%s]}".formatted(gone), null))
                .isInstanceOf(ImapException.MailboxNotFound.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = RealServer.class,
            names = {"DOVECOT_2_3", "CYRUS"})
    void costsFewTripsHoweverManyMailboxes(RealServer server) throws IOException {
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port())) {
            var user = server.newUser();
            var account = account(server, proxy.host(), proxy.port(), user);
            for (int i = 0; i < 20; i++) {
                var mailbox = create(account, "Box" + i);
                append(account, mailbox, i, plain("m" + i));
            }
            found(account, "{}");
            long before = proxy.roundTrips();

            assertThat(found(account, "{'from': 'ada@example.org'}")).hasSize(20);

            // Sequentially it would take more than forty round trips.
            assertThat(proxy.roundTrips() - before).isLessThan(14);
        }
    }

    /** Every message is on exactly one page. */
    @ParameterizedTest
    @EnumSource(value = RealServer.class, names = "DOVECOT_2_3")
    void losesNothingInALargeMailbox(RealServer server) {
        var account = account(server);
        server.fill(account.user(), new SampleMail(11).messages(3_000));
        for (var sort : List.of("-receivedAt", "from", "-size")) {
            var seen = new HashSet<String>();
            Cursor cursor = null;
            SearchPage page;
            do {
                page =
                        search(
                                account,
                                "{'mailboxIds': ['inbox'], 'sort': '%s', 'limit': 500,"
                                                .formatted(sort)
                                        + " 'fields': ['id']}",
                                cursor);
                for (var item : page.items()) {
                    assertThat(seen.add(item.id().toString())).as("shown once").isTrue();
                }
                cursor = page.nextCursor();
            } while (cursor != null);

            assertThat(seen).as(sort).hasSize(3_000);
            assertThat(page.total()).isEqualTo(3_000);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aMessageIdIsFoundExactly(TestServer server) {
        var account = account(server);
        var ids =
                List.of(
                        "abc.1@x.example",
                        "ABC.1@x.example",
                        "zabc.1@x.example",
                        "abc.1@x.example.org",
                        "a'b%*c@x.example");
        for (int i = 0; i < ids.size(); i++) {
            append(
                    account,
                    MailboxName.INBOX,
                    i,
                    "Subject: m%d\nMessage-ID: <%s>\n\n%s\n"
                            .formatted(i, ids.get(i), "abc.1@x.example"));
        }
        append(account, MailboxName.INBOX, 9, "Subject: none\n\nabc.1@x.example\n");

        for (int i = 0; i < ids.size(); i++) {
            var id = ids.get(i).replace("'", "\\u0027");
            for (var written : List.of(id, "<" + id + ">")) {
                assertThat(found(account, "{'internetMessageId': '%s'}".formatted(written)))
                        .as(written)
                        .containsExactly("m" + i);
            }
        }
        assertThat(found(account, "{'internetMessageId': 'bc.1@x.example'}")).isEmpty();
        assertThat(found(account, "{'not': {'internetMessageId': 'abc.1@x.example'}}"))
                .hasSize(5)
                .doesNotContain("m0");
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void automaticMessagesAreToldFromOthers(TestServer server) {
        var account = account(server);
        var fields =
                List.of(
                        "Auto-Submitted: no",
                        "Auto-Submitted: auto-replied (vacation)",
                        "Precedence: bulk",
                        "List-Id: News <news.example.org>\nList-Unsubscribe: <mailto:u@x.example>",
                        "Content-Type: multipart/report; boundary=b; report-type=delivery-status",
                        "Return-Path: <>",
                        "Return-Path: <ada@example.org>\n"
                                + "Disposition-Notification-To: ada@example.org",
                        "X-Auto-Response-Suppress: All");
        for (int i = 0; i < fields.size(); i++) {
            append(
                    account,
                    MailboxName.INBOX,
                    i,
                    "%s\nSubject: m%d\nMIME-Version: 1.0\n\nAuto-Submitted: auto-replied\n"
                            .formatted(fields.get(i), i));
        }

        assertThat(found(account, "{'automatic': true}"))
                .containsExactlyInAnyOrder("m1", "m2", "m3", "m4", "m5", "m7");
        assertThat(found(account, "{'automatic': false}")).containsExactlyInAnyOrder("m0", "m6");
        assertThat(found(account, "{'automaticKind': 'auto-replied'}")).containsExactly("m1");
        assertThat(found(account, "{'automaticKind': 'bulk'}"))
                .containsExactlyInAnyOrder("m2", "m3");
        assertThat(found(account, "{'automaticKind': 'report'}")).containsExactly("m4");
        assertThat(found(account, "{'automaticKind': 'null-return-path'}")).containsExactly("m5");
        assertThat(found(account, "{'automatic': false, 'subject': 'm6'}")).containsExactly("m6");
        assertThat(found(account, "{'or': [{'automatic': false}, {'subject': 'm2'}]}")).hasSize(3);

        // twice: from the mail server, and from what is remembered
        for (int i = 0; i < 2; i++) {
            var rows =
                    search(
                                    account,
                                    "{'sort': 'subject', 'fields': ['subject', 'automatic', 'list',"
                                            + " 'receiptRequested']}",
                                    null)
                            .items();
            assertThat(rows.get(0).automatic()).isEmpty();
            assertThat(rows.get(1).automatic())
                    .containsExactly(AutomaticKind.AUTO_REPLIED, AutomaticKind.VACATION);
            var list = requireNonNull(rows.get(3).list());
            assertThat(list.id()).isEqualTo("news.example.org");
            assertThat(list.unsubscribe()).containsExactly("mailto:u@x.example");
            assertThat(rows.get(4).list()).isNull();
            var receipt = requireNonNull(rows.get(6).receiptRequested());
            assertThat(receipt.confirmationNeeded()).isFalse();
            assertThat(receipt.sent()).isFalse();
            assertThat(rows).extracting(MessageSummary::degraded).containsOnlyNulls();
        }
    }

    private List<@Nullable String> found(Account account, String filter) {
        return subjects(search(account, "{'filter': %s}".formatted(filter), null));
    }

    private SearchPage search(Account account, String request, @Nullable Cursor cursor) {
        var read = JSON.readValue(request.replace('\'', '"'), SearchRequest.class);
        var all =
                new SearchRequest(
                        read.filter(),
                        read.mailboxIds(),
                        read.includeTrashAndJunk(),
                        read.sort(),
                        read.limit(),
                        cursor,
                        read.fields(),
                        read.include(),
                        read.headerFields(),
                        read.waitSeconds());
        return searches.search(account, SearchQuery.of(all));
    }

    private static List<@Nullable String> subjects(SearchPage page) {
        return page.items().stream().<@Nullable String>map(MessageSummary::subject).toList();
    }

    private void letter(
            Account account,
            int second,
            String from,
            String to,
            String subject,
            int sentDay,
            int padding) {
        append(
                account,
                MailboxName.INBOX,
                second,
                "From: %s\nTo: %s\nSubject: %s\nDate: %d Mar 2026 10:00:00 +0000\n\n%s\n"
                        .formatted(from, to, subject, sentDay, "x".repeat(padding)));
    }

    private static String plain(String subject) {
        return "Subject: " + subject + "\nFrom: Ada <ada@example.org>\n\ntext\n";
    }

    private static String file(String subject) {
        return "Subject: "
                + subject
                + "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
                + "--b\nContent-Type: text/plain\n\ntext\n"
                + "--b\nContent-Type: application/pdf; name=a.pdf\n"
                + "Content-Disposition: attachment; filename=a.pdf\n\npdf\n--b--\n";
    }

    private static Account account(TestServer server) {
        return account(server, server.host(), server.port(), server.newUser());
    }

    private static Account account(TestServer server, String host, int port, String user) {
        return new Account(
                new ImapServer(host, port, Security.NONE), user, new Password(server.password()));
    }

    private MessageRef append(
            Account account, MailboxName mailbox, int second, String message, Flag... flags) {
        var octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            mailbox,
                            Set.of(flags),
                            START.plusSeconds(second),
                            new ByteArrayInputStream(octets),
                            octets.length);
            return requireNonNull(appended.message());
        }
    }

    /** Expunges the messages as another client of the same user. */
    private void expunge(Account account, MessageRef... gone) {
        for (var message : gone) {
            try (var mailbox =
                    connections.select(
                            account, message.mailbox(), Access.READ_WRITE, Lane.INTERACTIVE)) {
                mailbox.expunge(UidSet.of(message.uid()));
            }
        }
    }

    /** Creates a mailbox in the personal namespace, unless it exists. */
    private MailboxName create(Account account, String name) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var prefix = connection.namespaces().personal().getFirst().prefix();
            var mailbox = MailboxName.of(prefix + name);
            try {
                connection.create(mailbox);
            } catch (ImapException.MailboxExists | ImapException.NotPossible _) {
                // every new account has this mailbox
            }
            return mailbox;
        }
    }
}
