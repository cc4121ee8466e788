package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.testserver.SomeAccount;

class OwnDraftsTest {

    private static MessageRef draft(String mailbox, long uid) {
        return SomeAccount.message(new MailboxName(mailbox), 1, uid);
    }

    private static OwnDrafts with(LongStream uids) {
        return uids.mapToObj(uid -> draft("Drafts", uid))
                .reduce(OwnDrafts.NONE, OwnDrafts::and, (one, _) -> one);
    }

    @Test
    void theNewestAreKept() {
        var own = with(LongStream.rangeClosed(1, OwnDrafts.MOST + 2));

        assertThat(own.messages())
                .hasSize(OwnDrafts.MOST)
                .startsWith(draft("Drafts", 3))
                .endsWith(draft("Drafts", OwnDrafts.MOST + 2));
        assertThat(own.contains(draft("Drafts", 2))).isFalse();
    }

    @Test
    void oneThatIsAddedAgainCountsOnceAndIsTheNewest() {
        assertThat(with(LongStream.of(1, 2, 1)).messages())
                .containsExactly(draft("Drafts", 2), draft("Drafts", 1));
    }

    @Test
    void aLongNameCountsAsWhatItIs() {
        var shorter = OwnDrafts.NONE.and(draft("D", 1));
        var longer = OwnDrafts.NONE.and(draft("D".repeat(1_000), 1));

        assertThat(longer.octets() - shorter.octets()).isEqualTo(999);
        assertThat(OwnDrafts.NONE.octets()).isZero();
    }
}
