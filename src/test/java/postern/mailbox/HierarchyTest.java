package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import postern.imap.ListedMailbox;
import postern.imap.MailboxName;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class HierarchyTest {

    @Test
    void aMailboxIsBelowTheNearestOneThatIsListed() {
        var deep = mailbox("Work/2024/Q1/January");
        var hierarchy = new Hierarchy(List.of(mailbox("Work"), deep));

        assertThat(hierarchy.parent(deep)).hasValue(MailboxName.of("Work"));
    }

    @Test
    void aMailboxWhoseParentsAreAllUnlistedIsAtTheTop() {
        var lonely = mailbox("Users/anne/Shared");

        assertThat(new Hierarchy(List.of(lonely)).parent(lonely)).isEmpty();
    }

    @Test
    void inboxIsAParentWhateverItsCase() {
        var child = mailbox("inbox/Work");
        var hierarchy = new Hierarchy(List.of(mailbox("INBOX"), child));

        assertThat(hierarchy.parent(child)).hasValue(MailboxName.INBOX);
    }

    @Test
    void namesWithoutADelimiterAreFlat() {
        var flat = new ListedMailbox(MailboxName.of("a/b"), null, Set.of(), null, null);
        var hierarchy = new Hierarchy(List.of(mailbox("a"), flat));

        assertThat(hierarchy.parent(flat)).isEmpty();
        assertThat(Hierarchy.lastLevel(flat)).isEqualTo("a/b");
    }

    @Test
    void theLastLevelIsDecoded() {
        assertThat(Hierarchy.lastLevel(mailbox("日本語/下書き"))).isEqualTo("下書き");
        assertThat(Hierarchy.lastLevel(mailbox("foo/inbox"))).isEqualTo("inbox");
        assertThat(Hierarchy.lastLevel(mailbox("foo/"))).isEqualTo("foo");
        assertThat(Hierarchy.lastLevel(mailbox("/foo"))).isEqualTo("foo");
        assertThat(Hierarchy.lastLevel(mailbox("/"))).isEmpty();
    }

    @Test
    void inboxComesFirstThenRolesThenTheOthersByName() {
        var names = Stream.of("zebra", "Trash", "Apple", "INBOX", "apple/Pie", "Drafts");

        assertThat(new Hierarchy(names.map(HierarchyTest::mailbox).toList()).sorted())
                .extracting(mailbox -> mailbox.name().decoded())
                .containsExactly("INBOX", "Drafts", "Trash", "Apple", "apple/Pie", "zebra");
    }

    @Test
    void whatIsListedTwiceIsOneMailbox() {
        assertThat(new Hierarchy(List.of(mailbox("Inbox"), mailbox("INBOX"))).sorted()).hasSize(1);
    }

    private static ListedMailbox mailbox(String name) {
        return new ListedMailbox(MailboxName.of(name), '/', Set.of(), null, null);
    }
}
