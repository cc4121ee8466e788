package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.message.metadata.Include;
import postern.message.metadata.MessageAttachment;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** A failure to fetch optional data makes neither a list nor a message fail. */
@OnGreenMail
@Timeout(60)
class OptionalFetchTest {

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);
    private static final String TEXT = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1)";
    private static final String UNTYPED = "(\"\" \"\" NIL NIL NIL \"base64\" 8)";
    private static final String BEGINNINGS = "(UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)";

    @Autowired private Messages messages;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @BeforeEach
    void hasTwoMessages() {
        server.capabilities("IMAP4rev1");
        server.selected("* 2 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 11] x");
    }

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    @Quirk(
            does = "refuses the beginning of a text that a preview is made of",
            answer = "the message is listed without a preview, all others with theirs")
    void aPreviewThatIsRefusedIsLeftOut() {
        lists(TEXT);
        server.expect("UID FETCH 9:10 " + BEGINNINGS).reply("BAD cannot parse it");
        server.expect("UID FETCH 9 " + BEGINNINGS).reply("NO cannot parse it");
        server.expect("UID FETCH 10 " + BEGINNINGS)
                .reply("* 2 FETCH (UID 10 BODYSTRUCTURE " + TEXT + " BODY[1]<0> {5}")
                .octets("words")
                .reply(")", "OK");
        server.expectMatching("FETCH 1:\\* \\(UID FLAGS\\)")
                .reply("* 1 FETCH (UID 9 FLAGS ())", "* 2 FETCH (UID 10 FLAGS ())", "OK");
        server.expectMatching("UID FETCH 11:.*").reply("OK");

        assertThat(list()).extracting(MessageSummary::preview).containsExactly("words", "");
        assertThat(list()).extracting(MessageSummary::preview).containsExactly("words", "");
    }

    @Test
    void aConnectionThatEndsOverPreviewsEndsNoList() {
        lists(TEXT);
        server.expect("UID FETCH 9:10 " + BEGINNINGS).drop();

        assertThat(list()).extracting(MessageSummary::size).containsExactly(8L, 8L);
    }

    @Test
    void aTypeThatIsNotToldIsGuessedForThisListWhereTheConnectionEnds() {
        lists(UNTYPED);
        server.expectMatching("UID FETCH 9:10 .*HEADER\\.FIELDS \\(CONTENT-TYPE .*").drop();
        server.expect("UID FETCH 9:10 " + BEGINNINGS)
                .reply(beginning(1, 9), beginning(2, 10), "OK");
        server.expectMatching("UID FETCH 9:10 .*HEADER\\.FIELDS \\(CONTENT-TYPE .*").drop();

        assertThat(list()).extracting(MessageSummary::degraded).containsExactly(true, true);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aMessageIsReadOnAFreshConnectionWhereOneEndsOverAHeader() {
        server.expectMatching("UID FETCH 10 .*BODYSTRUCTURE.*")
                .reply(
                        "* 2 FETCH (UID 10 FLAGS () INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" RFC822.SIZE 8 BODYSTRUCTURE ("
                                + TEXT
                                + "(\"application\" \"pdf\" (\"name\" \"my\") NIL NIL \"base64\" 8)"
                                + " \"mixed\") ENVELOPE (NIL \"x\""
                                + " NIL".repeat(8)
                                + ") INTERNALDATE \"01-Mar-2026 12:00:00 +0000\""
                                + " BODY[HEADER]<0> {2}\r\n\r\n)",
                        "OK");
        server.expectMatching("UID FETCH 10 .*2\\.MIME.*").drop();
        server.expectMatching("UID FETCH 10 .*BODY\\.PEEK\\[1\\].*")
                .reply("* 2 FETCH (UID 10 BODY[1]<0> {5}\r\nwords)", "OK");

        var message =
                messages.read(
                        account(),
                        MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, 10)),
                        Set.of(Include.TEXT));

        assertThat(message.text())
                .isNotNull()
                .satisfies(it -> assertThat(it.content()).contains("words"));
        assertThat(message.attachments())
                .extracting(MessageAttachment::name)
                .first()
                .asString()
                .contains("my");
    }

    private void lists(String structure) {
        server.expectMatching("FETCH 1:\\* .*")
                .reply(row(1, 9, structure), row(2, 10, structure), "OK");
    }

    private static String row(int place, long uid, String structure) {
        return ("* %d FETCH (UID %d FLAGS () INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" RFC822.SIZE 8"
                        + " BODYSTRUCTURE %s)")
                .formatted(place, uid, structure);
    }

    private static String beginning(int place, long uid) {
        return "* %d FETCH (UID %d BODYSTRUCTURE %s BODY[1]<0> {5}\r\nwords)"
                .formatted(place, uid, UNTYPED);
    }

    private List<MessageSummary> list() {
        var fields = Set.of(MessageField.SIZE, MessageField.PREVIEW, MessageField.HAS_ATTACHMENT);
        return messages.list(
                        account(),
                        MailboxId.of(MailboxName.INBOX),
                        null,
                        new MessageQuery(50, fields, ANY, null, false))
                .items();
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "ada",
                new Password("secret"));
    }
}
