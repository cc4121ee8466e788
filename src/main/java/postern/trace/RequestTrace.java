package postern.trace;

import org.jspecify.annotations.Nullable;

/**
 * Tells somebody what is done for one HTTP request at other servers. Begins with {@link #begin} and
 * ends with {@link #close}, on the thread of the request; requests that nobody traces have none,
 * and then nothing is gathered. Other threads that work for the request get it by {@link #with}.
 */
public final class RequestTrace implements AutoCloseable {

    private static final ThreadLocal<@Nullable RequestTrace> CURRENT = new ThreadLocal<>();

    private final Listener listener;

    private RequestTrace(Listener listener) {
        this.listener = listener;
    }

    /** Who is told; by several threads at once. */
    @FunctionalInterface
    public interface Listener {

        /** A step has ended, with or without success. Must not throw. */
        void ended(Step step);
    }

    public static RequestTrace begin(Listener listener) {
        var trace = new RequestTrace(listener);
        CURRENT.set(trace);
        return trace;
    }

    /** That of this thread's request; null where nobody traces. */
    public static @Nullable RequestTrace current() {
        return CURRENT.get();
    }

    /** The work, with the trace of this thread's request when it runs on another thread. */
    public static Runnable shared(Runnable work) {
        return with(current(), work);
    }

    /** The work, for the trace of another thread's request. */
    public static Runnable with(@Nullable RequestTrace trace, Runnable work) {
        if (trace == null) {
            return work;
        }
        return () -> {
            CURRENT.set(trace);
            try {
                work.run();
            } finally {
                CURRENT.remove();
            }
        };
    }

    public void ended(Step step) {
        listener.ended(step);
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}
