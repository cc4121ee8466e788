package postern.imap.pool;

import java.util.Locale;

/** Why the pool closed a connection. */
enum CloseReason {
    /** It was idle for too long. */
    IDLE,
    /** It reached its maximum lifetime. */
    LIFETIME,
    /** Another account, or another credential of the same account, needed its slot. */
    EVICTED,
    /** Its credential was retired. */
    RETIRED,
    /** It was returned in an unusable state. */
    IN_DOUBT,
    /** It was found dead by its borrower, and replaced. */
    LOST,
    /** Its borrower held it for too long. */
    LEASE,
    /** The mailbox selected on it was renamed or deleted. */
    RENAMED,
    /** It only waited for news, and was the account's only connection, which another needed. */
    YIELDED,
    /** Another replica needed it for the same account. */
    SHARED,
    SHUTDOWN;

    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
