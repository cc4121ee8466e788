package postern.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import postern.imap.MailboxName;
import postern.subscription.HintedMailboxes.Where;
import postern.web.id.MailboxId;

/** Which hints call for a look at an account, and where it looks. */
class HintedMailboxesTest {

    private static final MailboxName WORK = MailboxName.of("Work");
    private static final String WORK_ID = MailboxId.of(WORK).text();

    private final AtomicInteger marked = new AtomicInteger();
    private final HintedMailboxes hinted = new HintedMailboxes(marked::incrementAndGet);

    /** Each look lists the mailboxes, and would call for the next one. */
    @Test
    void aListOfTheMailboxesCallsForNoLook() {
        hinted.seen(WORK);

        assertThat(marked).hasValue(0);
        hinted.mailboxesMayHaveChanged(null);
        hinted.messagesMayHaveChanged(WORK);
        hinted.anythingMayHaveChanged();
        assertThat(marked).hasValue(3);
    }

    @Test
    void whatIsGivenBackIsLookedAtTheNextTime() {
        hinted.messagesMayHaveChanged(WORK);
        assertThat(hinted.take()).isEqualTo(new Where(Set.of(WORK_ID), false));
        assertThat(hinted.take()).isEqualTo(new Where(Set.of(), false));

        hinted.giveBack(new Where(Set.of("other"), false));
        hinted.messagesMayHaveChanged(WORK);

        assertThat(hinted.take()).isEqualTo(new Where(Set.of(WORK_ID, "other"), false));
    }

    @Test
    void moreThanAreRememberedIsEverything() {
        for (int i = 0; i <= AccountLook.MOST; i++) {
            hinted.messagesMayHaveChanged(MailboxName.of("box" + i));
        }

        assertThat(hinted.take().contains(WORK_ID)).isTrue();
        assertThat(hinted.take().contains(WORK_ID)).isFalse();
    }
}
