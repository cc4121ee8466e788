package postern.web.trace;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import postern.trace.RequestTrace;
import postern.trace.Step;

/**
 * Makes a span of each step of a request, below the span of the request: one for each command, with
 * its name, the host and the outcome. The number of spans per request is limited, so that a long
 * request does not fill the queue of the exporter. The span of the request counts all steps.
 */
final class Spans implements RequestTrace.Listener {

    private static final int MOST = 200;

    private final Tracer tracer;
    private final Span request;
    private final UnaryOperator<String> hosts;
    private final AtomicInteger spans = new AtomicInteger();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicInteger trips = new AtomicInteger();

    /**
     * @param hosts what is told of a host
     */
    Spans(Tracer tracer, Span request, UnaryOperator<String> hosts) {
        this.tracer = tracer;
        this.request = request;
        this.hosts = hosts;
    }

    @Override
    public void ended(Step step) {
        trips.addAndGet(step.trips());
        long end = micros(Instant.now());
        if (step.kind() != Step.Kind.IMAP) {
            span(step, name(step.kind()), step.outcome(), end);
            return;
        }
        for (var command : step.commands()) {
            commands.incrementAndGet();
            span(step, "imap " + command.verb(), command.outcome(), end);
        }
    }

    /** The counts, on the span of the request. */
    void tell() {
        request.tag("imap.commands", commands.get()).tag("trips", trips.get());
    }

    private void span(Step step, String name, String outcome, long end) {
        if (spans.incrementAndGet() > MOST) {
            return;
        }
        long start = end - TimeUnit.NANOSECONDS.toMicros(step.elapsed().toNanos());
        tracer.spanBuilder()
                .setParent(request.context())
                .name(name)
                .kind(Span.Kind.CLIENT)
                .tag("server.address", hosts.apply(step.host()))
                .tag("outcome", outcome)
                .startTimestamp(start, TimeUnit.MICROSECONDS)
                .start()
                .end(end, TimeUnit.MICROSECONDS);
    }

    private static String name(Step.Kind kind) {
        return switch (kind) {
            case BORROW -> "imap borrow";
            case CONNECT -> "imap connect";
            case IMAP -> "imap";
            case SMTP_CONNECT -> "smtp connect";
            case SMTP -> "smtp send";
            case OAUTH -> "oauth token";
        };
    }

    private static long micros(Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + time.getNano() / 1_000;
    }
}
