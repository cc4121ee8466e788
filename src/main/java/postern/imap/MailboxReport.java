package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of one mailbox when asked for everything.
 *
 * @param status null when it may not be counted
 * @param rights what the user may do; null where the server does not say
 */
public record MailboxReport(
        @Nullable MailboxStatus status, @Nullable Rights rights, List<Quota> quotas) {

    public static final MailboxReport NOTHING = new MailboxReport(null, null, List.of());
}
