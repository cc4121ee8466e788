package postern.imap.pool;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import postern.imap.ImapException;
import postern.imap.Lane;

/** The meters of the pool; none has a user or server as a tag. */
final class PoolMetrics {

    private final MeterRegistry meters;

    PoolMetrics(MeterRegistry meters) {
        this.meters = meters;
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
        Gauge.builder("postern.imap.waiting", pool, ConnectionPool::waiting).register(meters);
    }

    private void gauge(String state, ConnectionPool pool, ToDoubleFunction<ConnectionPool> count) {
        Gauge.builder("postern.imap.connections", pool, count).tag("state", state).register(meters);
    }

    Timer.Sample start() {
        return Timer.start(meters);
    }

    void borrowed(Timer.Sample sample, Lane lane, String outcome) {
        sample.stop(
                meters.timer(
                        "postern.imap.borrow",
                        "lane",
                        lane.name().toLowerCase(Locale.ROOT),
                        "outcome",
                        outcome));
    }

    void connected(Timer.Sample sample, String outcome) {
        sample.stop(meters.timer("postern.imap.connect", "outcome", outcome));
    }

    void closed(CloseReason reason) {
        meters.counter("postern.imap.connections.closed", "reason", reason.tag()).increment();
    }

    /** The outcome tag of a failure, such as {@code connection-limit} or {@code dns}. */
    static String outcome(RuntimeException failure) {
        if (failure instanceof ImapException known && known.outage() != null) {
            return known.outage().toString();
        }
        return failure instanceof ImapException known
                ? known.getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT)
                : "fault";
    }
}
