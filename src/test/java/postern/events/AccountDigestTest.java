package postern.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.testserver.SomeAccount;

class AccountDigestTest {

    @Test
    void anotherUidValidityCountsOnlyWhereThereWasAMessage() {
        assertThat(mailbox(0L, 1L, 7L)).isEqualTo(mailbox(0L, 1L, 8L));
        assertThat(mailbox(0L, 2L, 7L)).isNotEqualTo(mailbox(0L, 2L, 8L));
        assertThat(mailbox(1L, 2L, 7L)).isNotEqualTo(mailbox(1L, 2L, 8L));
        assertThat(mailbox(null, 1L, 7L)).isNotEqualTo(mailbox(null, 1L, 8L));
        assertThat(mailbox(0L, null, 7L)).isNotEqualTo(mailbox(0L, null, 8L));
    }

    private static AccountDigest.Mailbox mailbox(
            @Nullable Long messages, @Nullable Long uidNext, long uidValidity) {
        return AccountDigest.Mailbox.of(
                SomeAccount.TAG,
                MailboxName.INBOX,
                new MailboxStatus(messages, 0L, uidNext, uidValidity, null, null, null));
    }
}
