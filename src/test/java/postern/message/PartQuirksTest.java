package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

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
import postern.message.metadata.MessageAttachment;
import postern.message.metadata.MessageField;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** Parts with malformed headers, as different servers describe them. */
@OnGreenMail
@Timeout(60)
class PartQuirksTest {

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);
    private static final String TEXT = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1)";

    @Autowired private Messages messages;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @BeforeEach
    void holdsOneMessage() {
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 11] x");
    }

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does = "tells the types `\"\" \"\"` where it cannot read a Content-Type",
            answer =
                    "the type is read from the part's own header; a list takes one round trip more")
    void aTypeThatIsNotToldIsReadFromTheHeader() {
        listed("(" + TEXT + "(\"\" \"\" NIL NIL NIL \"base64\" 8) \"mixed\")");
        header("2.MIME", "Content-Type: application/pdf name=\"a.pdf\"\r\n\r\n");

        assertThat(list()).isTrue();
        server.verify();
    }

    @Test
    @Quirk(
            does = "tells an invalid type and refuses the part's header",
            answer = "the type is guessed by the name or the place")
    void aTypeThatCannotBeReadIsGuessed() {
        listed("(\"\" \"\" NIL NIL NIL \"7bit\" 8)");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("UID FETCH 10 .*HEADER\\.FIELDS.*").reply("NO not today");

        assertThat(list()).isFalse();
        server.verify();
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does = "tells the disposition `\"\"` where the field's word is in quotation marks",
            answer = "it is read from the part's own header; a list takes one round trip more")
    void aDispositionThatIsNotToldIsReadFromTheHeader() {
        listed(
                "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1 NIL"
                        + " (\"\" (\"filename\" \"a.txt\")))");
        header(
                "HEADER.FIELDS (CONTENT-TYPE CONTENT-DISPOSITION)",
                "Content-Disposition: \"attachment\"; filename=\"a.txt\"\r\n\r\n");

        assertThat(list()).isTrue();
        server.verify();
    }

    @Test
    @Quirk(
            server = "Cyrus",
            does = "tells `text/plain` with `us-ascii` for every Content-Type that it cannot read",
            answer = "the list asks for the field itself in the same round trip")
    void aTypeThatIsHiddenIsReadFromTheField() {
        server.capabilities("IMAP4rev1", "PREVIEW", "ANNOTATE-EXPERIMENT-1");
        var field = "Content-Type: application/pdf name=\"a.pdf\"\r\n\r\n";
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*HEADER\\.FIELDS.*")
                .reply(
                        row("(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 8 1)")
                                + " BODY[HEADER.FIELDS (CONTENT-TYPE CONTENT-DISPOSITION)]<0> {"
                                + field.length()
                                + "}")
                .octets(field)
                .reply(")", "OK");

        assertThat(list()).isTrue();
        server.verify();
    }

    @Test
    @Quirk(
            server = "Dovecot",
            does = "cuts a file name without quotation marks at its first blank or parenthesis",
            answer = "the whole name is read from the part's own header when the message is opened")
    void aNameThatIsCutIsReadFromTheHeader() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("UID FETCH 10 .*BODY\\.PEEK\\[HEADER\\].*")
                .reply(
                        row(
                                        "("
                                                + TEXT
                                                + "(\"application\" \"pdf\" NIL NIL NIL \"base64\""
                                                + " 8 NIL (\"attachment\" (\"filename\" \"my\")))"
                                                + " \"mixed\")")
                                + ")",
                        "OK");
        header(
                "2.MIME",
                "Content-Type: application/pdf\r\n"
                        + "Content-Disposition: attachment; filename=my file (1).pdf\r\n\r\n");

        var message =
                messages.read(
                        account(),
                        MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, 10)),
                        Set.of());

        assertThat(message.attachments())
                .extracting(MessageAttachment::name)
                .containsExactly("my file (1).pdf");
        server.verify();
    }

    private void listed(String structure) {
        server.capabilities("IMAP4rev1", "PREVIEW");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*").reply(row(structure) + ")", "OK");
    }

    private static String row(String structure) {
        return "* 1 FETCH (UID 10 FLAGS () RFC822.SIZE 8 INTERNALDATE \"01-Mar-2026 12:00:00"
                + " +0000\" ENVELOPE (NIL \"parts\" NIL NIL NIL NIL NIL NIL NIL NIL) PREVIEW"
                + " \"words\" BODYSTRUCTURE "
                + structure;
    }

    private void header(String section, String header) {
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching(
                        "UID FETCH 10 \\(UID BODY\\.PEEK\\["
                                + section.replaceAll("[.()]", "\\\\$0")
                                + "\\]<0\\.\\d+>\\)")
                .reply("* 1 FETCH (UID 10 BODY[" + section + "]<0> {" + header.length() + "}")
                .octets(header)
                .reply(")", "OK");
    }

    /** Whether the only message of the list has an attachment. */
    private boolean list() {
        var page =
                messages.list(
                        account(),
                        MailboxId.of(MailboxName.INBOX),
                        null,
                        new MessageQuery(
                                50, Set.of(MessageField.HAS_ATTACHMENT), ANY, null, false));
        return requireNonNull(page.items().getFirst().hasAttachment());
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "ada",
                new Password("secret"));
    }
}
