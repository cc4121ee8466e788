package postern.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** Cached metadata of a mailbox are not used for a later mailbox of the same name. */
@OnGreenMail
@Timeout(60)
class FormerMailboxTest {

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);

    @Autowired private Messages messages;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    @Quirk(
            server = "Cyrus",
            does =
                    "gives a mailbox the name, the UIDVALIDITY and the UIDs of another one that went within the same second",
            answer = "MAILBOXID tells them apart, where the server has it")
    void aMailboxWithTheUidValidityOfAFormerOneHasItsOwnMessages() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        open("Mailbox1");
        server.expectMatching("FETCH 1:\\* .*").reply(row(8), "OK");
        assertThat(list()).extracting(MessageSummary::size).containsExactly(8L);

        open("Mailbox2");
        server.expectMatching("NOOP").drop();
        assertThatThrownBy(this::list).isInstanceOf(ImapException.MailboxReset.class);

        server.expectMatching("FETCH 1:\\* .*").reply(row(9), "OK");
        assertThat(list()).extracting(MessageSummary::size).containsExactly(9L);
    }

    private void open(String mailboxId) {
        server.selected(
                "* 1 EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT 2] x",
                "* OK [MAILBOXID (" + mailboxId + ")] x");
    }

    private static String row(int size) {
        return "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" RFC822.SIZE %d)"
                .formatted(size);
    }

    private List<MessageSummary> list() {
        return messages.list(
                        account(),
                        MailboxId.of(MailboxName.INBOX),
                        null,
                        new MessageQuery(50, Set.of(MessageField.SIZE), ANY, null, false))
                .items();
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "ada",
                new Password("secret"));
    }
}
