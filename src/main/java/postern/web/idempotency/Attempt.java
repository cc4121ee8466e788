package postern.web.idempotency;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is remembered of a request that came with an idempotency key. */
sealed interface Attempt {

    /** A hash of what the request said, to tell a repetition from another request. */
    String fingerprint();

    /** It has not ended yet. */
    record Running(String fingerprint) implements Attempt {}

    /** It was carried out, and this is what it was answered. */
    record Answered(String fingerprint, int status, Map<String, String> headers, byte[] body)
            implements Attempt {}

    /**
     * It failed, or was not answered, when something may have been done already; or it was answered
     * that this is so of a part of it.
     *
     * @param messages that may have been stored, so that a repetition can look for them; empty
     *     where there is nothing to look for
     * @param unfinished what a repetition has to find out besides; null for nothing
     */
    record Doubtful(
            String fingerprint,
            List<UnconfirmedMessage> messages,
            @Nullable UnfinishedRequest unfinished)
            implements Attempt {

        /** Whether a repetition can find out what was done. */
        boolean traced() {
            return !messages.isEmpty() || unfinished != null;
        }
    }
}
