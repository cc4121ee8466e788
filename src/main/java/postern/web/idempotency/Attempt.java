package postern.web.idempotency;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The recorded state of a request with an idempotency key. */
sealed interface Attempt {

    /** A hash of the request, to distinguish a repetition from a different request. */
    String fingerprint();

    /**
     * The request has not ended yet.
     *
     * @param id of this attempt
     */
    record Running(String fingerprint, String id, Instant since) implements Attempt {}

    /** The request was carried out; this is the recorded response. */
    record Answered(String fingerprint, int status, Map<String, String> headers, byte[] body)
            implements Attempt {}

    /**
     * The outcome is unknown: the request failed or was not answered after something may have been
     * done, or its response reports an unknown outcome for some items.
     *
     * @param messages that may have been stored, for which a repetition searches
     * @param unfinished what else a repetition must find out; null if nothing
     * @param elsewhere whether only another process, or none, knows what else that is
     */
    record Doubtful(
            String fingerprint,
            List<UnconfirmedMessage> messages,
            @Nullable UnfinishedRequest unfinished,
            boolean elsewhere)
            implements Attempt {

        Doubtful(
                String fingerprint,
                List<UnconfirmedMessage> messages,
                @Nullable UnfinishedRequest unfinished) {
            this(fingerprint, messages, unfinished, false);
        }

        /** Whether a repetition can find out what was done. */
        boolean traced() {
            return !elsewhere && (!messages.isEmpty() || unfinished != null);
        }
    }
}
