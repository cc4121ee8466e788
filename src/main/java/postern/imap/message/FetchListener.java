package postern.imap.message;

/**
 * Hears of messages while the rest of an answer is still on its way, and works on them instead of
 * waiting. It does no I/O.
 *
 * <p>What it hears may not be all that is to be said of the message, and what it hears of may be
 * gone in the end, or come once more: what counts is the answer.
 */
@FunctionalInterface
public interface FetchListener {

    /** Hears nothing. */
    FetchListener NONE = _ -> {};

    void hear(FetchedMessage message);
}
