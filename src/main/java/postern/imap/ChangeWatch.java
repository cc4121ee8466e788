package postern.imap;

import org.jspecify.annotations.Nullable;

/**
 * Records whether this thread has sent a mail server a command that may have changed something. A
 * command that the server says changed nothing does not count. Watching starts with {@link
 * #begin()} and ends with {@link #close()}, on the same thread.
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

    /** {@link #changed()} of this thread's watch; false where there is none. */
    public static boolean anythingChanged() {
        var watch = CURRENT.get();
        return watch != null && watch.changed;
    }

    /**
     * Called before a command that may change something. Returns an action to undo the record when
     * the server says that the command changed nothing; changes recorded earlier are kept.
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
