package postern.web;

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

    /** It failed, or was not answered, when something may have been done already. */
    record Doubtful(String fingerprint) implements Attempt {}
}
