package postern.message.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

@OnGreenMail
class MessageAppenderTest {

    private static final String LETTER = "Message-ID: <1@x>\r\n\r\nhi\r\n";
    private static final String STATUS = "STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)";
    private static final String SEARCH =
            "UID SEARCH UID 11:4294967295 HEADER \"Message-ID\" \"<1@x>\"";

    @Autowired private MessageAppender messages;
    @Autowired private ImapConnections connections;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void believesTheServerThatTells() {
        server.expect("APPEND \"INBOX\" (\\Draft) {25+}\r\n" + LETTER)
                .reply("OK [APPENDUID 1 11] done");

        assertThat(append(LETTER)).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 11));
    }

    @Test
    void findsTheMessageAgainWhereTheServerDoesNotTell() {
        onAServerThatDoesNotTell();
        server.expect(SEARCH).reply("* SEARCH 12", "OK");
        server.expectMatching("UID FETCH 12 .*").reply(fetched(12, "<1@x>", 25), "OK");

        assertThat(append(LETTER)).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 12));
    }

    @Test
    void guessesNothingWhenThereAreTwoOfTheKind() {
        onAServerThatDoesNotTell();
        server.expect(SEARCH).reply("* SEARCH 12 13", "OK");
        server.expectMatching("UID FETCH 12:13 .*")
                .reply(fetched(12, "<1@x>", 25), fetched(13, "<1@x>", 25), "OK");

        assertThat(append(LETTER)).isNull();
    }

    @Test
    void tellsItFromAnotherOfTheSameIdByItsSize() {
        onAServerThatDoesNotTell();
        server.expect(SEARCH).reply("* SEARCH 12 13", "OK");
        server.expectMatching("UID FETCH 12:13 .*")
                .reply(fetched(12, "<1@x>", 24), fetched(13, "<1@x>", 25), "OK");

        assertThat(append(LETTER)).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 13));
    }

    @Test
    void guessesNothingWhenTheServerFoundSomethingElse() {
        onAServerThatDoesNotTell();
        server.expect(SEARCH).reply("* SEARCH 12", "OK");
        server.expectMatching("UID FETCH 12 .*").reply(fetched(12, "<11@x>", 25), "OK");

        assertThat(append(LETTER)).isNull();
    }

    @Test
    void guessesNothingOfAMessageWithoutId() {
        server.capabilities("IMAP4rev1", "LITERAL+");
        server.expect(STATUS)
                .reply("* STATUS INBOX (MESSAGES 10 UNSEEN 0 UIDNEXT 11 UIDVALIDITY 1)", "OK");
        server.expect("APPEND \"INBOX\" (\\Draft) {4+}\r\n\r\nhi").reply("OK done");

        assertThat(append("\r\nhi")).isNull();
    }

    @Test
    void sendsAMessageOnceMoreWhereTheServerDoesNotTakeItsLiteral() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS");
        server.expect("APPEND \"INBOX\" (\\Draft) {25+}\r\n" + LETTER)
                .reply("BAD no literal", "* BAD what is that");
        server.expect("APPEND \"INBOX\" (\\Draft) {25}\r\n" + LETTER)
                .reply("OK [APPENDUID 1 11] done");

        assertThat(append(LETTER)).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 11));
    }

    @Test
    void sendsAStreamOnceMoreThatCannotBeReadTwice() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS");
        server.expect("APPEND \"INBOX\" (\\Draft) {25+}\r\n" + LETTER)
                .reply("BAD no literal", "Message-ID: BAD what is that");
        server.expect("APPEND \"INBOX\" (\\Draft) {25}\r\n" + LETTER)
                .reply("OK [APPENDUID 1 11] done");
        var once = new SequenceInputStream(octets(LETTER), octets(""));

        assertThat(append(once, 25)).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 11));
    }

    @Test
    void searchesOnceMoreWhereTheServerDoesNotTakeTheLiteral() {
        server.capabilities("IMAP4rev1", "LITERAL-");
        var search = "UID SEARCH CHARSET UTF-8 SUBJECT {2+}\r\n\u00fc";
        server.expect(search).reply("BAD no literal", "* BAD what is that");
        server.expect(search.replace("+", "")).reply("* SEARCH 3", "OK");

        try (var inbox =
                connections.select(
                        account(), MailboxName.INBOX, Access.READ_ONLY, Lane.INTERACTIVE)) {
            assertThat(inbox.search(new SearchTerm.Subject("\u00fc"))).isEqualTo(UidSet.of(3));
        }
    }

    @Test
    void readsNothingThatTheServerHasNoRoomFor() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "APPENDLIMIT=24");
        var message = octets(LETTER);

        assertThatThrownBy(() -> append(message, 25))
                .isInstanceOf(ImapException.MessageTooBig.class);

        assertThat(message.available()).isEqualTo(25);
    }

    @Test
    void asksForTheMailboxBeforeALargeMessageIsRead() {
        server.expectMatching("STATUS \"INBOX\" .*").reply("NO [NONEXISTENT] none");
        var message = octets(LETTER);

        assertThatThrownBy(() -> append(message, 1_000_000))
                .isInstanceOf(ImapException.MailboxNotFound.class);

        assertThat(message.available()).isEqualTo(25);
    }

    @Test
    void saysWhichMessageIsStoredWhenTheOldOneStays() {
        onAServerWithADraft();
        server.expect("UID FETCH 7 (UID FLAGS)").reply("* 7 FETCH (UID 7 FLAGS (\\Draft))", "OK");
        server.expectMatching("UID STORE 7 \\+.*").reply("OK");
        server.expect("UID FETCH 7 (UID FLAGS)")
                .reply("* 7 FETCH (UID 7 FLAGS (\\Draft \\Deleted))", "OK");
        server.expect("UID EXPUNGE 7").reply("NO [NOPERM] not yours");
        server.expect("UID FETCH 7 (UID FLAGS)")
                .reply("* 7 FETCH (UID 7 FLAGS (\\Draft \\Deleted))", "OK");
        server.expectMatching("UID STORE 7 -.*").reply("OK");

        assertThatThrownBy(() -> replace(null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("is stored as " + added())
                .hasMessageContaining("the old one is not removed");
    }

    @Test
    void doesNotSayThatTheOldOneIsGoneWhereTheServerDoesNotTell() {
        onAServerWithADraft();
        server.expect("UID FETCH 7 (UID FLAGS)").reply("* 7 FETCH (UID 7 FLAGS (\\Draft))", "OK");
        server.expectMatching("UID STORE 7 \\+.*").reply("NO [NOPERM] not yours");
        server.expect("UID FETCH 7 (UID FLAGS)").reply("* 7 FETCH (UID 7 FLAGS (\\Draft))", "OK");
        server.expect("UID EXPUNGE 7").reply("NO [NOPERM] not yours");
        server.expect("UID FETCH 7 (UID FLAGS)").reply("BAD not now");
        server.expectMatching("UID STORE 7 -.*").reply("OK");

        assertThatThrownBy(() -> replace(null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("is stored as " + added())
                .hasMessageContaining("the old one is not removed");
    }

    @Test
    void leavesADraftThatWasChangedDuringTheUpload() {
        onAServerWithADraft();
        server.expectMatching("UID FETCH 7 .*")
                .reply("* 7 FETCH (UID 7 FLAGS (\\Draft \\Flagged))", "OK");
        var eTag = eTag(Set.of(Flag.DRAFT));

        assertThatThrownBy(() -> replace(eTag))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.MESSAGE_MODIFIED))
                .hasMessageContaining("is stored as " + added());
        assertThat(server.commands()).noneMatch(command -> command.startsWith("UID EXPUNGE"));
    }

    @Test
    void saysThatADraftWasReplacedBySomebodyElseDuringTheUpload() {
        onAServerWithADraft();
        server.expectMatching("UID FETCH 7 .*").reply("OK");
        var eTag = eTag(Set.of(Flag.DRAFT));

        assertThatThrownBy(() -> replace(eTag))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.MESSAGE_MODIFIED))
                .hasMessageContaining("is stored as " + added());
    }

    @Test
    void countsTheOldMessageAsRoomWhereTheServerReplacesIt() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "REPLACE", "QUOTA");
        server.expectMatching("UID FETCH 7 .*")
                .reply("* 7 FETCH (UID 7 FLAGS (\\Draft) RFC822.SIZE 400000)", "OK");
        server.expectMatching("STATUS \"INBOX\" .*")
                .reply("* STATUS INBOX (MESSAGES 1 UNSEEN 0 UIDNEXT 8 UIDVALIDITY 1)", "OK");
        server.expectMatching("GETQUOTAROOT .*")
                .reply("* QUOTAROOT INBOX all", "* QUOTA all (STORAGE 900 1000)", "OK");
        server.expectMatching("(?s)UID REPLACE 7 .*").reply("OK [APPENDUID 1 11] done");
        var letter = LETTER + "x".repeat(400_000 - LETTER.length());

        assertThat(replace(letter, null)).isEqualTo(SomeAccount.message(MailboxName.INBOX, 1, 11));
    }

    private MessageId added() {
        return MessageId.of(new MessageRef(MailboxName.INBOX, 1, 11, AccountTag.of(account())));
    }

    private void onAServerWithADraft() {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS");
        server.expectMatching("UID FETCH 7 .*")
                .reply("* 7 FETCH (UID 7 FLAGS (\\Draft) RFC822.SIZE 25)", "OK");
        server.expect("APPEND \"INBOX\" (\\Draft) {25+}\r\n" + LETTER)
                .reply("OK [APPENDUID 1 11] done");
    }

    private static String eTag(Set<Flag> flags) {
        return MessageETag.of(
                        new FetchedMessage(
                                7, 7, flags, null, null, null, null, null, null, null, null,
                                Map.of(), false))
                .value();
    }

    private @Nullable MessageRef replace(@Nullable String ifMatch) {
        return replace(LETTER, ifMatch);
    }

    private @Nullable MessageRef replace(String letter, @Nullable String ifMatch) {
        return messages.replace(
                account(),
                SomeAccount.message(MailboxName.INBOX, 1, 7),
                ifMatch,
                Set.of(Flag.DRAFT),
                null,
                null,
                octets(letter),
                letter.length());
    }

    private void onAServerThatDoesNotTell() {
        server.capabilities("IMAP4rev1", "LITERAL+");
        server.expect(STATUS)
                .reply("* STATUS INBOX (MESSAGES 10 UNSEEN 0 UIDNEXT 11 UIDVALIDITY 1)", "OK");
        server.expect("APPEND \"INBOX\" (\\Draft) {25+}\r\n" + LETTER).reply("OK done");
    }

    private static String fetched(long uid, String messageId, long size) {
        return "* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE \"01-Mar-2026 09:34:56 +0000\" ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL \"%s\"))"
                .formatted(uid - 1, uid, size, messageId);
    }

    private @Nullable MessageRef append(String message) {
        return append(octets(message), message.length());
    }

    private @Nullable MessageRef append(InputStream message, long length) {
        return messages.append(
                account(), MailboxName.INBOX, Set.of(Flag.DRAFT), null, message, length);
    }

    private static ByteArrayInputStream octets(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "u",
                new Password("p"));
    }
}
