package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.PoolableConnection;
import postern.imap.client.connect.Connectors;
import postern.imap.message.SearchTerm;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/** Quirks of servers outside messages: logins, lists, counts, capabilities. */
@Timeout(30)
class SessionQuirksTest {

    private static final MailboxName WORK = MailboxName.of("Work");

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final ImapConnector connector = Connectors.connector();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    @Quirk(
            does = "answers a SEARCH at its literal, before it has been sent the text",
            answer = "the search is `not-possible`, and what was found is never shown")
    void aSearchThatEndsBeforeItsTextFoundNothingOut() {
        server.capabilities("IMAP4rev1");
        server.expect("UID SEARCH CHARSET UTF-8 SUBJECT {2}").reply("* SEARCH 1 2 3", "OK done");

        try (var connection = connect()) {
            var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY);

            assertThatThrownBy(() -> inbox.search(new SearchTerm.Subject("\u00fc")))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThat(connection.usable()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "says OK to an APPEND before it has been sent the message",
            answer = "the message is not reported as stored")
    void anAppendThatEndsBeforeItsMessageStoredNothing() {
        server.capabilities("IMAP4rev1");
        server.expect("APPEND \"Work\" {2}").reply("OK [APPENDUID 1 7] done");

        try (var connection = connect()) {
            var message = new ByteArrayInputStream("hi".getBytes(StandardCharsets.US_ASCII));

            assertThatThrownBy(() -> connection.append(WORK, Set.of(), null, message, 2))
                    .isInstanceOf(ImapException.ProtocolError.class);
        }
    }

    @Test
    @Quirk(
            does = "ends a SELECT at the literal that was to be its name",
            answer = "no mailbox counts as open")
    void aSelectThatEndsBeforeItsNameOpenedNothing() {
        server.capabilities("IMAP4rev1");
        var name = new MailboxName("x".repeat(1_001));
        server.expect("EXAMINE {1001}").reply("* 5 EXISTS", "OK done");

        try (var connection = connect()) {
            assertThatThrownBy(() -> connection.select(name, Access.READ_ONLY))
                    .isInstanceOf(ImapException.ProtocolError.class);
            assertThat(connection.selected()).isNull();
        }
    }

    @Test
    @Quirk(
            does = "answers STATUS with an empty list, with words for numbers or not at all",
            answer = "what is not told is left out, and is never 0")
    void whatStatusDoesNotTellIsUnknown() {
        server.capabilities("IMAP4rev1");
        server.expectMatching("STATUS .*").reply("* STATUS \"Work\" ()", "OK");
        server.expectMatching("STATUS .*")
                .reply("* STATUS Work (MESSAGES 5 UNSEEN NIL UIDNEXT", "OK");
        server.expectMatching("STATUS .*").reply("OK");

        try (var connection = connect()) {
            assertThat(connection.status(WORK)).isEqualTo(MailboxStatus.UNKNOWN);
            var some = connection.status(WORK);
            assertThat(some.messages()).isEqualTo(5);
            assertThat(some.unseen()).isNull();
            assertThat(connection.status(WORK)).isEqualTo(MailboxStatus.UNKNOWN);
        }
    }

    @Test
    @Quirk(
            does = "opens a mailbox without saying how many messages there are",
            answer = "they are counted by STATUS; without that it is an error, not an empty list")
    void aMailboxThatNobodyCountsIsNotEmpty() {
        server.capabilities("IMAP4rev1");
        server.expect("EXAMINE \"Work\"").reply("OK done");
        server.expectMatching("STATUS .*")
                .reply("* STATUS Work (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 7)", "OK");
        server.expect("EXAMINE \"Other\"").reply("OK done");
        server.expectMatching("STATUS .*").reply("NO");

        try (var connection = connect()) {
            var state = connection.select(WORK, Access.READ_ONLY).state();
            assertThat(state.messages()).isEqualTo(3);
            assertThat(state.uidValidity()).isEqualTo(7);
            var other = MailboxName.of("Other");
            assertThatThrownBy(() -> connection.select(other, Access.READ_ONLY))
                    .isInstanceOf(ImapException.ProtocolError.class);
        }
    }

    @Test
    @Quirk(
            does = "lists and counts names with blanks in them without quotes",
            answer = "the whole name")
    void namesWithoutQuotesEndWithTheLine() {
        server.capabilities("IMAP4rev1");
        server.expect("LIST \"\" \"*\"")
                .reply(
                        "* LIST (\\HasNoChildren) \"/\" Sent Items",
                        "* LIST NIL / Old Mail (2019)",
                        "* LIST () \"/\" Shared Mail (\"CHILDINFO\" (\"SUBSCRIBED\"))",
                        "OK");
        server.expect("LSUB \"\" \"*\"").reply("* LSUB () \"/\" Sent Items", "OK");
        server.expectMatching("STATUS \"Sent Items\" .*")
                .reply("* STATUS Sent Items (MESSAGES 4 UNSEEN 1)", "OK");
        server.expectMatching("STATUS .*").reply("OK");
        server.expectMatching("STATUS .*").reply("OK");

        try (var connection = connect()) {
            var list = connection.list(Set.of(ListItem.COUNTS));

            assertThat(list)
                    .extracting(it -> it.name().wire())
                    .containsExactly("Sent Items", "Old Mail (2019)", "Shared Mail");
            assertThat(list.getFirst().subscribed()).isTrue();
            assertThat(list.getFirst().status()).isNotNull();
            assertThat(list.getFirst().status().messages()).isEqualTo(4);
        }
    }

    @Test
    @Quirk(
            server = "Zimbra",
            does = "refuses to open a mailbox that it lists, and does not say why",
            answer = "`not-possible`; `mailbox-not-found` only where LIST does not show it")
    void aMailboxThatIsListedIsNotMissing() {
        server.capabilities("IMAP4rev1");
        server.expect("EXAMINE \"Work\"").reply("NO SELECT failed");
        server.expect("LIST \"\" \"*\"")
                .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
        server.expect("EXAMINE \"Gone\"").reply("NO SELECT failed");
        server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" INBOX", "OK");
        server.expect("EXAMINE \"Gone\"").reply("NO SELECT failed");
        server.expect("LIST \"\" \"*\"").reply("NO LIST failed");
        server.expectMatching("STATUS \"Work\" .*").reply("NO STATUS failed");
        server.expect("LIST \"\" \"*\"")
                .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
        var gone = MailboxName.of("Gone");

        try (var connection = connect()) {
            assertThatThrownBy(() -> connection.select(WORK, Access.READ_ONLY))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThatThrownBy(() -> connection.select(gone, Access.READ_ONLY))
                    .isInstanceOf(ImapException.MailboxNotFound.class);
            assertThatThrownBy(() -> connection.select(gone, Access.READ_ONLY))
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThatThrownBy(() -> connection.status(WORK))
                    .isInstanceOf(ImapException.NotPossible.class);
        }
    }

