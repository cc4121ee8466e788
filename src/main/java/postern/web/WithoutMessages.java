package postern.web;

import org.jspecify.annotations.Nullable;

/** The trace of a failure for the log, without its messages: those may quote mail or secrets. */
final class WithoutMessages extends Exception {

    private final String name;

    WithoutMessages(Throwable failure) {
        super(null, cause(failure), false, true);
        name = failure.getClass().getName();
        setStackTrace(failure.getStackTrace());
    }

    private static @Nullable Throwable cause(Throwable failure) {
        return failure.getCause() == null ? null : new WithoutMessages(failure.getCause());
    }

    @Override
    public String toString() {
        return name;
    }
}
