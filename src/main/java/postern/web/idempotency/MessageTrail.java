package postern.web.idempotency;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what a request with an idempotency key and earlier attempts with that key may have done,
 * so that a repetition can search for it first. Bound to the thread of the request.
 */
public final class MessageTrail implements AutoCloseable {

    private static final ThreadLocal<@Nullable MessageTrail> CURRENT = new ThreadLocal<>();

    /** Upper bound on the messages kept; the oldest are dropped. */
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

    /** The trail of the current request; null if it has no key. */
    public static @Nullable MessageTrail current() {
        return CURRENT.get();
    }

    void goOn(Attempt.Doubtful attempt) {
        messages.addAll(attempt.messages());
        earlier = attempt.unfinished();
    }

    /** What the previous attempt left unfinished; null for the first attempt. */
    public <T extends UnfinishedRequest> @Nullable T earlier(Class<T> kind) {
        return kind.isInstance(earlier) ? kind.cast(earlier) : null;
    }

    /** Marks the outcome as unknown, whatever the response is, until {@link #finished()}. */
    public void leave(UnfinishedRequest left) {
        unfinished = left;
    }

    /** The outcome is known; the response is complete. */
    public void finished() {
        unfinished = null;
    }

    /** What a repetition must find out; null if nothing. */
    @Nullable UnfinishedRequest unfinished() {
        return unfinished;
    }

    /** The messages that may have been stored, the oldest first. */
    public List<UnconfirmedMessage> messages() {
        return List.copyOf(messages);
    }

    /** Records a message before it is sent to be stored. */
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
