package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ExamineRequest;
import postern.imap.ImapConnection;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.RawText;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/** The IMAP behaviour that all features rely on, against every server. */
@ParameterizedClass(name = "{0}")
@MethodSource("postern.testserver.TestServer#all")
class ImapContractIT {

    private static final FetchItems EVERYTHING = FetchItems.of(FetchItem.values());
    private static final FetchItems FLAGS = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);
    private static final Instant ARRIVED = Instant.parse("2026-03-01T09:34:56Z");

    @Parameter TestServer server;

    private final ImapConnector connector = Connectors.connector();
    private Account account;
    private ImapConnection connection;

    @BeforeEach
    void connect() {
        account = Connectors.account(server, server.newUser());
        connection = connector.connect(account);
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    @Test
    void refusesAWrongPassword() {
        var wrong = Connectors.account(server.host(), server.port(), account.user(), "wrong");

        assertThatThrownBy(() -> connector.connect(wrong))
                .isInstanceOf(ImapException.AuthenticationFailed.class);
    }

    @Test
    void fetchesWhatWasAppended() {
        append(
                "Subject: Hello\r\nFrom: Ada <ada@example.org>\r\nDate: Sun, 1 Mar 2026 10:00:00 +0100\r\n\r\nHi.\r\n");

        var message = onlyMessage(EVERYTHING);

        assertThat(message.envelope()).isNotNull();
        assertThat(message.envelope().subject()).isEqualTo(RawText.of("Hello"));
        assertThat(message.envelope().from()).hasSize(1);
        assertThat(message.envelope().from().getFirst().mailbox()).isEqualTo(RawText.of("ada"));
        assertThat(message.envelope().from().getFirst().host())
                .isEqualTo(RawText.of("example.org"));
        assertThat(message.internalDate()).isEqualTo(ARRIVED);
        assertThat(message.size()).isPositive();
        assertThat(message.flags()).doesNotContain(Flag.SEEN);
        assertThat(Objects.requireNonNull(message.bodyStructure()).mediaType())
                .isEqualTo("text/plain");
        assertThat(Objects.requireNonNull(message.bodyStructure()).partId()).isEqualTo("1");
        assertThat(message.degraded()).isFalse();
    }

    @Test
    void neverSetsSeenByReading() throws IOException {
        append("Subject: unread\r\n\r\nbody\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            long uid = onlyMessage(FLAGS).uid();
            inbox.fetch(uid, FLAGS.with(SectionRange.first(Section.MESSAGE, 1_000)));
            try (var stream =
                    inbox.open(uid, SectionRange.first(Section.MESSAGE, Long.MAX_VALUE))) {
                stream.readAllBytes();
            }

            assertThat(inbox.fetch(uid, FLAGS).flags()).doesNotContain(Flag.SEEN);
        }
    }

    @Test
    void seesByPlaceWhatAnotherClientAppendedMeanwhile() {
        append("Subject: one\r\n\r\n1\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThat(subjects(newest(inbox, 1))).containsExactly("one");

            try (var other = connector.connect(account)) {
                append(other, "Subject: two\r\n\r\n2\r\n");
                append(other, "Subject: three\r\n\r\n3\r\n");
            }

            assertThat(subjects(newest(inbox, 1))).containsExactly("one", "two", "three");
            assertThat(inbox.state().messages()).isEqualTo(3);
        }
    }

    @Test
    void findsWhatAnotherClientAppendedMeanwhile() {
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var elm =
                    new SearchTerm.And(
                            List.of(
                                    new SearchTerm.Subject("elm"),
                                    new SearchTerm.Not(new SearchTerm.Subject("oak"))));
            try (var other = connector.connect(account)) {
                append(other, "Subject: oak elm\r\n\r\n1\r\n");
                append(other, "Subject: elm\r\n\r\n2\r\n");
                assertThat(inbox.search(elm).size()).isEqualTo(1);

                append(other, "Subject: an elm\r\n\r\n3\r\n");
                assertThat(inbox.search(elm).size()).isEqualTo(2);
            }
        }
    }

    @Test
    void survivesPlacesThatWentMeanwhile() {
        for (int i = 0; i < 5; i++) {
            append("Subject: n" + i + "\r\n\r\nx\r\n");
        }
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            newest(inbox, 1);
            try (var other = connector.connect(account);
                    var same = other.select(MailboxName.INBOX, Access.READ_WRITE)) {
                var uids = uids(newest(same, 1));
                same.expunge(UidSet.of(uids.get(0), uids.get(1), uids.get(2)));
            }
            inbox.fetch(List.of(FetchRequest.places(3, 5, FLAGS)));

            assertThat(subjects(newest(inbox, 1))).containsExactly("n3", "n4");
        }
    }

    @Test
    void findsNothingInAnEmptyMailbox() {
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThat(newest(inbox, 1)).isEmpty();
            assertThat(inbox.search(new SearchTerm.All()).isEmpty()).isTrue();
            assertThat(inbox.fetch(UidSet.of(1, 2), FLAGS)).isEmpty();
        }
    }

    @Test
    void tellsMessagesWithTheSameSubjectApart() {
        for (int i = 0; i < 3; i++) {
            append("Subject: same\r\nX-Number: " + i + "\r\n\r\nbody " + i + "\r\n");
        }
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = uids(newest(inbox, 1));
            assertThat(Set.copyOf(uids)).hasSize(3);

            inbox.expunge(UidSet.of(uids.get(1)));

            assertThat(uids(newest(inbox, 1))).containsExactly(uids.get(0), uids.get(2));
        }
    }

    @Test
    void storesAndRemovesFlagsAndKeywords() {
        append("Subject: flags\r\n\r\nx\r\n");
        var forwarded = new Flag("$Forwarded");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            long uid = uids(newest(inbox, 1)).getFirst();

            var stored =
                    inbox.store(UidSet.of(uid), FlagChange.add(Flag.SEEN, Flag.FLAGGED, forwarded));
            assertThat(stored).hasSize(1);
            assertThat(stored.getFirst().flags()).contains(Flag.SEEN, Flag.FLAGGED, forwarded);

            stored =
                    inbox.store(
                            UidSet.of(uid),
                            new FlagChange(Set.of(Flag.ANSWERED), Set.of(Flag.SEEN, forwarded)));
            assertThat(stored.getFirst().flags())
                    .contains(Flag.ANSWERED, Flag.FLAGGED)
                    .doesNotContain(Flag.SEEN, forwarded);
            assertThat(inbox.store(UidSet.of(uid + 1_000), FlagChange.add(Flag.SEEN))).isEmpty();
        }
    }

    @Test
    void storesAKeywordWithOddCharactersOrSaysThatTheServerDoesNot() {
        append("Subject: odd\r\n\r\nx\r\n");
        var odd = new Flag("$Fwd/2026:a+b~c&d");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            long uid = uids(newest(inbox, 1)).getFirst();
            if (server == RealServer.COURIER) {
                assertThatThrownBy(() -> inbox.store(UidSet.of(uid), FlagChange.add(odd)))
                        .isInstanceOf(ImapException.NotPossible.class);
            } else {
                inbox.store(UidSet.of(uid), FlagChange.add(odd));
                assertThat(inbox.fetch(uid, FLAGS).flags()).contains(odd);
            }
        }
    }

    @Test
    void copiesAndMoves() {
        var target = mailbox("Target");
        connection.create(target);
        append("Subject: to copy\r\n\r\nx\r\n");
        append("Subject: to move\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = uids(newest(inbox, 1));

            var copied = inbox.copy(UidSet.of(uids.get(0)), target);
            var moved = inbox.move(UidSet.of(uids.get(1)), target);

            assertThat(subjects(newest(inbox, 1))).containsExactly("to copy");
            if (connection.capabilities().uidPlus()) {
                assertThat(copied.uids()).containsOnlyKeys(uids.get(0));
                assertThat(moved.uids()).containsOnlyKeys(uids.get(1));
            }
        }
        try (var there = connection.select(target, Access.READ_ONLY)) {
            assertThat(subjects(newest(there, 1))).containsExactly("to copy", "to move");
        }
    }

    @Test
    void changesManyAndTellsWhatBecameOfEach() {
        var target = mailbox("Target");
        connection.create(target);
        for (int i = 1; i <= 6; i++) {
            append("Subject: m" + i + "\r\n\r\nx\r\n");
        }
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = uids(newest(inbox, 1));
            inbox.expunge(UidSet.of(uids.get(5)));
            var seen = new BulkChange.Store(FlagChange.add(Flag.SEEN));

            var stored = inbox.apply(UidSet.of(uids), seen);
            var copied = inbox.apply(UidSet.of(uids), new BulkChange.Copy(target));
            var moved =
                    inbox.apply(
                            UidSet.of(uids.get(0), uids.get(1), uids.get(5)),
                            new BulkChange.Move(target));
            var removed =
                    inbox.apply(
                            UidSet.of(uids.get(1), uids.get(2), uids.get(3)),
                            new BulkChange.Expunge());

            assertThat(stored.subList(0, 5))
                    .allSatisfy(fate -> assertThat(done(fate).flags()).contains(Flag.SEEN));
            assertThat(stored.getLast()).isEqualTo(new MessageOutcome.Gone(uids.get(5)));
            assertThat(copied.subList(0, 5)).allSatisfy(ImapContractIT::done);
            assertThat(copied.getLast()).isEqualTo(new MessageOutcome.Gone(uids.get(5)));
            assertThat(moved.subList(0, 2)).allSatisfy(ImapContractIT::done);
            assertThat(moved.getLast()).isEqualTo(new MessageOutcome.Gone(uids.get(5)));
            assertThat(removed.getFirst()).isEqualTo(new MessageOutcome.Gone(uids.get(1)));
            assertThat(removed.subList(1, 3)).allSatisfy(ImapContractIT::done);
            assertThat(subjects(newest(inbox, 1))).containsExactly("m5");
        }
        try (var there = connection.select(target, Access.READ_ONLY)) {
            assertThat(subjects(newest(there, 1)))
                    .containsExactly("m1", "m2", "m3", "m4", "m5", "m1", "m2");
        }
    }

    @Test
    void sparesWhatIsMarkedAndNotNamedWhenManyGo() {
        for (int i = 1; i <= 4; i++) {
            append("Subject: m" + i + "\r\n\r\nx\r\n");
        }
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = uids(newest(inbox, 1));
            inbox.store(UidSet.of(uids.get(1)), FlagChange.add(Flag.DELETED));

            inbox.apply(UidSet.of(uids.get(0), uids.get(3)), new BulkChange.Expunge());

            assertThat(subjects(newest(inbox, 1))).containsExactly("m2", "m3");
            assertThat(inbox.fetch(uids.get(1), FLAGS).flags()).contains(Flag.DELETED);
        }
    }

    @Test
    void tellsOfEachThatTheDestinationDoesNotExist() {
        append("Subject: stays\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = UidSet.of(uids(newest(inbox, 1)));

            for (var change :
                    List.of(
                            new BulkChange.Copy(mailbox("Nowhere")),
                            new BulkChange.Move(mailbox("Nowhere")))) {
                assertThat(inbox.apply(uids, change))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                MessageOutcome.Refused.class,
                                fate ->
                                        assertThat(fate.reason())
                                                .isInstanceOf(ImapException.MailboxNotFound.class));
            }
            assertThat(subjects(newest(inbox, 1))).containsExactly("stays");
        }
    }

    private static MessageOutcome.Done done(MessageOutcome fate) {
        assertThat(fate).isInstanceOf(MessageOutcome.Done.class);
        return (MessageOutcome.Done) fate;
    }

    @Test
    void refusesADestinationThatDoesNotExist() {
        append("Subject: stays\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = UidSet.of(uids(newest(inbox, 1)));
            var nowhere = mailbox("Nowhere");

            assertThatThrownBy(() -> inbox.copy(uids, nowhere))
                    .isInstanceOf(ImapException.MailboxNotFound.class);
            assertThatThrownBy(() -> inbox.move(uids, nowhere))
                    .isInstanceOf(ImapException.MailboxNotFound.class);
            assertThat(subjects(newest(inbox, 1))).containsExactly("stays");
        }
    }

    @Test
    void saysWhatDoesNotExist() {
        append("Subject: here\r\n\r\nx\r\n");
        assertThatThrownBy(() -> connection.select(mailbox("Nowhere"), Access.READ_ONLY))
                .isInstanceOf(ImapException.MailboxNotFound.class);
        assertThatThrownBy(() -> connection.status(mailbox("Nowhere")))
                .isInstanceOf(ImapException.MailboxNotFound.class);
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            long uid = uids(newest(inbox, 1)).getFirst();

            assertThatThrownBy(() -> inbox.fetch(uid + 1, FLAGS))
                    .isInstanceOf(ImapException.MessageNotFound.class);
            assertThatThrownBy(() -> inbox.open(uid + 1, SectionRange.first(Section.MESSAGE, 10)))
                    .isInstanceOf(ImapException.MessageNotFound.class);
            assertThat(subjects(newest(inbox, 1))).containsExactly("here");
        }
    }

    @Test
    void searches() {
        append(
                "Subject: Rechnung\r\nFrom: Ada <ada@example.org>\r\nTo: bob@example.org\r\n\r\nBitte zahlen.\r\n");
        append(
                "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nFrom: Bob <bob@example.org>\r\n\r\nHallo Welt.\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_WRITE)) {
            var uids = uids(newest(inbox, 1));
            long first = uids.get(0);
            long second = uids.get(1);
            inbox.store(UidSet.of(first), FlagChange.add(Flag.SEEN));

            assertFound(inbox, new SearchTerm.All(), first, second);
            assertFound(inbox, new SearchTerm.HasFlag(Flag.SEEN), first);
            assertFound(inbox, new SearchTerm.Not(new SearchTerm.HasFlag(Flag.SEEN)), second);
            assertFound(inbox, new SearchTerm.From("ada@example.org"), first);
            assertFound(inbox, new SearchTerm.Subject("rechnung"), first);
            assertFound(inbox, new SearchTerm.Text("zahlen"), first);
            assertFound(
                    inbox,
                    new SearchTerm.Or(
                            new SearchTerm.From("ada@example.org"),
                            new SearchTerm.From("bob@example.org")),
                    first,
                    second);
            assertFound(
                    inbox,
                    new SearchTerm.And(
                            List.of(
                                    new SearchTerm.From("bob@example.org"),
                                    new SearchTerm.Subject("nope"))));
            assertFound(inbox, new SearchTerm.Smaller(1_000_000), first, second);
            assertFound(inbox, new SearchTerm.Larger(1_000_000));
            assertFound(inbox, new SearchTerm.Since(LocalDate.of(2026, 2, 1)), first, second);
            assertFound(inbox, new SearchTerm.Before(LocalDate.of(2026, 2, 1)));
            assertFound(inbox, new SearchTerm.Uids(UidSet.of(second)), second);
            assertFound(inbox, new SearchTerm.Subject("a \"quoted\" \\ text"));
        }
    }

    @Test
    void visitsManyMailboxesAndTellsOfEachWhatItSays() {
        var personal = connection.namespaces().personal().getFirst();
        var first = MailboxName.of(personal.prefix() + "Visit-1");
        var missing = MailboxName.of(personal.prefix() + "Visit-2");
        connection.create(first);
        append("Subject: one\r\n\r\nx\r\n");
        append(connection, first, "Subject: two\r\nFrom: a@example.org\r\n\r\ny\r\n");
        var term = new SearchTerm.Subject("e");
        var items = FetchItems.of(FetchItem.ENVELOPE);

        var outcomes =
                connection.visit(
                        List.of(
                                ExamineRequest.search(MailboxName.INBOX, term),
                                ExamineRequest.search(missing, term),
                                new ExamineRequest(
                                        first,
                                        new SearchTerm.From("a@example.org"),
                                        null,
                                        List.of(FetchRequest.uids(UidSet.from(1), items)),
                                        false),
                                ExamineRequest.search(MailboxName.INBOX, new SearchTerm.All())));

        assertThat(outcomes.get(0).orThrow().found().size()).isEqualTo(1);
        assertThatThrownBy(outcomes.get(1)::orThrow)
                .isInstanceOf(ImapException.MailboxNotFound.class);
        var visited = outcomes.get(2).orThrow();
        assertThat(subjects(visited.fetched().getFirst())).containsExactly("two");
        assertThat(visited.found())
                .isEqualTo(UidSet.of(visited.fetched().getFirst().getFirst().uid()));
        assertThat(visited.state().messages()).isEqualTo(1);
        assertThat(outcomes.get(3).orThrow().found().size()).isEqualTo(1);
    }

    @Test
    void searchesForTextThatIsNotAscii() {
        append("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nx\r\n");
        append("Subject: other\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var uids = uids(newest(inbox, 1));

            assertFound(inbox, new SearchTerm.Subject("Grüße"), uids.getFirst());
        }
    }

    @Test
    void listsMailboxesWithNamesOfAllKindsAndTheirCounters() {
        // Cyrus does not allow quotation marks in names.
        var last = server == RealServer.CYRUS ? "2026 Q1" : "2026 \"Q1\"";
        var name = mailbox("Entwürfe & Pläne" + delimiter() + last);
        connection.create(name);
        connection.append(name, Set.of(Flag.SEEN), ARRIVED, stream("Subject: a\r\n\r\nx\r\n"), 17);
        connection.append(name, Set.of(), ARRIVED, stream("Subject: b\r\n\r\nx\r\n"), 17);

        var listed =
                connection.list(true).stream()
                        .filter(mailbox -> mailbox.name().equals(name))
                        .findFirst()
                        .orElseThrow();

        assertThat(listed.name().decoded()).endsWith("Entwürfe & Pläne" + delimiter() + last);
        assertThat(listed.selectable()).isTrue();
        assertThat(listed.status()).isNotNull();
        assertThat(listed.status().messages()).isEqualTo(2);
        assertThat(listed.status().unseen()).isEqualTo(1);
        // MAILBOXID is asked for with the list
        assertThat(connection.status(name))
                .usingRecursiveComparison()
                .ignoringFields("mailboxId")
                .isEqualTo(listed.status());
        try (var open = connection.select(name, Access.READ_ONLY)) {
            assertThat(open.state().uidValidity())
                    .isEqualTo(Objects.requireNonNull(listed.status()).uidValidity());
            assertThat(subjects(newest(open, 1))).containsExactly("a", "b");
        }
        connection.delete(name);
        assertThat(connection.list(false)).extracting(ListedMailbox::name).doesNotContain(name);
        assertThat(connection.list(false))
                .extracting(ListedMailbox::name)
                .contains(MailboxName.INBOX);
    }

    @Test
    void saysThatAMailboxExistsAlready() {
        var name = mailbox("Twice");
        connection.create(name);

        assertThatThrownBy(() -> connection.create(name))
                .isInstanceOfAny(
                        ImapException.MailboxExists.class, ImapException.NotPossible.class);
    }

    @Test
    void streamsALargePartAndGoesOnWithTheSameConnection() throws IOException {
        var octets = new byte[3_000_000];
        new Random(7).nextBytes(octets);
        append(withAttachment(octets));
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            long uid = uids(newest(inbox, 1)).getFirst();
            byte[] encoded;
            try (var stream =
                    inbox.open(uid, SectionRange.first(Section.part("2"), Long.MAX_VALUE))) {
                encoded = stream.readAllBytes();
                assertThat((long) encoded.length).isEqualTo(stream.length());
            }
            assertThat(Base64.getMimeDecoder().decode(encoded)).isEqualTo(octets);

            try (var stream =
                    inbox.open(uid, new SectionRange(Section.part("2"), 1_000_000, 500))) {
                assertThat(stream.readAllBytes())
                        .isEqualTo(Arrays.copyOfRange(encoded, 1_000_000, 1_000_500));
            }
            try (var stream = inbox.open(uid, new SectionRange(Section.part("2"), 10, 20_000))) {
                assertThat(stream.readNBytes(5)).hasSize(5); // the rest is left unread
            }
            assertThat(inbox.fetch(uid, FLAGS).uid()).isEqualTo(uid);
        }
    }

    @Test
    void saysThatAPartIsMissing() {
        append("Subject: one part\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            long uid = uids(newest(inbox, 1)).getFirst();

            // For a missing part some servers answer NIL, some an empty string, one an empty line.
            try (var stream = inbox.open(uid, SectionRange.first(Section.part("7.7"), 100))) {
                assertThat(stream.length()).isLessThan(2);
            } catch (ImapException.PartNotFound
                    | ImapException.MessageNotFound
                    | ImapException.NotPossible e) {
                assertThat(e).isNotNull();
            }
            assertThat(inbox.fetch(uid, FLAGS).uid()).isEqualTo(uid);
        }
    }

    @Test
    void numbersThePartsOfANestedMessage() {
        append(
                """
                Subject: outer
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=a

                --a
                Content-Type: text/plain; charset=utf-8

                hello
                --a
                Content-Type: message/rfc822

                Subject: inner
                From: Ada <ada@example.org>
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary=b

                --b
                Content-Type: text/plain

                plain
                --b
                Content-Type: text/html

                <p>html</p>
                --b--
                --a
                Content-Type: application/pdf; name="x.pdf"
                Content-Disposition: attachment; filename="x.pdf"
                Content-Transfer-Encoding: base64

                AAAA
                --a--
                """
                        .replace("\n", "\r\n"));

        var structure = Objects.requireNonNull(onlyMessage(EVERYTHING).bodyStructure());

        var singles =
                structure
                        .walk()
                        .filter(part -> !part.multipart())
                        .map(part -> part.partId() + " " + part.mediaType())
                        .toList();
        assertThat(singles)
                .containsExactly(
                        "1 text/plain",
                        "2 message/rfc822",
                        "2.1 text/plain",
                        "2.2 text/html",
                        "3 application/pdf");
        var inner = structure.children().get(1);
        assertThat(Objects.requireNonNull(inner.envelope()).subject())
                .isEqualTo(RawText.of("inner"));
        var pdf = structure.children().get(2);
        assertThat(pdf.disposition()).isEqualTo("attachment");
        assertThat(pdf.dispositionParameters().get("filename")).isEqualTo(RawText.of("x.pdf"));
        assertThat(pdf.encoding()).isEqualTo("base64");
    }

    @Test
    void readsATreeOfAHundredLevels() {
        var body = new StringBuilder("Content-Type: text/plain\r\n\r\ndeep down\r\n");
        for (int level = 0; level < 100; level++) {
            body.insert(
                    0,
                    "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
                            .formatted(level, level));
            body.append("--b%d--\r\n".formatted(level));
        }
        append("Subject: deep\r\nMIME-Version: 1.0\r\n" + body);
        append("Subject: after\r\n\r\nx\r\n");
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var messages =
                    inbox.fetch(
                                    List.of(
                                            FetchRequest.places(
                                                    1,
                                                    FetchRequest.BySequenceNumber.END,
                                                    EVERYTHING)))
                            .getFirst();

            assertThat(subjects(messages)).containsExactly("deep", "after");
            assertThat(
                            Objects.requireNonNull(messages.getFirst().bodyStructure())
                                    .walk()
                                    .map(BodyPart::type))
                    .contains("multipart");
        }
    }

    @Test
    void losesNoMessageForBeingMalformed() {
        var malformed =
                List.of(
                        "Subject: bad address\r\nFrom: Some Body <not an address>\r\nTo: <@x>, a@@b..c, \"\r\n\r\nx\r\n",
                        "Subject: id\r\nMessage-ID: <a\"b\"c@d>\r\nIn-Reply-To: \"\\\"\r\n\r\nx\r\n",
                        "Subject: Gr\u00fc\u00dfe 8bit\r\nFrom: J\u00fcrgen <j@example.org>\r\n\r\nx\r\n",
                        "Subject: no end\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nnever closed\r\n",
                        "Subject: type\r\nContent-Type: nonsense; =; charset\r\nContent-Disposition: ;;\r\n\r\nx\r\n",
                        "Subject: group\r\nTo: undisclosed-recipients:;\r\n\r\nx\r\n",
                        "\r\nno header at all\r\n",
                        "Subject: (parens) [brackets] {12}\r\nFrom: \"quoted \\\" name\" <a@b.c>\r\n\r\nx\r\n");
        for (var message : malformed) {
            append(message);
        }
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var messages =
                    inbox.fetch(
                                    List.of(
                                            FetchRequest.places(
                                                    1,
                                                    FetchRequest.BySequenceNumber.END,
                                                    EVERYTHING)))
                            .getFirst();

            assertThat(messages).hasSize(malformed.size());
            assertThat(messages)
                    .allSatisfy(message -> {
                        assertThat(message.uid()).isPositive();
                        assertThat(message.envelope()).isNotNull();
                        assertThat(message.bodyStructure()).isNotNull();
                        assertThat(message.flags()).isNotNull();
                    });
        }
    }

    @Test
    void appendsALargeMessageFromAStream() throws IOException {
        var octets = new byte[2_000_000];
        new Random(9).nextBytes(octets);
        var message = withAttachment(octets);
        append(message);
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var only = newest(inbox, 1).getFirst();

            try (var stream =
                    inbox.open(only.uid(), SectionRange.first(Section.MESSAGE, Long.MAX_VALUE))) {
                assertThat(new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .isEqualTo(message);
            }
        }
    }

    @Test
    void saysWhoItIs() {
        assertThat(connection.serverId()).isNotNull();
        assertThat(connection.namespaces().personal()).isNotEmpty();
    }

    private FetchedMessage onlyMessage(FetchItems items) {
        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var messages =
                    inbox.fetch(
                                    List.of(
                                            FetchRequest.places(
                                                    1, FetchRequest.BySequenceNumber.END, items)))
                            .getFirst();
            assertThat(messages).hasSize(1);
            return messages.getFirst();
        }
    }

    private static List<FetchedMessage> newest(SelectedMailbox mailbox, long first) {
        var items = FetchItems.of(FetchItem.ENVELOPE, FetchItem.FLAGS, FetchItem.MOD_SEQ);
        var messages = new ArrayList<FetchedMessage>();
        do { // the NOOP may report new messages before or after the FETCH
            long next = messages.isEmpty() ? first : messages.getLast().place() + 1;
            messages.addAll(
                    mailbox.fetch(
                                    List.of(
                                            FetchRequest.places(
                                                    next,
                                                    FetchRequest.BySequenceNumber.END,
                                                    items)))
                            .getFirst());
        } while (mailbox.state().messages() >= first
                && (messages.isEmpty() || messages.getLast().place() < mailbox.state().messages()));
        return messages;
    }

    private static void assertFound(SelectedMailbox mailbox, SearchTerm term, long... uids) {
        assertThat(mailbox.search(term)).as("%s", term).isEqualTo(UidSet.of(uids));
    }

    private static List<Long> uids(List<FetchedMessage> messages) {
        return messages.stream().map(FetchedMessage::uid).toList();
    }

    private static List<String> subjects(List<FetchedMessage> messages) {
        return messages.stream()
                .map(message ->
                        String.valueOf(Objects.requireNonNull(message.envelope()).subject()))
                .collect(Collectors.toList());
    }

    private void append(String message) {
        append(connection, message);
    }

    private static void append(ImapConnection connection, String message) {
        append(connection, MailboxName.INBOX, message);
    }

    private static void append(ImapConnection connection, MailboxName mailbox, String message) {
        var octets = message.getBytes(StandardCharsets.ISO_8859_1);
        connection.append(
                mailbox, Set.of(), ARRIVED, new ByteArrayInputStream(octets), octets.length);
    }

    private static ByteArrayInputStream stream(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.US_ASCII));
    }

    static String withAttachment(byte[] octets) {
        return "Subject: big\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\n--zz\r\n\r\ntext\r\n"
                + "--zz\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(octets)
                + "\r\n--zz--\r\n";
    }

    private String prefix() {
        return connection.namespaces().personal().getFirst().prefix();
    }

    private String delimiter() {
        return String.valueOf(connection.namespaces().personal().getFirst().delimiter());
    }

    private MailboxName mailbox(String name) {
        return MailboxName.of(prefix() + name);
    }
}
