package postern.imap;

import org.jspecify.annotations.Nullable;

/**
 * Tells whether this thread has asked a mail server to change anything, without an answer that says
 * it did not. Watching begins with {@link #begin()} and ends with {@link #close()}, on one thread.
 */
public final class ChangeWatch implements AutoCloseable {

    private static final ThreadLocal<@Nullable ChangeWatch> CURRENT = new ThreadLocal<>();

    private boolean changed;

    private ChangeWatch() {}

    public static ChangeWatch begin() {
        var watch = new ChangeWatch();
        CURRENT.set(watch);
        return watch;
    }

    /** Whether something may have been changed. */
    public boolean changed() {
        return changed;
    }

    /** The same for the watch of this thread; false where nobody watches. */
    public static boolean anythingChanged() {
        var watch = CURRENT.get();
        return watch != null && watch.changed;
    }

    /**
     * To be called before something that may change anything. Gives what takes that back, for when
     * the server has said that nothing was done; what had been changed before then stays changed.
     */
    public static Runnable change() {
        var watch = CURRENT.get();
        if (watch == null || watch.changed) {
            return () -> {};
        }
        watch.changed = true;
        return () -> watch.changed = false;
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}
