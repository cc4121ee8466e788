package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
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
import postern.imap.message.SortKey;
import postern.imap.message.UidSet;
import postern.testserver.ScriptedImapServer;

/** The exact commands of the client. */
class ClientConnectionTest {

    private static final FetchItems LIST =
            FetchItems.of(FetchItem.ENVELOPE, FetchItem.FLAGS, FetchItem.BODY_STRUCTURE);

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    /**
     * Angus' protocol object, which opened the connection, would close the socket in its finalizer.
     */
    @Test
    @SuppressWarnings("removal")
    void staysOpenWhenTheGarbageIsCollected() {
        server.expectMatching("STATUS \"Sent\" .*").reply("OK");

        try (var connection = connect()) {
            System.gc();
            System.runFinalization();

            connection.status(MailboxName.of("Sent"));
        }
    }

    @Test
    void sendsItsRequestsInOneFlush() {
        server.expect("NOOP").reply("* 12 EXISTS", "OK");
        server.expect("FETCH 10:* (UID FLAGS)")
                .reply("* 11 FETCH (UID 21 FLAGS (\\Seen))", "* 12 FETCH (FLAGS () UID 22)", "OK");
        server.expect("UID FETCH 22:4294967295 (UID BODYSTRUCTURE ENVELOPE FLAGS)")
                .reply("OK nothing new");

        try (var inbox = inbox()) {
            var answers =
                    inbox.fetch(
                            List.of(
                                    FetchRequest.places(
                                            10,
                                            FetchRequest.BySequenceNumber.END,
                                            FetchItems.of(FetchItem.FLAGS)),
                                    FetchRequest.uids(UidSet.from(22), LIST)));

            assertThat(answers.get(0)).extracting(FetchedMessage::uid).containsExactly(21L, 22L);
            assertThat(answers.get(1)).isEmpty();
            assertThat(inbox.state().messages()).isEqualTo(12);
        }
    }

    /**
     * Dovecot and Courier do not report messages that arrived after a flush started to the commands
     * of that flush.
     */
    @Test
    void looksForAMessageThatItHasNotHeardOfBeforeItChangesIt() {
        server.expect("NOOP").reply("* 11 EXISTS", "OK");
        server.expect("UID STORE 11 +FLAGS.SILENT (\\Flagged)").reply("OK");
        server.expect("UID FETCH 11 (UID FLAGS MODSEQ)")
                .reply("* 11 FETCH (UID 11 FLAGS (\\Flagged) MODSEQ (5))", "OK");
        server.expect("UID COPY 11 \"Archive\"").reply("OK");

        try (var inbox = inbox()) {
            var stored = inbox.store(UidSet.of(11), FlagChange.add(Flag.FLAGGED));
            inbox.copy(UidSet.of(11), MailboxName.of("Archive"));

            assertThat(stored).extracting(FetchedMessage::uid).containsExactly(11L);
        }
    }

    @Test
    void looksOnceForNewsOfWhichMuchIsDone() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        server.expect("NOOP").reply("* 11 EXISTS", "OK");
        server.expect("UID FETCH 11 (UID FLAGS)").reply("* 11 FETCH (UID 11 FLAGS ())", "OK");
        server.expect("UID COPY 11 \"Archive\"").reply("OK [COPYUID 9 11 1] done");
        server.expect("UID FETCH 11 (UID FLAGS)").reply("* 11 FETCH (UID 11 FLAGS ())", "OK");
        server.expect("UID STORE 11 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 11 (UID FLAGS)")
                .reply("* 11 FETCH (UID 11 FLAGS (\\Deleted))", "OK");
        server.expect("UID EXPUNGE 11").reply("* 11 EXPUNGE", "OK");

        try (var inbox = inbox()) {
            inbox.apply(UidSet.of(11), new BulkChange.Move(MailboxName.of("Archive")));
        }

