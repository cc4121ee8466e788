package postern.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a request with an idempotency key may have stored, and those that earlier
 * attempts with that key may have stored: they are looked for before another one is. It belongs to
 * the request's thread.
 */
public final class MessageTrail implements AutoCloseable {

    private static final ThreadLocal<@Nullable MessageTrail> CURRENT = new ThreadLocal<>();

    /** More attempts than these, all of unknown outcome, are nobody's. */
    private static final int MOST = 20;

    private final List<UnconfirmedMessage> messages = new ArrayList<>();

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

    void goOn(List<UnconfirmedMessage> earlier) {
        messages.addAll(earlier);
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
