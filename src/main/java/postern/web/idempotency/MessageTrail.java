package postern.web.idempotency;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request with an idempotency key may have done, and what earlier attempts with that key may
 * have: it is looked for before anything is done again. It belongs to the request's thread.
 */
public final class MessageTrail implements AutoCloseable {

    private static final ThreadLocal<@Nullable MessageTrail> CURRENT = new ThreadLocal<>();

    /** More attempts than these, all of unknown outcome, are nobody's. */
    private static final int MOST = 20;

    private final List<UnconfirmedMessage> messages = new ArrayList<>();
    private @Nullable UnfinishedRequest earlier;
    private @Nullable UnfinishedRequest unfinished;

    private MessageTrail() {}

    static MessageTrail begin() {
        var trail = new MessageTrail();
        CURRENT.set(trail);
        return trail;
    }

    /** The trail of the request that this thread carries out; null where it has no key. */
    public static @Nullable MessageTrail current() {
        return CURRENT.get();
    }

    void goOn(Attempt.Doubtful attempt) {
        messages.addAll(attempt.messages());
        earlier = attempt.unfinished();
    }

    /** What the attempt before this one left; null for the first. */
    public <T extends UnfinishedRequest> @Nullable T earlier(Class<T> kind) {
        return kind.isInstance(earlier) ? kind.cast(earlier) : null;
    }

    /**
     * From now on it is not known what became of the request, whatever it is answered, until {@link
     * #finished()}.
     */
    public void leave(UnfinishedRequest left) {
        unfinished = left;
    }

    /** The answer tells all that there is to know. */
    public void finished() {
        unfinished = null;
    }

    /** What is left for the next attempt; null for nothing. */
    @Nullable UnfinishedRequest unfinished() {
        return unfinished;
    }

    /** What may have been stored, the oldest first. */
    public List<UnconfirmedMessage> messages() {
        return List.copyOf(messages);
    }

    /** This one is stored, or may be. */
    public void storing(UnconfirmedMessage message) {
        messages.add(message);
        if (messages.size() > MOST) {
            messages.removeFirst();
        }
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}
