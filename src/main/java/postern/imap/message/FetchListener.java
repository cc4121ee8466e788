package postern.imap.message;

/**
 * Called for each message while the rest of the answer is still arriving, so that the caller can
 * work in the meantime. It does no I/O.
 *
 * <p>A message passed to it may be incomplete, may be missing from the final answer, or may be
 * passed twice: only the answer is authoritative.
 */
@FunctionalInterface
public interface FetchListener {

    /** Does nothing. */
    FetchListener NONE = _ -> {};

    void onFetched(FetchedMessage message);
}
