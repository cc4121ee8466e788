package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counters, rights and quotas of one mailbox.
 *
 * @param status null when the server refuses STATUS
 * @param rights the user's rights; null where the server does not give them
 */
public record MailboxReport(
        @Nullable MailboxStatus status, @Nullable Rights rights, List<Quota> quotas) {

    public static final MailboxReport NOTHING = new MailboxReport(null, null, List.of());
}
