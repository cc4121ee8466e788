package postern.smtp.pool;

import java.util.Locale;

/** Why the pool closed a connection. */
enum SmtpCloseReason {
    /** It was idle for too long. */
    IDLE,
    /** It was logged in too long ago, or has sent enough messages. */
    LIFETIME,
    /** Too many are kept, or the server takes no other one. */
    EVICTED,
    /** Its session ended, or its credential was replaced or refused. */
    RETIRED,
    /** A message failed on it. */
    IN_DOUBT,
    /** The server had ended it. */
    LOST,
    SHUTDOWN;

    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
