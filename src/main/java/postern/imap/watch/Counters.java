package postern.imap.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;

/** The counters of polled mailboxes, as they were the last time. For one thread. */
final class Counters {

    /** Without mod-sequences the counters do not show keywords that changed. */
    static final int BLIND = 10;

    /** By what identifies the mailboxes. */
    private final Map<String, Last> last = new HashMap<>();

    private record Last(@Nullable MailboxStatus status, int unchanged) {}

    /**
     * Whether the mailbox may have changed since the last time, or since an unknown time.
     *
     * @param status null for a mailbox that cannot be read
     */
    boolean mayHaveChanged(MailboxName mailbox, @Nullable MailboxStatus status) {
        var before = last.get(mailbox.identity());
        boolean changed =
                before == null
                        || !Objects.equals(before.status(), status)
                        || status != null && !hasModSeq(status) && before.unchanged() + 1 >= BLIND;
        int unchanged = before == null || changed ? 0 : before.unchanged() + 1;
        last.put(mailbox.identity(), new Last(status, unchanged));
        return changed;
    }

    /**
     * @param identities of the mailboxes that are still polled
     */
    void keepOnly(Set<String> identities) {
        last.keySet().retainAll(identities);
    }

    private static boolean hasModSeq(MailboxStatus status) {
        return status.highestModSeq() != null && status.highestModSeq() > 0;
    }
}
