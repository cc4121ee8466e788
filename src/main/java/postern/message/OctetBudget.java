package postern.message;

import java.util.concurrent.atomic.AtomicLong;

/** How many octets of content a request may still read. Thread-safe. */
final class OctetBudget {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    OctetBudget(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    /** Takes that many octets; false when they are too many. The first to ask gets any number. */
    boolean take(long octets) {
        long before;
        do {
            before = taken.get();
            if (before > 0 && before + octets > most) {
                return false;
            }
        } while (!taken.compareAndSet(before, before + octets));
        return true;
    }

    /** Corrects what was taken by an estimate. */
    void correct(long octets) {
        taken.addAndGet(octets);
    }
}
