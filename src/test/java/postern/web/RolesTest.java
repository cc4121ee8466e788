package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;

import java.util.List;
import java.util.Set;

class RolesTest {

    @Test
    void specialUseCountsMoreThanANameWhateverItsCase() {
        var roles = Roles.of(List.of(mailbox("Sent"), mailbox("Postausgang", "\\sent")));

        assertThat(roles.mailbox(MailboxRole.SENT)).hasValue(MailboxName.of("Postausgang"));
        assertThat(roles.role(MailboxName.of("Sent"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Sent Items, SENT",
        "SENT, SENT",
        "INBOX/Drafts, DRAFTS",
        "inbox/deleted messages, TRASH",
        "Junk E-mail, JUNK",
        "spam, JUNK",
        "Archives, ARCHIVE",
        "INBOX, INBOX"
    })
    void aUsualNameAtTheTopOrBelowInboxHasItsRole(String name, MailboxRole role) {
        assertThat(Roles.of(List.of(mailbox(name))).role(MailboxName.of(name))).hasValue(role);
    }

    @ParameterizedTest
    @CsvSource({"Work/Sent", "INBOX/Work/Sent", "Sent/2024", "Sentimental", "All", "Inboxes/Sent"})
    void anyOtherNameHasNone(String name) {
        assertThat(Roles.of(List.of(mailbox(name))).role(MailboxName.of(name))).isEmpty();
    }

    @Test
    void aRoleBelongsToOneMailboxTheMostUsuallyNamedOne() {
        var roles = Roles.of(List.of(mailbox("Spam"), mailbox("Deleted Items"), mailbox("Junk")));

        assertThat(roles.mailbox(MailboxRole.JUNK)).hasValue(MailboxName.of("Junk"));
        assertThat(roles.role(MailboxName.of("Spam"))).isEmpty();
    }

    @Test
    void whatCannotBeSelectedHasNoRole() {
        var roles =
                Roles.of(
                        List.of(mailbox("Trash", "\\noselect"), mailbox("Bin"), mailbox("Drafts")));

        assertThat(roles.mailbox(MailboxRole.TRASH)).hasValue(MailboxName.of("Bin"));
    }

    @Test
    void aMailboxWithASpecialUseDoesNotTakeASecondRoleByItsName() {
        var roles = Roles.of(List.of(mailbox("Archive", "\\all")));

        assertThat(roles.mailbox(MailboxRole.ALL)).hasValue(MailboxName.of("Archive"));
        assertThat(roles.mailbox(MailboxRole.ARCHIVE)).isEmpty();
    }

    private static ListedMailbox mailbox(String name, String... attributes) {
        return new ListedMailbox(MailboxName.of(name), '/', Set.of(attributes), true, null);
    }
}
