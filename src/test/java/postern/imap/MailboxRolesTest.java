package postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailboxRolesTest {

    @Test
    void specialUseCountsMoreThanANameWhateverItsCase() {
        var roles = MailboxRoles.of(List.of(mailbox("Sent"), mailbox("Postausgang", "\\sent")));

        assertThat(roles.mailbox(MailboxRole.SENT)).hasValue(MailboxName.of("Postausgang"));
        assertThat(roles.role(MailboxName.of("Sent"))).isEmpty();
    }

    @Test
    void aMailboxThatIsListedTwiceHasOneRole() {
        var roles =
                MailboxRoles.of(
                        List.of(mailbox("All Mail", "\\all"), mailbox("All Mail", "\\junk")));

        assertThat(roles.role(MailboxName.of("All Mail"))).hasValue(MailboxRole.ALL);
        assertThat(roles.mailbox(MailboxRole.JUNK)).isEmpty();
    }

    /** The iteration order of a set differs between processes. */
    @Test
    void ofSeveralSpecialUsesOneIsTheRoleWhateverTheirOrder() {
        var uses = Arrays.stream(MailboxRole.values()).skip(1).toList();
        for (var one : uses) {
            for (var other : uses.subList(uses.indexOf(one) + 1, uses.size())) {
                var mailbox =
                        mailbox(
                                "x",
                                one.attribute().toLowerCase(Locale.ROOT),
                                other.attribute().toLowerCase(Locale.ROOT));

                assertThat(mailbox.role()).hasValue(one);
            }
        }
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
        "INBOX, INBOX",
        "Entwürfe, DRAFTS",
        "INBOX/Gelöschte Objekte, TRASH",
        "Éléments envoyés, SENT",
        "Courrier indésirable, JUNK",
        "Papelera, TRASH",
        "Posta inviata, SENT",
        "Lixeira, TRASH",
        "Verzonden items, SENT",
        "Skräppost, JUNK",
        "Slettet post, TRASH",
        "Søppelpost, JUNK",
        "Luonnokset, DRAFTS",
        "Kopie robocze, DRAFTS",
        "Odeslaná pošta, SENT",
        "Корзина, TRASH",
        "Надіслані, SENT",
        "Gönderilmiş Öğeler, SENT",
        "Ανεπιθύμητα, JUNK",
        "下書き, DRAFTS",
        "已发送, SENT",
        "垃圾郵件, JUNK",
        "휴지통, TRASH",
        "Arkiv, ARCHIVE",
        "Bulk Mail, JUNK",
        "Deleted Items, TRASH",
        "[Gmail]/Sent Mail, SENT",
        "[Google Mail]/Papierkorb, TRASH",
        "Sent-Mail, SENT"
    })
    void aUsualNameAtTheTopOrBelowInboxHasItsRole(String name, MailboxRole role) {
        assertThat(MailboxRoles.of(List.of(mailbox(name))).role(MailboxName.of(name)))
                .hasValue(role);
    }

    @ParameterizedTest
    @CsvSource({"Work/Sent", "INBOX/Work/Sent", "Sent/2024", "Sentimental", "All", "Inboxes/Sent"})
    void anyOtherNameHasNone(String name) {
        assertThat(MailboxRoles.of(List.of(mailbox(name))).role(MailboxName.of(name))).isEmpty();
    }

    @Test
    void aRoleBelongsToOneMailboxTheMostUsuallyNamedOne() {
        var roles =
                MailboxRoles.of(
                        List.of(mailbox("Spam"), mailbox("Deleted Items"), mailbox("Junk")));

        assertThat(roles.mailbox(MailboxRole.JUNK)).hasValue(MailboxName.of("Junk"));
        assertThat(roles.role(MailboxName.of("Spam"))).isEmpty();
    }

    @Test
    void whatCannotBeSelectedHasNoRole() {
        var roles =
                MailboxRoles.of(
                        List.of(mailbox("Trash", "\\noselect"), mailbox("Bin"), mailbox("Drafts")));

        assertThat(roles.mailbox(MailboxRole.TRASH)).hasValue(MailboxName.of("Bin"));
    }

    @Test
    void aMailboxWithASpecialUseDoesNotTakeASecondRoleByItsName() {
        var roles = MailboxRoles.of(List.of(mailbox("Archive", "\\all")));

        assertThat(roles.mailbox(MailboxRole.ALL)).hasValue(MailboxName.of("Archive"));
        assertThat(roles.mailbox(MailboxRole.ARCHIVE)).isEmpty();
    }

    @Test
    void aNameIsTheSameComposedOrNot() {
        var decomposed = "Entwu\u0308rfe";

        assertThat(MailboxRoles.of(List.of(mailbox(decomposed))).mailbox(MailboxRole.DRAFTS))
                .hasValue(MailboxName.of(decomposed));
    }

    @Test
    void noNameSuggestsTwoRoles() {
        for (var role : UsualMailboxNames.roles()) {
            for (var name : UsualMailboxNames.of(role)) {
                assertThat(MailboxRoles.of(List.of(mailbox(name))).role(MailboxName.of(name)))
                        .as(name)
                        .hasValue(role);
            }
        }
    }

    private static ListedMailbox mailbox(String name, String... attributes) {
        return new ListedMailbox(MailboxName.of(name), '/', Set.of(attributes), true, null, null);
    }
}
