package postern.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a link's token stands for: the right to read one file of an account.
 *
 * @param sessionId of the session that it was made in and ends with; null for a caller who
 *     presented the credential itself
 * @param target which file, in the words of who made the link
 */
public record Link(Account account, @Nullable String sessionId, String target, Instant expiresAt) {

    /** Names neither the account nor the file, so that it may be logged. */
    @Override
    public String toString() {
        return "Link[expiresAt=%s]".formatted(expiresAt);
    }
}
