package postern.account;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a link's token: the right to read one file of an account, or to be told of its
 * changes.
 *
 * @param sessionId the session in which the link was made, and with which it ends; null for a
 *     caller who presented the credential itself
 * @param within the sessions that this one was narrowed from
 * @param target the file or the mailboxes, in the format of the feature that made the link
 */
public record Link(
        Account account,
        @Nullable String sessionId,
        List<String> within,
        String target,
        Instant expiresAt) {

    public Link {
        within = List.copyOf(within);
    }

    /** Contains neither the account nor the file, so that it may be logged. */
    @Override
    public String toString() {
        return "Link[expiresAt=%s]".formatted(expiresAt);
    }
}
