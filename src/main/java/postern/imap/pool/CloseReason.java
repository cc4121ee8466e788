package postern.imap.pool;

import java.util.Locale;

/** Why the pool closed a connection. */
enum CloseReason {
    /** Nobody borrowed it for long. */
    IDLE,
    /** It lived long enough. */
    LIFETIME,
    /** Another account, or another credential of the same one, needed the room. */
    EVICTED,
    /** Its credential is no longer to be used. */
    RETIRED,
    /** It came back not usable. */
    IN_DOUBT,
    /** It was dead when it was lent, and replaced. */
    LOST,
    /** Its borrower never gave it back. */
    LEASE,
    /** The mailbox that was open on it lost its name. */
    RENAMED,
    SHUTDOWN;

    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
