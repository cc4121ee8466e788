package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
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
import postern.message.metadata.EmailAddress;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.mime.header.AddressField;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** Addresses that mail servers change in an ENVELOPE. */
@OnGreenMail
@Timeout(120)
class AddressQuirksTest {

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);

    private static final Set<MessageField> FROM_AND_TO =
            EnumSet.of(MessageField.SUBJECT, MessageField.FROM, MessageField.TO);

    private static final String ASKED =
            "FETCH 1:* (UID ENVELOPE FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM TO)]<0.131072>)";

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
            does =
                    "ends the addresses of an ENVELOPE where a name holds an @, and drops those"
                            + " behind it",
            answer = "addresses are read from the header, asked for in the same FETCH")
    void loseNoRecipient() {
        answer(
                "((NIL NIL \"Ann\" \"example.org\")) NIL NIL ((NIL NIL \"bob\" \"example.org\"))"
                        + " NIL",
                "From: Ann <ann@example.org>\r\n"
                        + "To: bob@example.org <bob@example.org>, cy@example.org\r\n\r\n",
                "BODY[HEADER.FIELDS (FROM TO)]<0>");

        var row = row();

        assertThat(row.from()).containsExactly(new EmailAddress("Ann", "ann@example.org"));
        assertThat(row.to())
                .containsExactly(
                        new EmailAddress("bob@example.org", "bob@example.org"),
                        new EmailAddress(null, "cy@example.org"));
        assertThat(row.cc()).isNull();
        server.verify();
    }

    @Test
    @Quirk(
            does = "repeats the names of header fields in an order, case and quotes of its own",
            answer = "the header fields are read all the same")
    void areReadHoweverTheSectionIsNamed() {
        answer(
                "NIL NIL NIL NIL NIL",
                "from: Ann <ann@example.org>\r\n\r\n",
                "BODY[HEADER.FIELDS (\"To\" \"From\")]<0>");

        assertThat(row().from()).containsExactly(new EmailAddress("Ann", "ann@example.org"));
    }

    @Test
    @Quirk(
            does = "leaves out the header fields and makes up addresses in the ENVELOPE",
            answer = "what it made up is shown in no field; the rest of the ENVELOPE stands in")
    void areTakenFromTheEnvelopeWithoutWhatIsMadeUp() {
        server.expectMatching("NOOP").reply("OK");
        server.expect(ASKED)
                .reply(
                        "* 1 FETCH (UID 10 FLAGS () INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" ENVELOPE (NIL NIL"
                                + " ((\"Cron\" NIL \"root\" \"MISSING_DOMAIN\")) NIL NIL"
                                + " ((NIL NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\")"
                                + "(NIL NIL \"ann\" \"unspecified-domain\")"
                                + "(NIL NIL \"bob\" \"example.org\")"
                                + "(\"Cy\" NIL \"INVALID_ADDRESS\" \".SYNTAX-ERROR.\"))"
                                + " NIL NIL NIL NIL))",
                        "OK");

        server.expectMatching("UID FETCH 10 \\(UID BODY.*").reply("* 1 FETCH (UID 10)", "OK");

        var row = row();

        assertThat(row.from()).containsExactly(new EmailAddress("Cron", "root"));
        assertThat(row.to())
                .containsExactly(
                        new EmailAddress(null, "ann"),
                        new EmailAddress(null, "bob@example.org"),
                        new EmailAddress("Cy", ""));
    }

    @Test
    void areDegradedWhereThereAreMoreThanAreShown() {
        var to = "a@b, ".repeat(AddressField.MOST + 1) + "c@d";
        answer("NIL NIL NIL NIL NIL", "To: " + to + "\r\n\r\n", "BODY[HEADER.FIELDS (FROM TO)]<0>");

        var row = row();

        assertThat(row.to()).hasSize(AddressField.MOST);
        assertThat(row.degraded()).isTrue();
    }

    @Test
    void areWholeWhereAllAreShown() {
        var to = "a@b, ".repeat(AddressField.MOST - 1) + "c@d";
        answer("NIL NIL NIL NIL NIL", "To: " + to + "\r\n\r\n", "BODY[HEADER.FIELDS (FROM TO)]<0>");

        var row = row();

        assertThat(row.to()).hasSize(AddressField.MOST);
        assertThat(row.degraded()).isNull();
    }

    @Test
    void areNotAskedForWhereNoneAreShown() {
        server.expectMatching("NOOP").reply("OK");
        server.expect("FETCH 1:* (UID ENVELOPE FLAGS INTERNALDATE)")
                .reply(
                        "* 1 FETCH (UID 10 FLAGS () INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" ENVELOPE (NIL \"x\""
                                + " NIL".repeat(8)
                                + "))",
                        "OK");

        assertThat(list(EnumSet.of(MessageField.SUBJECT)).getFirst().subject()).isEqualTo("x");
        server.verify();
    }

    private void answer(String addresses, String header, String section) {
        server.expectMatching("NOOP").reply("OK");
        server.expect(ASKED)
                .reply(
                        "* 1 FETCH (UID 10 FLAGS () INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" ENVELOPE (NIL NIL %s NIL NIL NIL) %s {%d}"
                                .formatted(addresses, section, header.length()))
                .octets(header)
                .reply(")", "OK");
    }

    private MessageSummary row() {
        return list(FROM_AND_TO).getFirst();
    }

    private List<MessageSummary> list(Set<MessageField> fields) {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "ada",
                        new Password("secret"));
        return messages.list(
                        account,
                        MailboxId.of(MailboxName.INBOX),
                        null,
                        new MessageQuery(50, fields, ANY, null, false))
                .items();
    }
}
