package postern.imap.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.Access;
import postern.imap.Copied;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchRequest.BySequenceNumber;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/** Invalid answers to FETCH, SEARCH and COPY. */
@Timeout(30)
class FetchQuirksTest {

    private static final FetchItems FLAGS = FetchItems.of(FetchItem.FLAGS);
    private static final FetchItems LIST =
            FetchItems.of(FetchItem.ENVELOPE, FetchItem.FLAGS, FetchItem.BODY_STRUCTURE);
    private static final String FROM = "BODY.PEEK[HEADER.FIELDS (FROM)]<0.131072>";
    private static final String EXISTS = "* 3 EXISTS";
    private static final String WANTED = "(UID BODYSTRUCTURE ENVELOPE FLAGS)";
    private static final String ENVELOPE = "ENVELOPE (NIL \"%s\" NIL NIL NIL NIL NIL NIL NIL NIL)";
    private static final String TEXT =
            "BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1)";

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    @Quirk(
            server = "UW IMAP, Exchange",
            does = "tells some messages of a FETCH by places and then refuses it",
            answer = "that is no list; it looks again, and then lists all or fails")
    void takesNoRefusedFetchForAList() {
        holds(3);
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply("* 1 FETCH (UID 1 FLAGS ())", "NO Message 2 cannot be read");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> all(inbox, FLAGS)).isInstanceOf(ImapException.class);
        }
    }

    @Test
    void answersNothingForPlacesThatWentAtTheNoop() {
        holds(3);
        server.expect("NOOP").reply("* 3 EXPUNGE", "* 2 EXPUNGE", "OK");
        server.expect("FETCH 2:3 (UID FLAGS)").reply("BAD invalid message set");

        try (var inbox = inbox()) {
            assertThat(inbox.fetch(List.of(FetchRequest.places(2, 3, FLAGS))).getFirst()).isEmpty();
        }
    }

    @Test
    @Quirk(
            does = "answers a FETCH by places without a UID, or with UID 0",
            answer = "the message is asked for once more by its place, and listed")
    void asksAgainForAMessageWithoutAUid() {
        holds(3);
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply(
                        "* 1 FETCH (FLAGS (\\Seen))",
                        "* 2 FETCH (UID 0 FLAGS ())",
                        "* 3 FETCH (UID 9 FLAGS ())",
                        "OK");
        server.expect("FETCH 1:1 (UID)").reply("* 1 FETCH (UID 7)", "OK");
        server.expect("FETCH 2:2 (UID)").reply("* 2 FETCH (UID 8)", "OK");

        try (var inbox = inbox()) {
            var messages = all(inbox, FLAGS);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(7L, 8L, 9L);
            assertThat(messages.getFirst().flags()).containsExactly(Flag.SEEN);
            assertThat(messages).noneMatch(FetchedMessage::degraded);
        }
    }

    @Test
    void failsWhereTheServerNeverTellsTheUid() {
        holds(1);
        server.expect("FETCH 1:* (UID FLAGS)").reply("* 1 FETCH (FLAGS ())", "OK");
        server.expect("FETCH 1:1 (UID)").reply("OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> all(inbox, FLAGS))
                    .isInstanceOf(ImapException.ProtocolError.class);
        }
    }

    @Test
    @Quirk(
            does = "leaves a message out of the answer to a FETCH by places, and says OK",
            answer =
                    "the message is asked for once more; if it is left out again, that is an error")
    void asksAgainForAMessageThatIsLeftOut() {
        holds(4);
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply("* 1 FETCH (UID 1 FLAGS ())", "* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("FETCH 2:2 (UID FLAGS)").reply("* 2 FETCH (UID 2 FLAGS (\\Seen))", "OK");
        server.expect("FETCH 4:4 (UID FLAGS)").reply("* 4 FETCH (UID 4 FLAGS ())", "OK");

        try (var inbox = inbox()) {
            assertThat(all(inbox, FLAGS))
                    .extracting(FetchedMessage::uid)
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void failsWhereAMessageIsLeftOutTwice() {
        holds(2);
        server.expect("FETCH 1:* (UID FLAGS)").reply("* 1 FETCH (UID 1 FLAGS ())", "OK");
        server.expect("FETCH 2:2 (UID FLAGS)").reply("OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> all(inbox, FLAGS))
                    .isInstanceOf(ImapException.ProtocolError.class);
        }
    }

    @Test
    @Quirk(
            does = "leaves out items that it was asked for, such as INTERNALDATE",
            answer =
                    "they are asked for once more; what is still missing makes the message degraded")
    void asksAgainForItemsThatAreLeftOut() {
        holds(2);
        server.expect("FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)")
                .reply(
                        "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5)",
                        "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 6)",
                        "OK");
        server.expect("UID FETCH 1:2 (UID INTERNALDATE)")
                .reply(
                        "* 1 FETCH (UID 1 INTERNALDATE \"01-Mar-2026 12:00:00 +0000\")",
                        "* 2 FETCH (UID 2)",
                        "OK");

        try (var inbox = inbox()) {
            var items = FLAGS.with(FetchItem.INTERNAL_DATE).with(FetchItem.SIZE);
            var messages = all(inbox, items);

            assertThat(messages).extracting(FetchedMessage::size).containsExactly(5L, 6L);
            assertThat(messages.getFirst().internalDate()).isNotNull();
            assertThat(messages.getLast().internalDate()).isNull();
            assertThat(messages).extracting(FetchedMessage::degraded).containsExactly(false, true);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tea\r\n* 2 EXPUNGE\r\n* 99 EXISTS",
                "tea\n* 2 EXPUNGE\n",
                "tea)\r\n* 2 FETCH (UID 66 FLAGS (\\\\Seen))\r\n",
                "tea {9}\r\n* BYE\r\n"
            })
    @Quirk(
            does = "copies a line end out of a message into a quoted string",
            answer =
                    "what stands behind it is part of the string, whatever it looks like; that"
                            + " message is degraded, and the others are listed")
    void believesNoResponseThatStandsWithinAQuotedString(String subject) {
        holds(2);
        server.expect("FETCH 1:* " + WANTED)
                .octets(
                        "* 1 FETCH (UID 1 FLAGS () %s %s)\r\n"
                                        .formatted(ENVELOPE.formatted(subject), TEXT)
                                + "* 2 FETCH (UID 2 FLAGS () %s %s)\r\n"
                                        .formatted(ENVELOPE.formatted("whole"), TEXT))
                .reply("OK");
        header("1", "(UID BODY.PEEK[HEADER]<0.262144>)", "Subject: of the header\r\n\r\n");

        try (var inbox = inbox()) {
            var messages = all(inbox, LIST);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(1L, 2L);
            assertThat(messages).extracting(FetchedMessage::degraded).containsExactly(true, false);
            assertThat(messages).allMatch(message -> requireNonNull(message.flags()).isEmpty());
            assertThat(messages)
                    .extracting(FetchQuirksTest::subject)
                    .containsExactly("of the header", "whole");
            assertThat(inbox.state().messages()).isEqualTo(2);
        }
    }

    /**
     * The line may be a real response or text of the message's sender, so that the connection is
     * closed.
     */
    @ParameterizedTest
    @ValueSource(strings = {"tea\r\nP2 OK done\r\n", "tea\r\nP3 NO\r\n"})
    void believesNoEndOfACommandThatStandsWithinAQuotedString(String subject) {
        holds(1);
        server.expect("FETCH 1:* " + WANTED)
                .octets(
                        "* 1 FETCH (UID 1 FLAGS () %s %s)\r\n"
                                .formatted(ENVELOPE.formatted(subject), TEXT))
                .reply("OK");

        try (var connection = connect();
                var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThatThrownBy(() -> all(inbox, LIST))
                    .isInstanceOf(ImapException.ConnectionLost.class);
            assertThat(connection.usable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"say \"hi\" to me", "a 5\" disk", "\"", "\"\"", "x\" (y"})
    @Quirk(
            does = "does not escape quotation marks in a subject",
            answer = "the envelope is read from the header, and the structure is the server's own")
    void findsTheEndOfAResponseWithUnescapedQuotes(String subject) {
        holds(2);
        server.expect("FETCH 1:* " + WANTED)
                .reply(
                        "* 1 FETCH (UID 1 FLAGS (\\Seen) %s %s)"
                                .formatted(TEXT, ENVELOPE.formatted(subject)),
                        "* 2 FETCH (UID 2 FLAGS () %s %s)"
                                .formatted(ENVELOPE.formatted("whole"), TEXT),
                        "OK");
        header("1", "(UID BODY.PEEK[HEADER]<0.262144>)", "Subject: of the header\r\n\r\n");

        try (var inbox = inbox()) {
            var messages = all(inbox, LIST);

            assertThat(messages)
                    .extracting(FetchQuirksTest::subject)
                    .containsExactly("of the header", "whole");
            assertThat(messages.getFirst().flags()).containsExactly(Flag.SEEN);
            assertThat(requireNonNull(messages.getFirst().bodyStructure()).size()).isEqualTo(8);
            assertThat(messages).extracting(FetchedMessage::degraded).containsExactly(true, false);
        }
    }

    @Test
    void believesNoItemsThatASenderWroteWhereQuotesAreNotEscaped() {
        holds(1);
        var forged = "x\" NIL NIL NIL NIL NIL NIL NIL NIL) UID 66 FLAGS (\\Seen))";
        server.expect("FETCH 1:* " + WANTED)
                .reply("* 1 FETCH (%s UID 1 FLAGS ())".formatted(ENVELOPE.formatted(forged)), "OK");
        header("FETCH 1:1", "(UID BODYSTRUCTURE FLAGS BODY.PEEK[HEADER]<0.262144>)", "\r\n");

        try (var inbox = inbox()) {
            var messages = all(inbox, LIST);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(1L);
            assertThat(messages.getFirst().flags()).isEmpty();
            assertThat(messages.getFirst().degraded()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "sends an ENVELOPE of nine fields beside a good BODYSTRUCTURE",
            answer = "the envelope is made from the header, and the structure stays")
    void keepsTheStructureBesideABadEnvelope() {
        holds(1);
        server.expect("FETCH 1:* " + WANTED)
                .reply(
                        "* 1 FETCH (UID 1 FLAGS () ENVELOPE (NIL \"x\" NIL NIL NIL NIL NIL NIL NIL) "
                                + TEXT
                                + ")",
                        "OK");
        header("1", "(UID BODY.PEEK[HEADER]<0.262144>)", "Subject: of the header\r\n\r\n");

        try (var inbox = inbox()) {
            var message = all(inbox, LIST).getFirst();

            assertThat(subject(message)).isEqualTo("of the header");
            assertThat(requireNonNull(message.bodyStructure()).size()).isEqualTo(8);
            assertThat(message.degraded()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "describes one part of a multipart in a way that nobody can read",
            answer = "that part is a file of no known type; all others are as they are described")
    void keepsThePartsBesideABadOne() {
        holds(1);
        var part = "(\"application\" \"pdf\" (\"name\" \"%d.pdf\") NIL NIL \"base64\" 9)";
        var parts = new StringBuilder();
        for (int number = 1; number <= 10; number++) {
            parts.append(number == 4 ? "(\"application\" ((\"pdf\")) 9)" : part.formatted(number));
        }
        server.expect("FETCH 1:* " + WANTED)
                .reply(
                        "* 1 FETCH (UID 1 FLAGS () BODYSTRUCTURE (%s \"mixed\") %s)"
                                .formatted(parts, ENVELOPE.formatted("ten")),
                        "OK");

        try (var inbox = inbox()) {
            var message = all(inbox, LIST).getFirst();
            var children = requireNonNull(message.bodyStructure()).children();

            assertThat(children)
                    .extracting(BodyPart::partId)
                    .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
            assertThat(children.get(3).mediaType()).isEqualTo("application/octet-stream");
            assertThat(children).filteredOn(it -> it.subtype().equals("pdf")).hasSize(9);
            assertThat(subject(message)).isEqualTo("ten");
            assertThat(message.degraded()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "has keywords with parentheses in them",
            answer = "all flags are told, and those keywords as they are")
    void readsKeywordsWithParentheses() {
        holds(3);
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply(
                        "* 1 FETCH (FLAGS (a(b) \\Seen) UID 1)",
                        "* 2 FETCH (FLAGS (\\Seen done) $x) UID 2)",
                        "* 3 FETCH (UID 3 FLAGS (\\Seen :-)))",
                        "OK");

        try (var inbox = inbox()) {
            var messages = all(inbox, FLAGS);

            assertThat(messages).allMatch(message -> has(message, "\\Seen"));
            assertThat(has(messages.get(0), "a(b)")).isTrue();
            assertThat(has(messages.get(1), "done)") && has(messages.get(1), "$x")).isTrue();
            assertThat(has(messages.get(2), ":-)")).isTrue();
            assertThat(messages).noneMatch(FetchedMessage::degraded);
        }
    }

    @Test
    @Quirk(
            does = "tells no flags of a message, or none that can be read",
            answer = "they are asked for alone; else the message is listed without keywords")
    void leavesFlagsUnknownThatCannotBeRead() {
        holds(2);
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply("* 1 FETCH (UID 1 FLAGS NIL)", "* 2 FETCH (UID 2)", "OK");
        server.expect("UID FETCH 1:2 (UID FLAGS)")
                .reply("* 1 FETCH (UID 1 FLAGS NIL)", "* 2 FETCH (UID 2 FLAGS (\\Seen))", "OK");

        try (var inbox = inbox()) {
            var messages = all(inbox, FLAGS);

            assertThat(messages.getFirst().flags()).isNull();
            assertThat(messages.getFirst().degraded()).isTrue();
            assertThat(messages.getLast().flags()).containsExactly(Flag.SEEN);
            assertThat(messages.getLast().degraded()).isFalse();
        }
    }

    @Test
    @Quirk(does = "sends blank lines between responses", answer = "they are passed over")
    void passesOverBlankLines() {
        holds(1);
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply("", "* 1 FETCH (UID 1 FLAGS ())", "", "", "OK");

        try (var inbox = inbox()) {
            assertThat(all(inbox, FLAGS)).hasSize(1);
        }
    }

    @Test
    @Quirk(does = "answers SEARCH with 0 where it found nothing", answer = "nothing was found")
    void findsNothingInAZero() {
        server.expect("UID SEARCH ALL").reply("* SEARCH 0", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.All()).isEmpty()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "writes UIDVALIDITY as a number with a sign",
            answer = "it is the number of 32 bits that was meant")
    void readsANegativeUidValidity() {
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY -5] x", "* OK [UIDNEXT 3] x");

        try (var inbox = inbox()) {
            assertThat(inbox.state().uidValidity()).isEqualTo(4_294_967_291L);
        }
    }

    @Test
    @Quirk(
            does = "tells of an EXPUNGE at place 0, or past the end",
            answer = "no message is taken for gone")
    void countsNoExpungeAtAPlaceThatThereIsNot() {
        holds(2);
        server.expect("NOOP").reply("* 0 EXPUNGE", "* 7 EXPUNGE", "OK");

        try (var inbox = inbox()) {
            inbox.fetch(List.of());

            assertThat(inbox.state().messages()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9 1:2 5", "9 1 5:6", "9 1,7 5:6", "9 1:2 5,5", "0 1:2 5:6", "9 1:2 x"})
    @Quirk(
            does = "tells new UIDs of a COPY that cannot be: of other messages, or too few",
            answer = "the copies are looked for, or have no id in the answer")
    void believesNoNewUidsThatCannotBe(String told) {
        server.expect("UID COPY 1:2 \"Archive\"").reply("OK [COPYUID " + told + "] done");

        try (var inbox = inbox()) {
            var copied = inbox.copy(UidSet.range(1, 2), MailboxName.of("Archive"));

            assertThat(copied).isEqualTo(Copied.UNKNOWN);
        }
    }

    @Test
    @Quirk(
            server = "GreenMail",
            does = "tells the first new UID of a range twice",
            answer = "each copy has its id")
    void readsNewUidsThatAreToldTwice() {
        server.expect("UID COPY 1:2 \"Archive\"").reply("OK [COPYUID 9 1,1:2 5,5:6] done");

        try (var inbox = inbox()) {
            var copied = inbox.copy(UidSet.range(1, 2), MailboxName.of("Archive"));

            assertThat(copied).isEqualTo(new Copied(9L, Map.of(1L, 5L, 2L, 6L)));
        }
    }

    private void header(String uid, String items, String header) {
        var command = uid.contains(" ") ? uid : "UID FETCH " + uid;
        server.expect(command + " " + items)
                .octets(
                        "* 1 FETCH (UID 1 FLAGS () %s BODY[HEADER]<0> {%d}\r\n%s)\r\n"
                                .formatted(
                                        items.contains("STRUCTURE") ? TEXT : "",
                                        header.length(),
                                        header))
                .reply("OK");
    }

    private static @Nullable String subject(FetchedMessage message) {
        var envelope = requireNonNull(message.envelope());
        return envelope.subject() == null ? null : envelope.subject().toString();
    }

    private static boolean has(FetchedMessage message, String flag) {
        return requireNonNull(message.flags()).contains(new Flag(flag));
    }

    private static List<FetchedMessage> all(SelectedMailbox mailbox, FetchItems items) {
        return mailbox.fetch(List.of(FetchRequest.places(1, BySequenceNumber.END, items)))
                .getFirst();
    }

    @Test
    @Quirk(
            does = "leaves header fields out of an answer that is whole otherwise",
            answer = "they are asked for once more")
    void asksAgainForHeaderFieldsThatAreLeftOut() {
        server.expect("UID FETCH 3:4 (UID RFC822.SIZE " + FROM + ")")
                .reply(
                        "* 3 FETCH (UID 3 RFC822.SIZE 9)",
                        "* 4 FETCH (UID 4 RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM)]<0> \"From: d\")",
                        "OK");
        server.expect("UID FETCH 3 (UID " + FROM + ")")
                .reply("* 3 FETCH (UID 3 BODY[HEADER.FIELDS (FROM)]<0> \"From: c\")", "OK");

        try (var inbox = inbox()) {
            var items = FetchItems.of(FetchItem.SIZE, FetchItem.FROM);
            var messages = inbox.fetch(UidSet.range(3, 4), items);

            assertThat(messages)
                    .extracting(it -> new String(it.sections().get(items.headerFields())))
                    .containsExactly("From: c", "From: d");
            assertThat(messages).noneMatch(FetchedMessage::degraded);
        }
    }

    @Test
    void asksOnceOnlyForHeaderFieldsThatTheServerNeverTells() {
        server.expect("UID FETCH 3 (UID RFC822.SIZE " + FROM + ")")
                .reply("* 3 FETCH (UID 3 RFC822.SIZE 9)", "OK");
        server.expect("UID FETCH 3 (UID " + FROM + ")").reply("BAD never");
        server.expect("UID FETCH 3 (UID RFC822.SIZE " + FROM + ")")
                .reply("* 3 FETCH (UID 3 RFC822.SIZE 9)", "OK");

        try (var inbox = inbox()) {
            for (int i = 0; i < 2; i++) {
                var items = FetchItems.of(FetchItem.SIZE, FetchItem.FROM);
                assertThat(inbox.fetch(3, items).degraded()).isFalse();
            }
        }
    }

    @Test
    void looksIntoTheRightMailboxForHeaderFieldsThatAVisitLacked() {
        server.expect("EXAMINE \"a\" (CONDSTORE)").reply(EXISTS, "* OK [UIDVALIDITY 7] x", "OK");
        server.expect("UID FETCH 3 (UID RFC822.SIZE " + FROM + ")")
                .reply("* 3 FETCH (UID 3 RFC822.SIZE 9)", "OK");
        server.expect("EXAMINE \"b\" (CONDSTORE)").reply(EXISTS, "* OK [UIDVALIDITY 8] x", "OK");
        server.expect("EXAMINE \"a\" (CONDSTORE)").reply(EXISTS, "* OK [UIDVALIDITY 7] x", "OK");
        server.expect("UID FETCH 3 (UID " + FROM + ")")
                .reply("* 3 FETCH (UID 3 BODY[HEADER.FIELDS (FROM)]<0> \"From: c\")", "OK");

        try (var connection = connect()) {
            var items = FetchItems.of(FetchItem.SIZE, FetchItem.FROM);
            var fetch = FetchRequest.uids(UidSet.of(3), items);
            var visits =
                    List.of(
                            ExamineRequest.fetch(MailboxName.of("a"), List.of(fetch)),
                            ExamineRequest.fetch(MailboxName.of("b"), List.of()));

            var visited = connection.visit(visits).getFirst().orThrow();

            var message = visited.fetched().getFirst().getFirst();
            assertThat(message.sections()).containsKey(items.headerFields());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UID 9 BODY[2] {3}\r\nabc",
                "BODY[2] {3}\r\nabc UID 9",
                "UID 9 BODY[2] \"abc\""
            })
    @Quirk(
            does = "answers with another message's octets",
            answer = "`protocol-error`; a download that has begun is broken off")
    void neverHandsOutAnotherMessagesOctets(String items) {
        server.expect("UID FETCH 3 (UID BODY.PEEK[2])")
                .octets("* 3 FETCH (" + items + ")\r\n")
                .reply("OK");

        try (var inbox = inbox()) {
            var part = SectionRange.first(Section.part("2"), Long.MAX_VALUE);

            assertThatThrownBy(
                            () -> {
                                try (var stream = inbox.open(3, part)) {
                                    stream.readNBytes(3);
                                }
                            })
                    .isInstanceOf(ImapException.ProtocolError.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UID 3 FLAGS () BODY[2] {3}\r\nabc",
                "BODY[2] {3}\r\nabc UID 3",
                "BODY[2] {3}\r\nabc"
            })
    void handsOutWhatIsNotAnotherMessages(String items) throws IOException {
        server.expect("UID FETCH 3 (UID BODY.PEEK[2])")
                .octets("* 9 FETCH (UID 9 FLAGS ())\r\n* 3 FETCH (" + items + ")\r\n")
                .reply("OK");

        try (var inbox = inbox();
                var stream = inbox.open(3, SectionRange.first(Section.part("2"), Long.MAX_VALUE))) {
            assertThat(stream.readAllBytes()).asString().isEqualTo("abc");
        }
    }

    @Test
    @Quirk(
            server = "Courier",
            does =
                    "shows \"message unavailable\" from a System Administrator for a message that"
                            + " another client has removed",
            answer = "the message is gone, once a NOOP has confirmed it")
    void takesNothingThatTheServerMadeUpForAMessage() {
        courier();
        server.expect("FETCH 1:* (UID RFC822.SIZE)")
                .reply(
                        "* 1 FETCH (UID 4 RFC822.SIZE 129)",
                        "* 2 FETCH (UID 5 RFC822.SIZE 129)",
                        "* 3 FETCH (UID 6 RFC822.SIZE 700)",
                        "OK");
        server.expect("NOOP").reply("* 1 EXPUNGE", "OK");
        server.expect("UID FETCH 4:5 (UID FLAGS)").reply("* 1 FETCH (UID 5 FLAGS ())", "OK");

        try (var inbox = inbox()) {
            assertThat(all(inbox, FetchItems.of(FetchItem.SIZE)))
                    .extracting(FetchedMessage::uid)
                    .containsExactly(5L, 6L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This message is no longer available on the server.\r\n",
                "longer available",
                "From: System Administrator <root@localhost>\r\nSubject: message unavailable\r\n\r\n",
                "\r\n",
                ""
            })
    void streamsNoSectionOfWhatTheServerMadeUp(String section) throws IOException {
        var part = SectionRange.first(Section.part("1"), Long.MAX_VALUE);
        courier();
        server.expect("UID FETCH 4 (UID BODY.PEEK[1])").octets(fetched(section)).reply("OK");
        server.expect("NOOP").reply("* 1 EXPUNGE", "OK");
        server.expect("UID FETCH 4 (UID FLAGS)").reply("OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.open(4, part))
                    .isInstanceOf(ImapException.MessageNotFound.class);
        }
    }

    @Test
    void aSectionIsWhatItIsWhereTheMessageIsStillThere() throws IOException {
        var part = SectionRange.first(Section.part("1"), Long.MAX_VALUE);
        courier();
        server.expect("UID FETCH 4 (UID BODY.PEEK[1])").octets(fetched("longer")).reply("OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 4 (UID FLAGS)").reply("* 1 FETCH (UID 4 FLAGS ())", "OK");
        server.expect("UID FETCH 4 (UID BODY.PEEK[1])").octets(fetched("Hello")).reply("OK");

        try (var inbox = inbox()) {
            assertThat(inbox.open(4, part).readAllBytes()).asString().isEqualTo("longer");
            assertThat(inbox.open(4, part).readAllBytes()).asString().isEqualTo("Hello");
        }
    }

    private static String fetched(String section) {
        return "* 1 FETCH (UID 4 BODY[1] {%d}\r\n%s)\r\n".formatted(section.length(), section);
    }

    private void courier() {
        server.capabilities("IMAP4rev1", "ACL2=UNION");
        holds(3);
    }

    private void holds(int messages) {
        server.selected("* " + messages + " EXISTS", "* OK [UIDVALIDITY 1] x");
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }

    private SelectedMailbox inbox() {
        return connect().select(MailboxName.INBOX, Access.READ_ONLY);
    }
}
