package postern.imap.pool;

import java.time.Duration;
import postern.imap.PoolableConnection;

/** Closes connections with LOGOUT, but waits only briefly for the answer. */
final class GracefulLogout {

    // A working server answers LOGOUT within one round trip.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private GracefulLogout() {}

    /** Sends LOGOUT; closes the connection when the server does not answer in time. */
    static void logOut(PoolableConnection connection) {
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
