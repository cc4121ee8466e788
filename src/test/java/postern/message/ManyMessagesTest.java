package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.message.metadata.AutomaticKind;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.message.part.HeaderField;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.problem.Problem;

/** The dialogue of a request for many messages. */
@OnGreenMail
@Timeout(120)
class ManyMessagesTest {

    private static final String SUBJECT =
            "FETCH (UID %d FLAGS () INTERNALDATE \"01-Mar-2026"
                    + " 12:00:00 +0000\" ENVELOPE (NIL \"s%d\" NIL NIL NIL NIL NIL NIL NIL NIL)%s)";
    private static final String TEXT =
            " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" %d 1)";
    private static final String LISTS = "UID FETCH %s (UID ENVELOPE FLAGS INTERNALDATE%s)";
    private static final String CHOSEN = "BODY.PEEK[HEADER.FIELDS (LIST-ID)]<0.65536>";

    @Autowired private ManyMessages many;
    private final ScriptedImapServer server =
            ScriptedImapServer.start().capabilities("IMAP4rev1", "LITERAL+");

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void rowsOfAMailboxAreOneFetch() {
        holds(9);
        server.expect(LISTS.formatted("2:3,7", " " + CHOSEN))
                .reply(
                        row(2, header("")),
                        row(3, header("List-Id: <a>\r\n")),
                        row(7, header("")),
                        "OK");

        var found = read(query(List.of(id(7), id(2), id(3)), Set.of(), List.of("List-Id")));

        assertThat(found.items())
                .extracting(MessageSummary::subject)
                .containsExactly("s7", "s2", "s3");
        assertThat(requireNonNull(found.items().get(2).headers()))
                .containsExactly(new HeaderField("List-Id", "<a>"));
        assertThat(found.items().get(0).headers()).isEmpty();
        assertThat(server.commands()).filteredOn(it -> it.startsWith("EXAMINE")).hasSize(1);
        assertThat(server.commands()).filteredOn(it -> it.contains("FETCH")).hasSize(1);
    }

    @Test
    void textsOfAMailboxAreOneFetchMore() {
        holds(9);
        server.expect(LISTS.formatted("2:3", "").replace("(UID ", "(UID BODYSTRUCTURE "))
                .reply(row(2, TEXT.formatted(4)), row(3, TEXT.formatted(5)), "OK");
        server.expect("UID FETCH 2:3 (UID BODY.PEEK[1]<0.1048576>)")
                .reply("* 2 FETCH (UID 2 BODY[1]<0> \"tea?\")")
                .reply("* 3 FETCH (UID 3 BODY[1]<0> \"cake?\")", "OK");

        var found = read(query(List.of(id(2), id(3)), Set.of(Include.TEXT), List.of()));

        assertThat(texts(found)).containsExactly("tea?", "cake?");
        server.verify();
    }

    @Test
    void textsOfMessagesThatAreKnownComeWithTheirRows() {
        textsOfAMailboxAreOneFetchMore();
        server.expect("UID FETCH 2:3 (UID BODYSTRUCTURE FLAGS BODY.PEEK[1]<0.65536>)")
                .reply(
                        "* 2 FETCH (UID 2 FLAGS (\\Seen)"
                                + TEXT.formatted(4)
                                + " BODY[1]<0> \"tea?\")",
                        "* 3 FETCH (UID 3 FLAGS ()" + TEXT.formatted(5) + " BODY[1]<0> \"cake?\")",
                        "OK");

        var found = read(query(List.of(id(3), id(2)), Set.of(Include.TEXT), List.of()));

        assertThat(texts(found)).containsExactly("cake?", "tea?");
        server.verify();
    }

    @Test
    void aTextThatIsRefusedWithTheRowsIsReadAfterThem() {
        textsOfAMailboxAreOneFetchMore();
        var row = "* 2 FETCH (UID 2 FLAGS ()" + TEXT.formatted(4) + ")";
        server.expect("UID FETCH 2 (UID BODYSTRUCTURE FLAGS BODY.PEEK[1]<0.65536>)")
                .reply("NO [CANNOT] no");
        server.expectMatching("UID FETCH 2 .*").reply("* 2 FETCH (UID 2 FLAGS ())", "OK");
        server.expectMatching("UID FETCH 2 .*65536.*").reply("NO [CANNOT] no");
        server.expectMatching("UID FETCH 2 .*65536.*").reply("NO [CANNOT] no");
        server.expect("UID FETCH 2 (UID BODYSTRUCTURE FLAGS)").reply(row, "OK");
        server.expect("UID FETCH 2 (UID BODY.PEEK[1]<0.1048576>)")
                .reply("* 2 FETCH (UID 2 BODY[1]<0> \"tea?\")", "OK");

        var found = read(query(List.of(id(2)), Set.of(Include.TEXT), List.of()));

        assertThat(texts(found)).containsExactly("tea?");
    }

    @Test
    void eachMailboxIsExaminedOnce() {
        holds(9);
        for (int i = 0; i < 2; i++) {
            server.expect(LISTS.formatted("2", "")).reply(row(2, ""), "OK");
        }
        var there = MessageId.of(SomeAccount.message(MailboxName.of("A"), 1, 2));

        var found = read(query(List.of(id(2), there), Set.of(), List.of()));

        assertThat(found.items()).extracting(MessageSummary::id).containsExactly(id(2), there);
        assertThat(server.commands())
                .filteredOn(it -> it.startsWith("EXAMINE"))
                .containsExactlyInAnyOrder("EXAMINE \"INBOX\"", "EXAMINE \"A\"");
    }

    @Test
    void aMessageThatIsGoneIsNamedAfterTheServerHasConfirmedIt() {
        holds(9);
        server.expect(LISTS.formatted("2:3", "")).reply(row(2, ""), "OK");
        server.expect("UID SEARCH UID 3").reply("* SEARCH", "OK");

        var found = read(query(List.of(id(2), id(3)), Set.of(), List.of()));

        assertThat(found.items()).extracting(MessageSummary::subject).containsExactly("s2");
        assertThat(found.notFound())
                .extracting(MessagesById.MissingMessage::id)
                .containsExactly(id(3));
        assertThat(found.notFound().getFirst().problem())
                .extracting(Problem::code)
                .isEqualTo("message-not-found");
    }

    @Quirk(
            does = "leaves messages out of its answer to FETCH",
            answer = "`getMessages` fails: an app would forget a message that is said to be gone")
    @Test
    void aMessageThatTheServerLeavesOutIsNotSaidToBeGone() {
        holds(9);
        server.expect(LISTS.formatted("2:3", "")).reply(row(2, ""), "OK");
        server.expect("UID SEARCH UID 3").reply("* SEARCH 3", "OK");

        assertThatThrownBy(() -> read(query(List.of(id(2), id(3)), Set.of(), List.of())))
                .isInstanceOf(ImapException.ProtocolError.class);
    }

    @Test
    void aFetchThatFailsIsNoAnswerWithFewerMessages() {
        holds(9);
        server.expect(LISTS.formatted("2:3", "")).reply("NO [UNAVAILABLE] later");

        assertThatThrownBy(() -> read(query(List.of(id(2), id(3)), Set.of(), List.of())))
                .isInstanceOf(ImapException.ServerUnavailable.class);
    }

    @Test
    void aTextThatTheServerLeavesOutIsReadAlone() {
        holds(9);
        server.expect(LISTS.formatted("2:3", "").replace("(UID ", "(UID BODYSTRUCTURE "))
                .reply(row(2, TEXT.formatted(4)), row(3, TEXT.formatted(5)), "OK");
        server.expect("UID FETCH 2:3 (UID BODY.PEEK[1]<0.1048576>)")
                .reply("* 2 FETCH (UID 2 BODY[1]<0> \"tea?\")", "OK");
        server.expectMatching("UID FETCH 3 .*BODY\\.PEEK\\[HEADER\\].*BODY\\.PEEK\\[1\\].*")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS () RFC822.SIZE 9 INTERNALDATE \"01-Mar-2026"
                                + " 12:00:00 +0000\" ENVELOPE (NIL \"s3\" NIL NIL NIL NIL NIL NIL"
                                + " NIL NIL)"
                                + TEXT.formatted(5)
                                + " BODY[HEADER]<0> \"\" BODY[1]<0> \"cake?\")",
                        "OK");

        var found = read(query(List.of(id(2), id(3)), Set.of(Include.TEXT), List.of()));

        assertThat(texts(found)).containsExactly("tea?", "cake?");
    }

    @Test
    void aMessageThatIsReadAloneIsReadHoweverFewOctetsAreWanted() {
        holds(9);
        server.expect(LISTS.formatted("3", "").replace("(UID ", "(UID BODYSTRUCTURE "))
                .reply(row(3, TEXT.formatted(5)), "OK");
        server.expect("UID FETCH 3 (UID BODY.PEEK[1]<0.1048576>)").reply("OK");
        server.expectMatching("UID FETCH 3 .*BODY\\.PEEK\\[HEADER\\].*BODY\\.PEEK\\[1\\].*")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS () RFC822.SIZE 9 INTERNALDATE \"01-Mar-2026"
                                + " 12:00:00 +0000\" ENVELOPE (NIL \"s3\" NIL NIL NIL NIL NIL NIL"
                                + " NIL NIL)"
                                + TEXT.formatted(5)
                                + " BODY[HEADER]<0> \"\" BODY[1]<0> \"cake?\")",
                        "OK");
        var query = query(List.of(id(3)), Set.of(Include.TEXT), List.of());

        var found =
                read(
                        new MessagesQuery(
                                query.ids(),
                                query.fields(),
                                query.include(),
                                query.headers(),
                                1_000));

        assertThat(texts(found)).containsExactly("cake?");
        assertThat(found.notFetched()).isNull();
    }

    @Quirk(
            does = "leaves BODY[HEADER.FIELDS] out of its answer",
            answer = "the whole header is read, and the fields are taken from it")
    @Test
    void headerFieldsThatTheServerLeavesOutAreTakenFromTheWholeHeader() {
        holds(9);
        server.expect(LISTS.formatted("2:3", " " + CHOSEN))
                .reply(row(2, header("List-Id: <a>\r\n")), row(3, ""), "OK");
        server.expect("UID FETCH 3 (UID BODY.PEEK[HEADER]<0.262144>)")
                .reply("* 3 FETCH (UID 3 BODY[HEADER]<0> {32}")
                .octets("Subject: s3\r\nLIST-ID: \r\n <b>\r\n\r\n")
                .reply(")", "OK");

        var found = read(query(List.of(id(2), id(3)), Set.of(), List.of("list-id")));

        assertThat(found.items().get(1).headers())
                .containsExactly(new HeaderField("LIST-ID", "<b>"));
        assertThat(found.items().get(1).degraded()).isNull();
    }

    @Quirk(
            does = "sends other header fields than BODY[HEADER.FIELDS] asks for",
            answer = "only those that were asked for")
    @Test
    void headerFieldsThatNobodyAskedForAreLeftOut() {
        holds(9);
        server.expect(LISTS.formatted("2", " " + CHOSEN))
                .reply(
                        "* 2 FETCH (UID 2 FLAGS () INTERNALDATE \"01-Mar-2026 12:00:00 +0000\""
                                + " BODY[HEADER.FIELDS (List-Id)]<0> {26}")
                .octets("Subject: s\r\nList-Id: <a>\r\n")
                .reply(" ENVELOPE (NIL \"s2\" NIL NIL NIL NIL NIL NIL NIL NIL))", "OK");

        var found = read(query(List.of(id(2)), Set.of(), List.of("list-id")));

        assertThat(found.items().getFirst().headers())
                .containsExactly(new HeaderField("List-Id", "<a>"));
    }

    @Quirk(
            does = "leaves BODY[HEADER.FIELDS] out of its answer",
            answer = "how a message came about is read from the whole header")
    @Test
    void howAMessageCameAboutIsReadFromTheWholeHeaderIfNeedBe() {
        holds(9);
        var received = " FLAGS () INTERNALDATE \"01-Mar-2026 12:00:00 +0000\"";
        server.expectMatching(
                        "UID FETCH 2 \\(UID .*BODY\\.PEEK\\[HEADER\\.FIELDS \\(AUTO-SUBMITTED .*"
                                + " RETURN-PATH .*\\)]<0\\.131072>\\)")
                .reply("* 2 FETCH (UID 2" + received + ")", "OK");
        server.expectMatching("UID FETCH 2 \\(UID BODY\\.PEEK\\[HEADER\\.FIELDS .*").reply("OK");
        server.expect("UID FETCH 2 (UID BODY.PEEK[HEADER]<0.262144>)")
                .reply("* 2 FETCH (UID 2 BODY[HEADER]<0> {34}")
                .octets("Precedence: bulk\r\nList-Id: <a>\r\n\r\n")
                .reply(")", "OK");
        var query =
                MessagesQuery.of(
                        new MessagesRequest(
                                List.of(id(2)),
                                List.of(MessageField.AUTOMATIC, MessageField.LIST),
                                List.of(),
                                List.of(),
                                null));

        var row = read(query).items().getFirst();

        assertThat(row.automatic()).containsExactly(AutomaticKind.BULK, AutomaticKind.LIST);
        assertThat(requireNonNull(row.list()).id()).isEqualTo("a");
        assertThat(row.degraded()).isNull();
    }

    @Test
    void aRowWithoutItsHeaderFieldsIsDegraded() {
        holds(9);
        server.expect(LISTS.formatted("2", " " + CHOSEN)).reply(row(2, ""), "OK");
        server.expectMatching("UID FETCH 2 \\(UID BODY\\.PEEK\\[HEADER\\].*").reply("NO cannot");

        var found = read(query(List.of(id(2)), Set.of(), List.of("list-id")));

        assertThat(found.items().getFirst().headers()).isNull();
        assertThat(found.items().getFirst().degraded()).isTrue();
    }

    @Test
    void aMessageThatTheServerCannotDescribeTakesNoOthersAlong() {
        holds(9);
        server.expect(LISTS.formatted("2:3", "")).reply("NO message 3 is broken");
        server.expect("UID FETCH 2:3 (UID FLAGS)")
                .reply("* 2 FETCH (UID 2 FLAGS ())", "* 3 FETCH (UID 3 FLAGS ())", "OK");
        server.expect(LISTS.formatted("2:3", "")).reply("NO message 3 is broken");
        server.expect(LISTS.formatted("2", "")).reply(row(2, ""), "OK");
        server.expect(LISTS.formatted("3", "")).reply("NO message 3 is broken");
        server.expectMatching("UID FETCH 3 .*HEADER.*").reply("NO message 3 is broken");
        server.expectMatching("UID FETCH 3 .*")
                .reply(
                        "* 3 FETCH (UID 3 FLAGS () INTERNALDATE \"01-Mar-2026 12:00:00 +0000\")",
                        "OK");

        var found = read(query(List.of(id(2), id(3)), Set.of(), List.of()));

        assertThat(found.items()).extracting(MessageSummary::id).containsExactly(id(2), id(3));
        assertThat(found.items()).extracting(MessageSummary::degraded).containsExactly(null, true);
    }

    @Test
    void aMailboxThatIsRefusedKeepsNoOthersFromTheirMessages() {
        holds(9);
        server.expect("EXAMINE \"A\"").reply("NO [NONEXISTENT] gone");
        server.expect(LISTS.formatted("2", "")).reply(row(2, ""), "OK");
        var there = MessageId.of(SomeAccount.message(MailboxName.of("A"), 1, 2));

        var found = read(query(List.of(there, id(2)), Set.of(), List.of()));

        assertThat(found.items()).extracting(MessageSummary::id).containsExactly(id(2));
        assertThat(found.notFound().getFirst().problem().code()).isEqualTo("mailbox-not-found");
    }

    private static Stream<String> texts(MessagesById found) {
        return found.items().stream().map(item -> requireNonNull(item.text()).content());
    }

    private MessagesById read(MessagesQuery query) {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "ada",
                        new Password("secret"));
        return many.read(account, query);
    }

    private static MessagesQuery query(
            List<MessageId> ids, Set<Include> include, List<String> headers) {
        return MessagesQuery.of(
                new MessagesRequest(
                        ids, List.of(MessageField.SUBJECT), List.copyOf(include), headers, null));
    }

    private void holds(int messages) {
        server.selected("* " + messages + " EXISTS", "* OK [UIDVALIDITY 1] x");
    }

    private static MessageId id(long uid) {
        return MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, uid));
    }

    private static String row(long uid, String more) {
        return "* " + uid + " " + SUBJECT.formatted(uid, uid, more);
    }

    private static String header(String fields) {
        return " BODY[HEADER.FIELDS (LIST-ID)]<0> \"" + fields.replace("\r\n", "") + "\"";
    }
}