    @Test
    void oneListTellsWhichOfManyMailboxesAreMissing() {
        server.capabilities("IMAP4rev1");
        for (var name : List.of("Work", "Gone", "Lost")) {
            server.expect("EXAMINE \"" + name + "\"").reply("NO SELECT failed");
            server.expect("UID SEARCH ALL").reply("BAD no mailbox");
        }
        server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" Work", "OK");

        try (var connection = connect()) {
            var outcomes =
                    connection.visit(
                            List.of(
                                    ExamineRequest.search(WORK, new SearchTerm.All()),
                                    ExamineRequest.search(
                                            MailboxName.of("Gone"), new SearchTerm.All()),
                                    ExamineRequest.search(
                                            MailboxName.of("Lost"), new SearchTerm.All())));

            assertThatThrownBy(outcomes.get(0)::orThrow)
                    .isInstanceOf(ImapException.NotPossible.class);
            assertThatThrownBy(outcomes.get(1)::orThrow)
                    .isInstanceOf(ImapException.MailboxNotFound.class);
            assertThatThrownBy(outcomes.get(2)::orThrow)
                    .isInstanceOf(ImapException.MailboxNotFound.class);
        }
    }

    @Test
    @Quirk(
            does = "answers ID and NAMESPACE with what nobody can read, and refuses LSUB",
            answer = "the mailboxes all the same; whether they are subscribed is left out")
    void goesOnWithoutWhatIsOnlyPoliteness() {
        server.capabilities("IMAP4rev1", "ID", "NAMESPACE");
        server.expectMatching("ID .*").reply("* ID (\"name\" (((", "OK");
        server.expect("NAMESPACE").reply("* NAMESPACE )(", "OK");
        server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" INBOX", "OK");
        server.expect("LSUB \"\" \"*\"").reply("NO not today");

        try (var connection = connect()) {
            var list = connection.list(Set.of());

            assertThat(list).extracting(ListedMailbox::name).containsExactly(MailboxName.INBOX);
            assertThat(list.getFirst().subscribed()).isNull();
            assertThat(connection.namespaces().personal()).hasSize(1);
            assertThat(connection.serverId()).isEmpty();
            assertThat(connection.usable()).isTrue();
        }
    }

    @Test
    @Quirk(
            does = "announces LIST-STATUS or LIST-EXTENDED and refuses it",
            answer = "the list in the way of servers without it, and for ten minutes at once")
    void listsInAnotherWayWhereTheServerRefusesWhatItAnnounced() {
        server.capabilities("IMAP4rev1", "LIST-EXTENDED", "LIST-STATUS");
        server.expectMatching("LIST .* RETURN .*STATUS.*").reply("BAD what is RETURN");
        server.expectMatching("LIST .* RETURN .*").reply("NO no");
        for (int i = 0; i < 2; i++) {
            server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" INBOX", "OK");
            server.expect("LSUB \"\" \"*\"").reply("* LSUB () \"/\" INBOX", "OK");
            server.expectMatching("STATUS .*").reply("* STATUS INBOX (MESSAGES 2 UNSEEN 0)", "OK");
        }

        for (int i = 0; i < 2; i++) {
            try (var connection = connect()) {
                var inbox = connection.list(Set.of(ListItem.COUNTS)).getFirst();
                assertThat(inbox.subscribed()).isTrue();
                assertThat(inbox.status()).isNotNull();
                assertThat(inbox.status().messages()).isEqualTo(2);
            }
        }
    }

    @Test
    void aServerThatIsTooBusyToCountWithTheListIsAskedAgain() {
        server.capabilities("IMAP4rev1", "LIST-EXTENDED", "LIST-STATUS");
        for (int i = 0; i < 2; i++) {
            server.expectMatching("LIST .* RETURN .*STATUS.*").reply("NO [UNAVAILABLE] later");
            server.expectMatching("LIST .* RETURN .*").reply("* LIST () \"/\" INBOX", "OK");
            server.expectMatching("STATUS .*").reply("* STATUS INBOX (MESSAGES 2 UNSEEN 0)", "OK");
        }

        for (int i = 0; i < 2; i++) {
            try (var connection = connect()) {
                assertThat(connection.list(Set.of(ListItem.COUNTS)).getFirst().status())
                        .isNotNull();
            }
        }
    }

    @Test
    @Quirk(
            does = "announces CONDSTORE and refuses it in SELECT",
            answer = "the mailbox is opened without")
    void opensAMailboxWithoutCondStoreWhereTheServerRefusesThat() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.expect("EXAMINE \"Work\" (CONDSTORE)").reply("BAD too much");
        server.expect("EXAMINE \"Work\"").reply("* 1 EXISTS", "* OK [UIDVALIDITY 3] x", "OK");
        server.expect("EXAMINE \"Other\"").reply("* 1 EXISTS", "* OK [UIDVALIDITY 3] x", "OK");

        try (var connection = connect()) {
            connection.select(WORK, Access.READ_ONLY);
            assertThat(connection.capabilities().condStore()).isFalse();
        }
        try (var connection = connect()) {
            connection.select(MailboxName.of("Other"), Access.READ_ONLY);
        }
    }

    @Test
    void visitsMailboxesWithoutCondStoreWhereTheServerRefusesThat() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.expect("EXAMINE \"Work\" (CONDSTORE)").reply("BAD too much");
        server.expect("UID SEARCH ALL").reply("BAD no mailbox");
        server.expect("EXAMINE \"Work\"").reply("* 1 EXISTS", "* OK [UIDVALIDITY 3] x", "OK");
        server.expect("UID SEARCH ALL").reply("* SEARCH 4", "OK");

        try (var connection = connect()) {
            var outcome =
                    connection
                            .visit(List.of(ExamineRequest.search(WORK, new SearchTerm.All())))
                            .getFirst();

            assertThat(outcome.orThrow().found().contains(4)).isTrue();
            assertThat(connection.capabilities().condStore()).isFalse();
        }
    }

    @Test
    @Quirk(
            does = "has a BAD for a login that it does not like",
            answer = "401 with its reason, and never that the server cannot be reached")
    void aLoginThatIsCalledBadIsRefused() {
        server.expectMatching("LOGIN .*").reply("BAD Invalid user or password");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.AuthenticationFailed.class);

        server.expectMatching("LOGIN .*").reply("NO [ALERT] Please log in via your web browser");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.AuthenticationFailed.class);

        server.expectMatching("LOGIN .*").reply("* BAD Invalid user or password");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.AuthenticationFailed.class);
    }

    @Test
    @Quirk(
            server = "iCloud",
            does = "says `BAD [UNAVAILABLE]` to a login",
            answer = "503, since the credentials may be right")
    void aLoginThatIsPutOffIsNotRefused() {
        server.expectMatching("LOGIN .*")
                .reply("BAD [UNAVAILABLE] Service temporarily unavailable");
        assertThatThrownBy(this::connect).isInstanceOf(ImapException.ServerUnavailable.class);
    }

    @Test
    @Quirk(does = "refuses CAPABILITY", answer = "it is taken for a server without extensions")
    void aServerThatRefusesToTellItsCapabilitiesHasNone() {
        server.greeting("* OK hello");
        server.expect("CAPABILITY").reply("NO not before you have logged in");
        server.expectMatching("LOGIN .*").reply("OK welcome");
        server.expect("CAPABILITY").reply("BAD not after that either");
        server.expect("EXAMINE \"Work\"").reply("* 1 EXISTS", "* OK [UIDVALIDITY 3] x", "OK");

        try (var connection = connect()) {
            assertThat(connection.capabilities().names()).isEmpty();
            connection.select(WORK, Access.READ_ONLY);
        }
    }

    @Test
    @Quirk(
            does = "says BAD without a tag",
            answer = "that ends the only command under way, and the connection after it")
    void aBadWithoutATagEndsTheOnlyCommand() {
        server.capabilities("IMAP4rev1");
        server.expectMatching("STATUS .*").reply("* BAD cannot parse that");

        try (var connection = connect()) {
            assertThatThrownBy(() -> connection.status(WORK))
                    .isInstanceOf(ImapException.ProtocolError.class);
            assertThat(connection.usable()).isFalse();
        }
    }

    @Test
    @Quirk(
            server = "Outlook.com",
            does = "accepts a login and then answers `BAD User is authenticated but not connected`",
            answer = "that connection is closed; after one fresh login it is a 503")
    void aLoginThatLeadsNowhereEndsTheConnection() {
        server.capabilities("IMAP4rev1", "NAMESPACE");
        server.expect("NAMESPACE").reply("BAD User is authenticated but not connected.");
        server.expect("LIST \"\" \"*\"").reply("BAD User is authenticated but not connected.");
        server.expect("LSUB \"\" \"*\"").bye("Connection closed. 14");
        var connection = connect();

        assertThatThrownBy(() -> connection.list(Set.of()))
                .isInstanceOf(ImapException.ServerUnavailable.class);
        assertThat(connection.usable()).isFalse();
    }

    private PoolableConnection connect() {
        return connector.connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }
}