        // one NOOP for new messages, and one in the flush of each step
        assertThat(server.commands()).filteredOn("NOOP"::equals).hasSize(3);
    }

    @Test
    void looksForNewsBeforeItTellsTheSizeOfAPart() {
        server.capabilities("IMAP4rev1", "BINARY");
        server.expect("NOOP").reply("* 11 EXISTS", "OK");
        server.expect("UID FETCH 11 (UID BINARY.SIZE[2])")
                .reply("* 11 FETCH (UID 11 BINARY.SIZE[2] 7)", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.decodedSize(11, "2")).hasValue(7);
        }
    }

    @Test
    void keepsFetchesApartThatAreAnsweredTogether() {
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())");
        server.expect("UID FETCH 2 (UID FLAGS RFC822.SIZE)")
                .reply("* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 7)", "P3 OK done", "OK");

        try (var inbox = inbox()) {
            var flags = FetchItems.of(FetchItem.FLAGS);
            var answers =
                    inbox.fetch(
                            List.of(
                                    FetchRequest.uids(UidSet.of(3), flags),
                                    FetchRequest.uids(UidSet.of(2), flags.with(FetchItem.SIZE))));

            assertThat(answers.get(0)).extracting(FetchedMessage::uid).containsExactly(3L);
            assertThat(answers.get(1)).extracting(FetchedMessage::size).containsExactly(7L);
        }
    }

    @Test
    void tellsOfAMessageBeforeTheAnswerIsWhole() {
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 2:3 (UID RFC822.SIZE)")
                .reply(
                        "* 2 FETCH (UID 2 RFC822.SIZE 7)",
                        "* 4 FETCH (UID 4 FLAGS ())",
                        "* 3 FETCH (UID 3 RFC822.SIZE 8)")
                .drop();
        var heard = new ArrayList<Long>();

        try (var inbox = inbox()) {
            var request = FetchRequest.uids(UidSet.range(2, 3), FetchItems.of(FetchItem.SIZE));
            assertThatThrownBy(() ->
                            inbox.fetch(List.of(request), message -> heard.add(message.uid())))
                    .isInstanceOf(ImapException.ConnectionLost.class);
        }

        assertThat(heard).containsExactly(2L, 3L);
    }

    @Test
    void visitsMailboxesInOneFlush() {
        server.capabilities("IMAP4rev1", "LITERAL+", "ESEARCH");
        server.expect("EXAMINE \"a\"")
                .reply("* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "OK [READ-ONLY] done");
        server.expect("UID SEARCH RETURN (ALL) NOT SEEN")
                .reply("* 4 EXISTS", "* ESEARCH (TAG \"P1\") UID ALL 2:3", "OK done");
        server.expect("UID FETCH 2 (UID FLAGS)")
                .reply("* 2 FETCH (UID 2 FLAGS (\\Flagged))", "OK done");
        server.expect("EXAMINE \"gone\"").reply("NO [NONEXISTENT] no such mailbox");
        server.expect("UID SEARCH RETURN (ALL) NOT SEEN").reply("BAD no mailbox selected");
        server.expect("EXAMINE \"b\"")
                .reply("* 2 EXISTS", "* OK [UIDVALIDITY 8] x", "OK [READ-ONLY] done");
        server.expect("UID SEARCH RETURN (ALL) NOT SEEN")
                .reply("* 1 EXPUNGE", "* ESEARCH (TAG \"P5\") UID", "OK done");
        var unseen = new SearchTerm.Not(new SearchTerm.HasFlag(Flag.SEEN));

        try (var connection = connect()) {
            var outcomes =
                    connection.visit(
                            List.of(
                                    new ExamineRequest(
                                            MailboxName.of("a"),
                                            unseen,
                                            null,
                                            List.of(
                                                    FetchRequest.uids(
                                                            UidSet.of(2),
                                                            FetchItems.of(FetchItem.FLAGS))),
                                            false),
                                    ExamineRequest.search(MailboxName.of("gone"), unseen),
                                    ExamineRequest.search(MailboxName.of("b"), unseen)));

            var a = outcomes.get(0).orThrow();
            assertThat(a.state().uidValidity()).isEqualTo(7);
            assertThat(a.state().messages()).isEqualTo(4);
            assertThat(a.found()).isEqualTo(UidSet.range(2, 3));
            assertThat(a.fetched().getFirst()).extracting(FetchedMessage::uid).containsExactly(2L);
            assertThatThrownBy(outcomes.get(1)::orThrow)
                    .isInstanceOf(ImapException.MailboxNotFound.class);
            assertThat(outcomes.get(2).orThrow().found().isEmpty()).isTrue();
            assertThat(outcomes.get(2).orThrow().state().messages()).isEqualTo(1);
            assertThat(connection.selected()).isEqualTo(MailboxName.of("b"));
        }
    }

    /** Dovecot notices new messages only after it has answered the whole flush. */
    @Test
    void searchesAgainWhereItHearsOfNewMailBehindTheSearch() {
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3", "* 11 EXISTS", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3 11", "OK");

        findsBoth();
    }

    /** Dovecot may also end the NOOP last. */
    @Test
    void searchesAgainWhereTheNoopEndsBehindTheSearchThatMissedNewMail() {
        server.expect("NOOP").reply();
        server.expect("UID SEARCH FLAGGED")
                .reply("* SEARCH 3", "* 11 EXISTS", "OK", "P2 OK of the NOOP");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3 11", "OK");

        findsBoth();
    }

    @Test
    void searchesAgainWhereAsManyMessagesCameAsWentBehindTheSearch() {
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3", "* 2 EXPUNGE", "* 10 EXISTS", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3 11", "OK");

        findsBoth();
    }

    @Test
    void searchesAgainWhereItHearsBehindTheSearchThatAMessageIsGone() {
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3 4 11", "* 4 EXPUNGE", "OK");
        server.expect("NOOP").reply("OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3 11", "OK");

        findsBoth();
    }

    @Test
    void searchesOnceForNewMailThatIsToldOfBeforeTheSearch() {
        server.expect("NOOP").reply("* 11 EXISTS", "OK");
        server.expect("UID SEARCH FLAGGED").reply("* SEARCH 3 11", "OK");

        findsBoth();
    }

    /** Finds the flagged message that existed and the one that arrived. */
    private void findsBoth() {
        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.HasFlag(Flag.FLAGGED)))
                    .isEqualTo(UidSet.of(List.of(3L, 11L)));
        }
    }

    @Test
    void searchesLikeGmailWhereTheServerIsGmail() {
        server.capabilities("IMAP4rev1", "LITERAL+", "X-GM-EXT-1");
        server.expect("UID SEARCH X-GM-RAW \"has:drive \\\"a b\\\"\"").reply("* SEARCH 3", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.GmailRaw("has:drive \"a b\"")))
                    .isEqualTo(UidSet.of(3));
        }
    }

    @Test
    void asksNobodyElseToSearchLikeGmail() {
        try (var inbox = inbox()) {
            var nested = new SearchTerm.Not(new SearchTerm.GmailRaw("in:drafts"));

            assertThatThrownBy(() -> inbox.search(nested))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
    }

    @Test
    void rebuildsAMessageWhoseEnvelopeCannotBeRead() {
        server.expect("NOOP").reply("OK");
        server.expect("UID FETCH 1:3 (UID BODYSTRUCTURE ENVELOPE FLAGS)")
                .reply(
                        "* 1 FETCH (UID 1 FLAGS () ENVELOPE (NIL \"fine\" NIL NIL NIL NIL NIL NIL"
                                + " NIL NIL) BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 2"
                                + " 1))",
                        "* 2 FETCH (UID 2 ENVELOPE (NIL \"bare \"quotes\" (\" NIL NIL) FLAGS ())",
                        "* 3 FETCH (UID 3 FLAGS () ENVELOPE NIL BODYSTRUCTURE (\"text\""
                                + " ((((\"x\"))))",
                        "OK");
        for (var lacking : List.of("2 (UID BODYSTRUCTURE FLAGS", "3 (UID")) {
            var uid = lacking.substring(0, 1);
            var header =
                    "Subject: =?utf-8?Q?caf=C3=A9?=\r\n"
                            + "Content-Type: text/html; charset=\"koi8-r\"\r\n\r\n";
            server.expect("UID FETCH " + lacking + " BODY.PEEK[HEADER]<0.262144>)")
                    .octets(
                            "* %s FETCH (UID %s FLAGS (\\Seen) BODY[HEADER]<0> {%d}\r\n%s)\r\n"
                                    .formatted(uid, uid, header.length(), header))
                    .reply("OK");
        }

        try (var inbox = inbox()) {
            var messages = inbox.fetch(UidSet.range(1, 3), LIST);

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(1L, 2L, 3L);
            assertThat(messages)
                    .extracting(FetchedMessage::degraded)
                    .containsExactly(false, true, true);
            var rebuilt = messages.get(1);
            var envelope = Objects.requireNonNull(rebuilt.envelope());
            assertThat(envelope.subject()).isEqualTo(RawText.of("=?utf-8?Q?caf=C3=A9?="));
            var structure = Objects.requireNonNull(rebuilt.bodyStructure());
            assertThat(structure.mediaType()).isEqualTo("text/html");
            assertThat(structure.parameters()).containsEntry("charset", RawText.of("koi8-r"));
        }
    }

    @Test
    void leavesOutWhatWentMeanwhile() {
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] x");
        server.expect("NOOP").reply("OK");
        server.expect("FETCH 1:* (UID FLAGS)")
                .reply(
                        "* 1 FETCH (UID 5 FLAGS ())",
                        "* 2 FETCH (UID 6 FLAGS ())",
                        "* 3 FETCH (UID 7 FLAGS ())",
                        "* 2 EXPUNGE",
                        "OK");

        try (var inbox = inbox()) {
            var messages =
                    inbox.fetch(
                                    List.of(
                                            FetchRequest.places(
                                                    1,
                                                    FetchRequest.BySequenceNumber.END,
                                                    FetchItems.of(FetchItem.FLAGS))))
                            .getFirst();

            assertThat(messages).extracting(FetchedMessage::uid).containsExactly(5L, 7L);
            assertThat(messages).extracting(FetchedMessage::place).containsExactly(1L, 2L);
            assertThat(inbox.state().messages()).isEqualTo(2);
        }
    }

    @Test
    void sendsNoFlagThatCouldEndTheCommand() {
        for (var name :
                List.of("a\u010a\u010dX1 DELETE INBOX", "a b", "a)", "{3}", "", "\\Recent")) {
            try (var inbox = inbox()) {
                assertThatThrownBy(() -> inbox.store(UidSet.of(1), FlagChange.add(new Flag(name))))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(new Flag("a\u010a").storable()).isFalse();
        assertThat(new Flag("a\u010d").storable()).isFalse();
        assertThat(server.commands()).noneMatch(command -> command.contains("DELETE"));
    }

    @Test
    void quotesOrCountsWhateverTextIsSearchedFor() {
        server.expect("UID SEARCH SUBJECT \"a \\\"b\\\" \\\\c\"").reply("* SEARCH 4 2", "OK");
        server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {4+}\r\n\u00fc\u00fc")
                .reply("* SEARCH", "OK");
        server.expect("UID SEARCH SUBJECT {8+}\r\na\r\nX BAD").reply("* SEARCH", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.Subject("a \"b\" \\c")))
                    .isEqualTo(UidSet.of(2, 4));
            assertThat(inbox.search(new SearchTerm.Subject("\u00fc\u00fc")).isEmpty()).isTrue();
            assertThat(inbox.search(new SearchTerm.Subject("a\r\nX BAD")).isEmpty()).isTrue();
        }
    }

    @Test
    void asksAgainInACharsetThatTheServerNames() {
        server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {4+}\r\n\u00fc\u00fc")
                .reply("NO [BADCHARSET (US-ASCII UTF-16 no-such latin1 UTF-8)] not that one");
        server.expect("UID SEARCH CHARSET latin1 SUBJECT {2+}\r\n\ufffd\ufffd")
                .reply("* SEARCH 4", "OK");
        server.expect("UID SORT (ARRIVAL) UTF-8 SUBJECT {4+}\r\n\u00fc\u00fc")
                .reply("BAD [BADCHARSET (\"ISO-8859-1\")] not that one");
        server.expect("UID SORT (ARRIVAL) ISO-8859-1 SUBJECT {2+}\r\n\ufffd\ufffd")
                .reply("* SORT 5 4", "OK");

        try (var inbox = inbox()) {
            var term = new SearchTerm.Subject("\u00fc\u00fc");

            assertThat(inbox.search(term)).isEqualTo(UidSet.of(4));
            assertThat(inbox.sort(term, SortKey.ARRIVAL).size()).isEqualTo(2);
        }
    }

    @Test
    void saysSoWhenNoCharsetOfTheServerHasTheText() {
        var codes = List.of("(US-ASCII ISO-8859-1)", "", "(UTF-8)", "()");
        for (var named : codes) {
            server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {3+}\r\n\u20ac")
                    .reply(("NO [BADCHARSET " + named).strip() + "] no");
        }
        server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {3+}\r\n\u20ac")
                .reply("NO [BADCHARSET (windows-1252)] no");
        server.expect("UID SEARCH CHARSET windows-1252 SUBJECT {1+}\r\n\ufffd")
                .reply("NO [BADCHARSET (windows-1252)] no");

        try (var inbox = inbox()) {
            for (int i = 0; i <= codes.size(); i++) {
                assertThatThrownBy(() -> inbox.search(new SearchTerm.Subject("\u20ac")))
                        .isInstanceOf(ImapException.NotPossible.class);
            }
        }
    }

    @Test
    void looksForThePartsOfWhatTheServerCannotTakeAsAWhole() {
        server.expect("UID SEARCH OR SUBJECT \"a\" (SUBJECT \"b\" NOT SEEN)").reply("BAD no (");
        server.expect("UID SEARCH ALL").reply("* SEARCH 1 2 3 4 5", "OK");
        server.expect("UID SEARCH SUBJECT \"a\"").reply("* SEARCH 5", "OK");
        server.expect("UID SEARCH SUBJECT \"b\"").reply("* SEARCH 1 2 3 6", "OK");
        server.expect("UID SEARCH SEEN").reply("* SEARCH 2", "OK");
        // The client knows now that this server does not accept the combination; NOT alone may
        // still work.
        server.expect("UID SEARCH ALL").reply("* SEARCH 1 2 3 4 5", "OK");
        server.expect("UID SEARCH SUBJECT \"a\"").reply("* SEARCH 5", "OK");
        server.expect("UID SEARCH SUBJECT \"b\"").reply("* SEARCH 1 2 3", "OK");
        server.expect("UID SEARCH SEEN").reply("* SEARCH 2", "OK");
        server.expect("UID SORT (ARRIVAL) US-ASCII ALL").reply("* SORT 5 4 3 2 1", "OK");
        server.expect("UID SEARCH NOT SEEN").reply("* SEARCH 1", "OK");

        try (var inbox = inbox()) {
            var unseen = new SearchTerm.Not(new SearchTerm.HasFlag(Flag.SEEN));
            var term =
                    new SearchTerm.Or(
                            new SearchTerm.Subject("a"),
                            new SearchTerm.And(List.of(new SearchTerm.Subject("b"), unseen)));

            assertThat(inbox.search(term)).isEqualTo(UidSet.of(1, 3, 5));
            var sorted = inbox.sort(term, SortKey.ARRIVAL);
            assertThat(List.of(sorted.at(0), sorted.at(1), sorted.at(2)))
                    .containsExactly(5L, 3L, 1L);
            assertThat(sorted.size()).isEqualTo(3);
            assertThat(inbox.search(unseen)).isEqualTo(UidSet.of(1));
        }
    }

    @Test
    void looksForPartsInACharsetThatTheServerNames() {
        server.expect("UID SEARCH CHARSET UTF-8 NOT SUBJECT {2+}\r\n\u00fc").reply("NO no idea");
        server.expect("UID SEARCH ALL").reply("* SEARCH 1 2", "OK");
        server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {2+}\r\n\u00fc")
                .reply("NO [BADCHARSET (ISO-8859-1)] not that one");
        server.expect("UID SEARCH ALL").reply("* SEARCH 1 2", "OK");
        server.expect("UID SEARCH CHARSET ISO-8859-1 SUBJECT {1+}\r\n\ufffd")
                .reply("* SEARCH 2", "OK");

        try (var inbox = inbox()) {
            var term = new SearchTerm.Not(new SearchTerm.Subject("\u00fc"));

            assertThat(inbox.search(term)).isEqualTo(UidSet.of(1));
        }
    }

    /** When the server cannot search for a part, its refusal says nothing about combinations. */
    @Test
    void saysSoWhenTheServerCannotSearchForAPart() {
        for (int i = 0; i < 2; i++) {
            server.expect("UID SEARCH NOT LARGER 5").reply("BAD what is LARGER");
            server.expect("UID SEARCH ALL").reply("* SEARCH 1 2", "OK");
            server.expect("UID SEARCH LARGER 5").reply("BAD what is LARGER");
        }

        try (var inbox = inbox()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> inbox.search(new SearchTerm.Not(new SearchTerm.Larger(5))))
                        .isInstanceOf(ImapException.NotPossible.class);
            }
        }
    }

    @Test
    void visitsAgainForThePartsOfWhatTheServerCannotTakeAsAWhole() {
        server.capabilities("IMAP4rev1", "LITERAL+");
        server.expect("EXAMINE \"a\"").reply("* 3 EXISTS", "OK");
        server.expect("UID SEARCH NOT SEEN").reply("BAD no");
        server.expect("EXAMINE \"a\"").reply("* 3 EXISTS", "OK");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4 5 6", "OK");
        server.expect("UID SEARCH SEEN").reply("* SEARCH 5", "OK");

        var account = Connectors.account(server.host(), server.port(), "u", "p");
        try (var connection = Connectors.connector().connect(account)) {
            var unseen = new SearchTerm.Not(new SearchTerm.HasFlag(Flag.SEEN));
            var outcomes =
                    connection.visit(List.of(ExamineRequest.search(MailboxName.of("a"), unseen)));

            assertThat(outcomes.getFirst().orThrow().found()).isEqualTo(UidSet.of(4, 6));
        }
    }

    @Test
    void visitsAgainInACharsetThatTheServerNames() {
        server.capabilities("IMAP4rev1", "LITERAL+");
        server.expect("EXAMINE \"a\"").reply("* 3 EXISTS", "OK");
        server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {2+}\r\n\u00fc")
                .reply("NO [BADCHARSET (ISO-8859-1)] not that one");
        server.expect("EXAMINE \"b\"").reply("* 3 EXISTS", "OK");
        server.expect("UID SEARCH SUBJECT \"u\"").reply("* SEARCH 2", "OK");
        server.expect("EXAMINE \"a\"").reply("* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "OK");
        server.expect("UID SEARCH CHARSET ISO-8859-1 SUBJECT {1+}\r\n\ufffd")
                .reply("* SEARCH 3", "OK");

        var account = Connectors.account(server.host(), server.port(), "u", "p");
        try (var connection = Connectors.connector().connect(account)) {
            var outcomes =
                    connection.visit(
                            List.of(
                                    ExamineRequest.search(
                                            MailboxName.of("a"), new SearchTerm.Subject("\u00fc")),
                                    ExamineRequest.search(
                                            MailboxName.of("b"), new SearchTerm.Subject("u"))));

            assertThat(outcomes)
                    .extracting(outcome -> outcome.orThrow().found())
                    .containsExactly(UidSet.of(3), UidSet.of(2));
        }
    }

    @Test
    void readsRangesWhereTheServerHasThem() {
        server.capabilities("IMAP4rev1", "ESEARCH", "UIDPLUS");
        server.expect("UID SEARCH RETURN (ALL) NOT DELETED")
                .reply("* ESEARCH (TAG \"x\") UID ALL 1:4,9", "OK");

        try (var inbox = inbox()) {
            assertThat(inbox.search(new SearchTerm.Not(new SearchTerm.HasFlag(Flag.DELETED))))
                    .isEqualTo(UidSet.of(1, 2, 3, 4, 9));
        }
    }

    @Test
    void keepsTheOrderOfASort() {
        server.expect("UID SORT (ARRIVAL) US-ASCII ALL").reply("* SORT 5 3 4", "OK");
        try (var inbox = inbox()) {
            var sorted = inbox.sort(new SearchTerm.All(), SortKey.ARRIVAL);

            assertThat(LongStream.range(0, 3).map(sorted::at)).containsExactly(5L, 3L, 4L);
        }
        server.capabilities("IMAP4rev1", "ESORT");
        server.expect("UID SORT RETURN (ALL) (ARRIVAL) US-ASCII ALL")
                .reply("* ESEARCH (TAG \"x\") UID ALL 5,4:3", "OK");
        try (var inbox = inbox()) {
            var sorted = inbox.sort(new SearchTerm.All(), SortKey.ARRIVAL);

            assertThat(LongStream.range(0, 3).map(sorted::at)).containsExactly(5L, 4L, 3L);
        }
    }

    @Test
    void isInDoubtAfterUidsThatAreNone() {
        for (var broken : List.of("* SEARCH 4294967296", "* ESEARCH UID ALL 0:2")) {
            server.expect("UID SEARCH ALL").reply(broken, "OK");

            try (var inbox = inbox()) {
                assertThatThrownBy(() -> inbox.search(new SearchTerm.All()))
                        .as(broken)
                        .isInstanceOf(ImapException.ProtocolError.class);
            }
        }
    }

    @Test
    void saysThatTheMessageWasModified() {
        server.expect("UID STORE 7 (UNCHANGEDSINCE 41) +FLAGS.SILENT (\\Flagged)")
                .reply("OK [MODIFIED 7] conditional STORE failed");
        server.expect("UID FETCH 7 (UID FLAGS MODSEQ)").reply("OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.store(UidSet.of(7), FlagChange.add(Flag.FLAGGED), 41))
                    .isInstanceOf(ImapException.MessageModified.class);
        }
    }

    @Test
    void movesByCopyAndExpungeWhereThereIsNoMove() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 9 3 77] done");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Deleted))", "OK");
        server.expect("UID EXPUNGE 3").reply("* 3 EXPUNGE", "OK");

        try (var inbox = inbox()) {
            var moved = inbox.move(UidSet.of(3), MailboxName.of("Archive"));

            assertThat(moved.uids()).containsEntry(3L, 77L);
            assertThat(moved.uidValidity()).isEqualTo(9);
        }
    }

    @Test
    void saysOfAMoveThatStoppedHalfwayThatThereIsACopyAndLeavesNoMark() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        server.expect("UID COPY 3 \"Archive\"").reply("OK [COPYUID 9 3 77] done");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect("UID STORE 3 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Deleted))", "OK");
        server.expect("UID EXPUNGE 3").reply("NO [NOPERM] not you");
        server.expect("UID FETCH 3 (UID FLAGS)").reply("* 3 FETCH (UID 3 FLAGS (\\Deleted))", "OK");
        server.expect("UID STORE 3 -FLAGS.SILENT (\\Deleted)").reply("OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.move(UidSet.of(3), MailboxName.of("Archive")))
                    .isInstanceOf(ImapException.NotPossible.class)
                    .hasMessageContaining("was copied, but not removed");
        }

        assertThat(server.commands()).endsWith("UID STORE 3 -FLAGS.SILENT (\\Deleted)");
    }

    @Test
    void takesBackOnlyTheMarksThatItPutOnMessagesThatStay() {
        server.capabilities("IMAP4rev1", "UIDPLUS");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply("* 3 FETCH (UID 3 FLAGS ())", "* 4 FETCH (UID 4 FLAGS (\\Deleted))", "OK");
        server.expect("UID STORE 3:4 +FLAGS.SILENT (\\Deleted)").reply("OK");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS (\\Deleted))",
                        "* 4 FETCH (UID 4 FLAGS (\\Deleted))",
                        "OK");
        server.expect("UID EXPUNGE 3:4").reply("NO [NOPERM] not you");
        server.expect("UID FETCH 3:4 (UID FLAGS)")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS (\\Deleted))",
                        "* 4 FETCH (UID 4 FLAGS (\\Deleted))",
                        "OK");
        server.expect("UID STORE 3 -FLAGS.SILENT (\\Deleted)").reply("OK");

        try (var inbox = inbox()) {
            assertThatThrownBy(() -> inbox.expunge(UidSet.range(3, 4)))
                    .isInstanceOf(ImapException.PermissionDenied.class);
        }

        assertThat(server.commands()).endsWith("UID STORE 3 -FLAGS.SILENT (\\Deleted)");
    }

    @Test
    void streamsALiteralAndReadsOnBehindIt() throws IOException {
        server.expect("UID FETCH 4 (UID BODY.PEEK[2])")
                .octets("* 9 FETCH (FLAGS (\\Seen))\r\n* 4 FETCH (BODY[2] {5}\r\nhello UID 4)\r\n")
                .reply("OK");
        server.expect("NOOP").reply("OK");

        try (var inbox = inbox()) {
            try (var stream =
                    inbox.open(4, SectionRange.first(Section.part("2"), Long.MAX_VALUE))) {
                assertThat(stream.length()).isEqualTo(5);
                assertThat(new String(stream.readAllBytes())).isEqualTo("hello");
            }
            inbox.fetch(List.of());
        }
    }

    @Test
    void takesASectionThatComesAsAStringOrNotAtAll() throws IOException {
        server.expect("UID FETCH 4 (UID BODY.PEEK[1]<0.10>)")
                .reply("* 4 FETCH (UID 4 BODY[1]<0> \"hi \\\"you\\\"\")", "OK");
        server.expect("UID FETCH 4 (UID BODY.PEEK[8]<0.10>)")
                .reply("* 4 FETCH (UID 4 BODY[8]<0> NIL)", "OK");
        server.expect("UID FETCH 5 (UID BODY.PEEK[1]<0.10>)").reply("OK");

        try (var inbox = inbox()) {
            try (var stream = inbox.open(4, SectionRange.first(Section.part("1"), 10))) {
                assertThat(new String(stream.readAllBytes())).isEqualTo("hi \"you\"");
            }
            assertThatThrownBy(() -> inbox.open(4, SectionRange.first(Section.part("8"), 10)))
                    .isInstanceOf(ImapException.PartNotFound.class);
            assertThatThrownBy(() -> inbox.open(5, SectionRange.first(Section.part("1"), 10)))
                    .isInstanceOf(ImapException.MessageNotFound.class);
        }
    }

    @Test
    void isInDoubtAfterAByeAndSaysSo() {
        server.expect("NOOP").bye("shutting down");
        var connection = connect();

        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThatThrownBy(() -> inbox.fetch(List.of()))
                    .isInstanceOf(ImapException.ConnectionLost.class);
        }
        assertThat(connection.usable()).isFalse();
    }

    @Test
    void isInDoubtAfterGarbage() {
        server.expect("NOOP").octets("HTTP/1.1 400 Bad Request\r\n\r\n");
        var connection = connect();

        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            assertThatThrownBy(() -> inbox.fetch(List.of()))
                    .isInstanceOf(ImapException.ProtocolError.class);
        }
        assertThat(connection.usable()).isFalse();
    }

    /** Where the machine is slower than the server may be, a longer time decides. */
    @Test
    void givesUpOnAServerThatFallsSilent() {
        assertThat(Stream.of(300, 3_000, 20_000).map(Duration::ofMillis))
                .anyMatch(ClientConnectionTest::givesUpAfter);
    }

    private static boolean givesUpAfter(Duration timeout) {
        var silent = ScriptedImapServer.start();
        silent.expect("NOOP").stall();
        try (var connection =
                Connectors.connector(timeout)
                        .connect(Connectors.account(silent.host(), silent.port(), "u", "p"))) {
            try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
                inbox.fetch(List.of());
                return false;
            } catch (ImapException.ServerTimedOut _) {
                return silent.commands().contains("NOOP") && !connection.usable();
            }
        } catch (ImapException.ServerTimedOut _) {
            return false;
        } finally {
            silent.stop();
        }
    }

    @Test
    void refusesAServerThatDoesNotAskWhoTheUserIs() {
        server.greeting("* PREAUTH welcome, u1");

        assertThatThrownBy(this::connect).isInstanceOf(ImapException.ProtocolError.class);
    }

    @Test
    void tellsWhyThereIsNoConnection() {
        server.greeting("* BYE [UNAVAILABLE] Maximum number of connections exceeded");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.ConnectionLimit.class);

        server.greeting("* BYE down for maintenance");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.ServerUnavailable.class);
    }

    @Test
    void tellsWhyTheLoginFailed() {
        server.expectMatching("LOGIN .*").reply("NO [AUTHENTICATIONFAILED] no");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.AuthenticationFailed.class);

        server.expectMatching("LOGIN .*").reply("NO Too many simultaneous connections.");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.ConnectionLimit.class);

        server.expectMatching("LOGIN .*").reply("NO [UNAVAILABLE] temporary failure");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.ServerUnavailable.class);
    }

    @Test
    void asksForCapabilitiesAfterLoginWhereTheLoginDoesNotTell() {
        server.expectMatching("LOGIN .*").reply("OK logged in");
        server.expect("CAPABILITY").reply("* CAPABILITY IMAP4rev1 MOVE", "OK");

        try (var connection = connect()) {
            assertThat(connection.capabilities().names()).isEqualTo(Set.of("IMAP4REV1", "MOVE"));
        }
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }

    private SelectedMailbox inbox() {
        return connect().select(MailboxName.INBOX, Access.READ_WRITE);
    }
}
