package postern.smtp.pool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpException;

/** The meters of connections to submission servers; none has a user or a server as a tag. */
final class SmtpPoolMetrics {

    private final MeterRegistry meters;
    private final Counter reused;

    SmtpPoolMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.reused =
                Counter.builder("postern.smtp.connections.reused")
                        .description("Messages that needed no login, since a connection was kept.")
                        .register(meters);
    }

    /** The time of the clock that tests control, in nanoseconds. */
    long now() {
        return meters.config().clock().monotonicTime();
    }

    void watch(SmtpPool pool) {
        gauge("idle", pool::idle);
        gauge("lent", pool::lent);
    }

    private void gauge(String state, Supplier<Number> count) {
        Gauge.builder("postern.smtp.connections", count)
                .description("Connections to submission servers.")
                .tag("state", state)
                .register(meters);
    }

    void reused() {
        reused.increment();
    }

    void closed(SmtpCloseReason reason) {
        Counter.builder("postern.smtp.connections.closed")
                .description("Connections to submission servers that were closed.")
                .tag("reason", reason.tag())
                .register(meters)
                .increment();
    }

    /** Times connecting and logging in. */
    PoolableSmtpConnection timed(Supplier<PoolableSmtpConnection> open) {
        var sample = Timer.start(meters);
        var outcome = "fault";
        try {
            var connection = open.get();
            outcome = "connected";
            return connection;
        } catch (SmtpException e) {
            outcome = e.word();
            throw e;
        } finally {
            sample.stop(
                    Timer.builder("postern.smtp.connect")
                            .description(
                                    "Connecting to a submission server and logging in, by outcome.")
                            .tag("outcome", outcome)
                            .register(meters));
        }
    }
}
