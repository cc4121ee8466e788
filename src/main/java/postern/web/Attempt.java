package postern.web;

import java.util.List;
import java.util.Map;

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
     * It failed, or was not answered, when something may have been done already.
     *
     * @param messages that may have been stored, so that a repetition can look for them; empty
     *     where there is nothing to look for
     */
    record Doubtful(String fingerprint, List<UnconfirmedMessage> messages) implements Attempt {}
}
