package postern.web.idempotency;

/**
 * What a request with an idempotency key leaves behind while it is not known what became of it, for
 * the request that comes with the same key to find out.
 */
public interface UnfinishedRequest {

    /** How much memory it takes, in octets, more or less. */
    int octets();
}
