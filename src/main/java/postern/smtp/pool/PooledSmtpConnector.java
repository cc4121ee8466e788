package postern.smtp.pool;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import postern.account.LoginHashes;
import postern.smtp.IdleSmtpConnections;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpOpener;
import postern.smtp.Submitter;

/** Lends connections to submission servers from the one pool of this process. */
@Component
final class PooledSmtpConnector implements SmtpConnector, IdleSmtpConnections, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PooledSmtpConnector.class);
    private static final int SECONDS_BETWEEN_SWEEPS = 1;

    private final SmtpPool pool;
    private @Nullable ScheduledExecutorService sweeper;

    PooledSmtpConnector(
            SmtpOpener opener,
            SmtpPoolProperties properties,
            LoginHashes hashes,
            MeterRegistry meters) {
        pool = new SmtpPool(opener, properties, hashes, new SmtpPoolMetrics(meters));
    }

    @Override
    public SmtpConnection connect(Submitter submitter, Reuse reuse) {
        return pool.lend(submitter, reuse);
    }

    @Override
    public void retire(Submitter submitter) {
        pool.retire(submitter);
    }

    @Override
    public synchronized void start() {
        pool.start();
        sweeper =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("smtp-pool-sweep").factory());
        sweeper.scheduleWithFixedDelay(
                this::sweep, SECONDS_BETWEEN_SWEEPS, SECONDS_BETWEEN_SWEEPS, TimeUnit.SECONDS);
    }

    @Override
    public synchronized void stop() {
        if (sweeper != null) {
            sweeper.shutdownNow();
            sweeper = null;
            pool.stop();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return sweeper != null;
    }

    /** Stops after the web server, so that the last requests still find their connections. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void sweep() {
        try {
            pool.sweep();
        } catch (RuntimeException e) {
            // otherwise the sweep would not be scheduled again
            log.error("sweeping the pool failed", e);
        }
    }
}
