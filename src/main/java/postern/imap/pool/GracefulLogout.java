package postern.imap.pool;

import java.time.Duration;
import postern.imap.PoolableConnection;

/** Ends connections politely, but not at any price. */
final class GracefulLogout {

    // A live server answers LOGOUT in one trip.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private GracefulLogout() {}

    /** LOGOUT, or just the end when the server does not answer soon. */
    static void say(PoolableConnection connection) {
        var logout = Thread.ofVirtual().name("imap-logout").start(connection::close);
        try {
            if (!logout.join(PATIENCE)) {
                connection.abort();
            }
        } catch (InterruptedException _) {
            connection.abort();
            Thread.currentThread().interrupt();
        }
    }
}
