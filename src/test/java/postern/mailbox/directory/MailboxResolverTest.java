package postern.mailbox.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapProperties;
import postern.account.Password;
import postern.account.TokenLimits;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemException;

@OnGreenMail
class MailboxResolverTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final MailboxId TRASH = MailboxId.parse("trash");

    @Autowired private MailboxResolver mailboxes;
    @Autowired private ImapConnections connections;
    @Autowired private ImapProperties properties;

    @Test
    void aNameAndInboxAreNotLookedUp() {
        var stranger = someone("wrong");
        var work = MailboxName.of("Work");

        assertThat(mailboxes.resolve(stranger, MailboxId.of(work))).isEqualTo(work);
        assertThat(mailboxes.resolve(stranger, MailboxId.parse("inbox")))
                .isEqualTo(MailboxName.INBOX);
    }

    @Test
    void aRoleIsFoundAsSoonAsAMailboxHasIt() {
        var account = someone(SERVER.password());
        assertThatThrownBy(() -> mailboxes.resolve(account, TRASH))
                .isInstanceOf(ProblemException.class)
                .hasMessage("no mailbox of this account has the role trash");

        create(account, "Deleted Items");

        assertThat(mailboxes.resolve(account, TRASH)).isEqualTo(MailboxName.of("Deleted Items"));
    }

    @Test
    void aRoleIsRememberedUntilItIsToBeForgotten() {
        var account = someone(SERVER.password());
        create(account, "Bin");
        mailboxes.resolve(account, TRASH);

        create(account, "Trash");
        assertThat(mailboxes.resolve(account, TRASH)).isEqualTo(MailboxName.of("Bin"));
        mailboxes.forget(account);
        assertThat(mailboxes.resolve(account, TRASH)).isEqualTo(MailboxName.of("Trash"));
    }

    @Test
    void whatOneTokenChangesIsForgottenForTheOthersOfItsAccount() {
        var account = someone(SERVER.password());
        create(account, "Bin");
        var other =
                account.limitedTo(
                        new TokenLimits(TokenLimits.NONE.scopes(), Set.of("Bin", "Trash")));
        mailboxes.resolve(other, TRASH);

        create(account, "Trash");
        mailboxes.forget(account);

        assertThat(mailboxes.resolve(other, TRASH)).isEqualTo(MailboxName.of("Trash"));
    }

    @Test
    void whatIsRememberedForOneCredentialIsNotToldToAnother() {
        var account = someone(SERVER.password());
        create(account, "Trash");
        mailboxes.resolve(account, TRASH);
        var intruder = new Account(account.server(), account.user(), new Password("wrong"));

        assertThatThrownBy(() -> mailboxes.resolve(intruder, TRASH))
                .isInstanceOf(ImapException.AuthenticationFailed.class);
    }

    private Account someone(String password) {
        return new Account(properties.server(), SERVER.newUser(), new Password(password));
    }

    private void create(Account account, String mailbox) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.create(MailboxName.of(mailbox));
        }
    }
}
