package postern.web.idempotency;

/**
 * State that a request with an idempotency key leaves while its outcome is unknown; a repetition
 * uses it to find out the outcome.
 */
public interface UnfinishedRequest {

    /** Approximate memory in octets. */
    int octets();
}
