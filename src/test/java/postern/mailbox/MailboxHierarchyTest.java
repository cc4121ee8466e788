package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.Namespaces;

class MailboxHierarchyTest {

    private static final Namespaces SPACES =
            new Namespaces(
                    List.of(new Namespaces.Namespace("INBOX.", '.')),
                    List.of(new Namespaces.Namespace("user.", '.')),
                    List.of(new Namespaces.Namespace("#shared.", '.')));

    @Test
    void aMailboxIsBelowTheNearestOneThatIsListed() {
        var deep = mailbox("Work/2024/Q1/January");
        var hierarchy = hierarchy(mailbox("Work"), deep);

        assertThat(hierarchy.parent(deep)).hasValue(MailboxName.of("Work"));
    }

    @Test
    void aMailboxWhoseParentsAreAllUnlistedIsAtTheTop() {
        var lonely = mailbox("Users/anne/Shared");

        assertThat(hierarchy(lonely).parent(lonely)).isEmpty();
    }

    @Test
    void inboxIsAParentWhateverItsCase() {
        var child = mailbox("inbox/Work");
        var hierarchy = hierarchy(mailbox("INBOX"), child);

        assertThat(hierarchy.parent(child)).hasValue(MailboxName.INBOX);
    }

    @Test
    void namesWithoutADelimiterAreFlat() {
        var flat = new ListedMailbox(MailboxName.of("a/b"), null, Set.of(), null, null, null);
        var hierarchy = hierarchy(mailbox("a"), flat);

        assertThat(hierarchy.parent(flat)).isEmpty();
        assertThat(MailboxHierarchy.lastLevel(flat)).isEqualTo("a/b");
    }

    @Test
    void theLastLevelIsDecoded() {
        assertThat(MailboxHierarchy.lastLevel(mailbox("日本語/下書き"))).isEqualTo("下書き");
        assertThat(MailboxHierarchy.lastLevel(mailbox("foo/inbox"))).isEqualTo("inbox");
        assertThat(MailboxHierarchy.lastLevel(mailbox("foo/"))).isEqualTo("foo");
        assertThat(MailboxHierarchy.lastLevel(mailbox("/foo"))).isEqualTo("foo");
        assertThat(MailboxHierarchy.lastLevel(mailbox("/"))).isEmpty();
    }

    @Test
    void inboxComesFirstThenRolesThenTheOthersByName() {
        var names = Stream.of("zebra", "Trash", "Apple", "INBOX", "apple/Pie", "Drafts");

        assertThat(
                        hierarchy(
                                        names.map(MailboxHierarchyTest::mailbox)
                                                .toArray(ListedMailbox[]::new))
                                .sorted())
                .extracting(mailbox -> mailbox.name().decoded())
                .containsExactly("INBOX", "Drafts", "Trash", "Apple", "apple/Pie", "zebra");
    }

    @Test
    void whatIsListedTwiceIsOneMailbox() {
        assertThat(hierarchy(mailbox("Inbox"), mailbox("INBOX")).sorted()).hasSize(1);
    }

    @Test
    void whatAllNamesHaveInFrontIsNoParent() {
        var work = dotted("INBOX.Work");
        var child = dotted("INBOX.Work.Old");
        var hierarchy = new MailboxHierarchy(List.of(dotted("INBOX"), work, child), SPACES);

        assertThat(hierarchy.parent(work)).isEmpty();
        assertThat(hierarchy.parent(child)).hasValue(work.name());
        assertThat(hierarchy.below(dotted("INBOX"))).isEmpty();
        assertThat(hierarchy.below(work)).containsExactly(child);
    }

    @Test
    void everyMailboxIsSomebodys() {
        var hierarchy = new MailboxHierarchy(List.of(), SPACES);

        assertThat(hierarchy.namespace(dotted("INBOX"))).isEqualTo(NamespaceKind.PERSONAL);
        assertThat(hierarchy.namespace(dotted("INBOX.Work"))).isEqualTo(NamespaceKind.PERSONAL);
        assertThat(hierarchy.namespace(dotted("user"))).isEqualTo(NamespaceKind.OTHER_USERS);
        assertThat(hierarchy.namespace(dotted("user.anne"))).isEqualTo(NamespaceKind.OTHER_USERS);
        assertThat(hierarchy.namespace(dotted("#shared.all"))).isEqualTo(NamespaceKind.SHARED);
        assertThat(hierarchy.namespace(dotted("users"))).isEqualTo(NamespaceKind.PERSONAL);
    }

    @Test
    void whatOthersShareHasNoRole() {
        var hierarchy =
                new MailboxHierarchy(
                        List.of(
                                new ListedMailbox(
                                        MailboxName.of("user.anne.Trash"),
                                        '.',
                                        Set.of("\\trash"),
                                        null,
                                        null,
                                        null),
                                dotted("INBOX.Papierkorb")),
                        SPACES);

        assertThat(hierarchy.find(MailboxRole.TRASH))
                .hasValueSatisfying(
                        it -> assertThat(it.name()).isEqualTo(MailboxName.of("INBOX.Papierkorb")));
    }

    @Test
    void whatIsBelowComesDeepestFirst() {
        var work = mailbox("Work");
        var hierarchy =
                hierarchy(work, mailbox("Work/a"), mailbox("Work/a/b"), mailbox("Workshop"));

        assertThat(hierarchy.below(work))
                .extracting(it -> it.name().wire())
                .containsExactly("Work/a/b", "Work/a");
    }

    @Test
    void whatOthersShareHasTheRoleThatTheUserGaveIt() {
        var theirs = dotted("user.anne.Weg").assigned(MailboxRole.TRASH);
        var hierarchy = new MailboxHierarchy(List.of(theirs), SPACES);

        assertThat(hierarchy.role(theirs)).hasValue(MailboxRole.TRASH);
    }

    private static ListedMailbox dotted(String name) {
        return new ListedMailbox(MailboxName.of(name), '.', Set.of(), null, null, null);
    }

    private static MailboxHierarchy hierarchy(ListedMailbox... listed) {
        var personal = new Namespaces.Namespace("", '/');
        return new MailboxHierarchy(
                List.of(listed), new Namespaces(List.of(personal), List.of(), List.of()));
    }

    private static ListedMailbox mailbox(String name) {
        return new ListedMailbox(MailboxName.of(name), '/', Set.of(), null, null, null);
    }
}
