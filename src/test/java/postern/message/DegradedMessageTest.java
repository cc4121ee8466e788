package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.message.part.HeaderField;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** Messages whose description by the mail server cannot be parsed. */
@OnGreenMail
@Timeout(120)
class DegradedMessageTest {

    private static final String FIELDS = "BODY[HEADER.FIELDS (FROM TO CC)]<0> \"\"";
    private static final String HEADER =
            "Subject: broken\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n";
    private static final String BODY = "--x\r\n\r\ncome to tea\r\n--x--\r\n";
    private static final String DATE = "INTERNALDATE \"01-Mar-2026 12:00:00 +0000\"";

    private static final String WITH_PDF =
            "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1)"
                    + "(\"application\" \"pdf\" (\"name\" \"a.pdf\") NIL NIL \"base64\" 9 NIL"
                    + " (\"attachment\" NIL)) \"mixed\")";

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);

    @Autowired private Messages messages;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void doNotKeepTheOthersFromAList() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        holds(2);
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*")
                .reply(
                        "* 1 FETCH (UID 9 FLAGS () RFC822.SIZE 7 ENVELOPE (\"x\" BODYSTRUCTURE ((",
                        "* 2 FETCH (UID 10 FLAGS () RFC822.SIZE 8 "
                                + DATE
                                + " ENVELOPE (NIL \"whole\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                                + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1) PREVIEW \"words\" "
                                + FIELDS
                                + ")",
                        "OK");
        rebuilt();

        var page =
                messages.list(
                        account(),
                        MailboxId.of(MailboxName.INBOX),
                        null,
                        new MessageQuery(50, MessageField.ALL, ANY, null, false));

        assertThat(page.items())
                .extracting(MessageSummary::subject)
                .containsExactly("whole", "broken");
        assertThat(page.items()).extracting(MessageSummary::degraded).containsExactly(null, true);
        server.verify();
    }

    /** RFC 9051 §7.5.2: the data of a message may arrive in several responses. */
    @Test
    void areNotTheyWhereTheServerCorrectsItself() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        holds(2);
        var structure =
                " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1) PREVIEW \"words\" "
                        + FIELDS
                        + ")";
        var envelope = " ENVELOPE (NIL \"%s\" NIL NIL NIL NIL NIL NIL NIL NIL)";
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*")
                .reply(
                        "* 1 FETCH (UID 9 FLAGS () RFC822.SIZE 8 "
                                + DATE
                                + envelope.formatted("older")
                                + structure,
                        "* 2 FETCH (UID 10 FLAGS () RFC822.SIZE 8 "
                                + DATE
                                + envelope.formatted("first")
                                + structure,
                        "* 2 FETCH (UID 10" + envelope.formatted("final") + ")",
                        "OK");

        var page =
                messages.list(
                        account(),
                        MailboxId.of(MailboxName.INBOX),
                        null,
                        new MessageQuery(50, MessageField.ALL, ANY, null, false));

        assertThat(page.items())
                .extracting(MessageSummary::subject)
                .containsExactly("final", "older");
    }

    @Test
    void areTakenApartHere() {
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("UID FETCH 9 .*BODY\\.PEEK\\[1\\].*")
                .reply("* 9 FETCH (UID 9 FLAGS () BODYSTRUCTURE ((", "OK");
        rebuilt();
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("UID FETCH 9 \\(UID BODY\\.PEEK\\[\\]<0\\.1048576>\\)")
                .reply("* 9 FETCH (UID 9 BODY[]<0> {" + (HEADER + BODY).length() + "}")
                .octets(HEADER + BODY)
                .reply(")", "OK");

        var message =
                messages.read(
                        account(),
                        MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, 9)),
                        Set.of(Include.TEXT, Include.HEADERS));

        assertThat(message.degraded()).isTrue();
        assertThat(message.subject()).isEqualTo("broken");
        assertThat(requireNonNull(message.text()).content()).isEqualTo("come to tea");
        assertThat(requireNonNull(message.headers()))
                .extracting(HeaderField::name)
                .containsExactly("Subject", "Content-Type");
        server.verify();
    }

    @Test
    void haveNoKeywordsWhereTheirFlagsCannotBeRead() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        holds(1);
        server.expectMatching("FETCH 1:\\* .*")
                .reply(
                        "* 1 FETCH (UID 9 FLAGS NIL RFC822.SIZE 8 "
                                + DATE
                                + " ENVELOPE (NIL \"whole\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                                + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1) PREVIEW \"words\")",
                        "OK");
        server.expectMatching("UID FETCH 9 \\(UID FLAGS.*")
                .reply("* 1 FETCH (UID 9 FLAGS NIL)", "OK");

        var line = listed().getFirst();

        assertThat(line.keywords()).isNull();
        assertThat(line.subject()).isEqualTo("whole");
        assertThat(line.degraded()).isTrue();
    }

    @Test
    void keepTheirAttachmentsBesideAnEnvelopeThatCannotBeRead() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        holds(1);
        server.expectMatching("FETCH 1:\\* .*")
                .reply(
                        "* 1 FETCH (UID 9 FLAGS (\\Seen) RFC822.SIZE 8 "
                                + DATE
                                + " ENVELOPE (NIL \"he said \"hi\" (\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                                + " BODYSTRUCTURE "
                                + WITH_PDF
                                + " PREVIEW \"words\")",
                        "OK");
        server.expectMatching("UID FETCH 9 .*BODY\\.PEEK\\[HEADER\\].*")
                .reply(
                        "* 1 FETCH (UID 9 BODYSTRUCTURE "
                                + WITH_PDF
                                + " BODY[HEADER]<0> {"
                                + HEADER.length()
                                + "}")
                .octets(HEADER)
                .reply(")", "OK");

        var line = listed().getFirst();

        assertThat(line.hasAttachment()).isTrue();
        assertThat(line.subject()).isEqualTo("broken");
        assertThat(requireNonNull(line.keywords()).all()).containsEntry("$seen", true);
        assertThat(line.degraded()).isTrue();
    }

    private List<MessageSummary> listed() {
        var query = new MessageQuery(50, MessageField.ALL, ANY, null, false);
        return messages.list(account(), MailboxId.of(MailboxName.INBOX), null, query).items();
    }

    private void holds(int messages) {
        server.selected("* " + messages + " EXISTS", "* OK [UIDVALIDITY 1] x");
    }

    /** The mail server sends the header, from which the metadata are reconstructed. */
    private void rebuilt() {
        server.expectMatching("UID FETCH 9 .*BODY\\.PEEK\\[HEADER\\].*")
                .reply(
                        "* 9 FETCH (UID 9 FLAGS () RFC822.SIZE 200 "
                                + DATE
                                + " BODY[HEADER]<0> {"
                                + HEADER.length()
                                + "}")
                .octets(HEADER)
                .reply(")", "OK");
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "ada",
                new Password("secret"));
    }
}
