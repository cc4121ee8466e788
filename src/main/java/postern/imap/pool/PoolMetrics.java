package postern.imap.pool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.Outage;

/** The meters of the pool; none has a user or server as a tag. */
final class PoolMetrics {

    private final MeterRegistry meters;

    PoolMetrics(MeterRegistry meters) {
        this.meters = meters;
        // from the start, or Prometheus would not see the first one as an increase
        for (var outage : Outage.values()) {
            connects(outage.toString());
        }
        for (var reason : CloseReason.values()) {
            closings(reason);
        }
    }

    /** The time of day of the clock that tests control. */
    Instant wallTime() {
        return Instant.ofEpochMilli(meters.config().clock().wallTime());
    }

    /** The time of the clock that tests control, in nanoseconds. */
    long now() {
        return meters.config().clock().monotonicTime();
    }

    void watch(ConnectionPool pool) {
        gauge("idle", pool, p -> p.count(PoolEntry.State.IDLE));
        gauge("lent", pool, p -> p.count(PoolEntry.State.LENT));
        gauge("connecting", pool, p -> p.count(PoolEntry.State.CONNECTING));
        gauge(
                "closing",
                pool,
                p -> p.count(PoolEntry.State.CLOSING) + p.count(PoolEntry.State.EVICTED));
        Gauge.builder("postern.imap.waiting", pool, ConnectionPool::waiting)
                .description("Requests that wait for a connection to a mail server.")
                .register(meters);
    }

    private void gauge(String state, ConnectionPool pool, ToDoubleFunction<ConnectionPool> count) {
        Gauge.builder("postern.imap.connections", pool, count)
                .description("Connections to mail servers.")
                .tag("state", state)
                .register(meters);
    }

    Timer.Sample start() {
        return Timer.start(meters);
    }

    void borrowed(Timer.Sample sample, Lane lane, String outcome) {
        sample.stop(
                Timer.builder("postern.imap.borrow")
                        .description("Waiting for a connection to a mail server, by outcome.")
                        .tag("lane", lane.name().toLowerCase(Locale.ROOT))
                        .tag("outcome", outcome)
                        .register(meters));
    }

    void connected(Timer.Sample sample, String outcome) {
        sample.stop(connects(outcome));
    }

    void closed(CloseReason reason) {
        closings(reason).increment();
    }

    private Timer connects(String outcome) {
        return Timer.builder("postern.imap.connect")
                .description("Connecting to a mail server and logging in, by outcome.")
                .tag("outcome", outcome)
                .register(meters);
    }

    private Counter closings(CloseReason reason) {
        return Counter.builder("postern.imap.connections.closed")
                .description("Connections to mail servers that were closed.")
                .tag("reason", reason.tag())
                .register(meters);
    }

    /** The outcome tag of a failure, such as {@code connection-limit} or {@code dns}. */
    static String outcome(RuntimeException failure) {
        return failure instanceof ImapException known ? known.word() : "fault";
    }
}
