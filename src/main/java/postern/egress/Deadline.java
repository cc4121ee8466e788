package postern.egress;

import java.io.InterruptedIOException;
import java.time.Duration;

/** The time at which something must be done. */
public final class Deadline {

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left of the time; it fails if nothing is. */
    public Duration left() throws InterruptedIOException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new InterruptedIOException("the time is over");
        }
        // A timeout of 0 ms would mean none.
        return Duration.ofNanos(left).plusMillis(1);
    }

    /** The end of the first of these parts of what is left, which are equally long. */
    Deadline ofFirst(int parts) {
        long now = System.nanoTime();
        return new Deadline(now + (end - now) / parts);
    }
}
