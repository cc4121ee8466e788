package postern.web.problem;

import org.jspecify.annotations.Nullable;

/**
 * The stack trace of a failure without its messages, for the log: messages may quote mail or
 * secrets.
 */
public final class MessagelessTrace extends Exception {

    private final String name;

    public MessagelessTrace(Throwable failure) {
        super(null, cause(failure), false, true);
        name = failure.getClass().getName();
        setStackTrace(failure.getStackTrace());
    }

    private static @Nullable Throwable cause(Throwable failure) {
        return failure.getCause() == null ? null : new MessagelessTrace(failure.getCause());
    }

    @Override
    public String toString() {
        return name;
    }
}
