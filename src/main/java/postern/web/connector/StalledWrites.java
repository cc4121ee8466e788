package postern.web.connector;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections of HTTP/2 on which one write takes longer than the idle timeout. Jetty counts
 * a connection as idle only if nothing comes in either, so that a client which sends and never
 * reads would hold its answers, and the threads that write them, for ever.
 */
final class StalledWrites implements Connection.Listener {

    private static final int LOOKS = 4;

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HTTP2ServerConnection http2
                && http2.getEndPoint() instanceof AbstractEndPoint end
                && end.getIdleTimeout() > 0) {
            new Watch(http2, end, http2.getConnector().getScheduler()).again();
        }
    }

    /** Of one connection; ends with it. */
    private static final class Watch implements Runnable {

        private final HTTP2ServerConnection connection;
        private final AbstractEndPoint end;
        private final Scheduler scheduler;
        private final long patience;
        private long written = -1;
        private long since;

        private Watch(HTTP2ServerConnection connection, AbstractEndPoint end, Scheduler scheduler) {
            this.connection = connection;
            this.end = end;
            this.scheduler = scheduler;
            this.patience = TimeUnit.MILLISECONDS.toNanos(end.getIdleTimeout());
        }

        private void again() {
            scheduler.schedule(this, Math.max(1, patience / LOOKS), TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            if (!end.isOpen()) {
                return;
            }
            // counts a write when all of it has been taken
            long now = connection.getSession().getBytesWritten();
            if (now != written || !end.getWriteFlusher().isPending()) {
                written = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= patience) {
                connection.getConnector().getExecutor().execute(end::close);
                return;
            }
            again();
        }
    }
}
