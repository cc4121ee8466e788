package postern.web.trace;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Traces cannot be sent in the way that a property or variable says; its value is not told. */
final class UnusableCollector extends IllegalStateException {

    static final String TRANSPORT = "management.opentelemetry.tracing.export.otlp.transport";

    private UnusableCollector(String message) {
        super(message);
    }

    static void check(Environment environment) {
        var endpoint = environment.getProperty(TraceSwitch.ENDPOINT, "").strip();
        if (!endpoint.matches("(?i)https?://.*")) {
            throw new UnusableCollector(
                    TraceSwitch.ENDPOINT
                            + " (OTEL_EXPORTER_OTLP_ENDPOINT) is no http or https URL.");
        }
        // of gRPC there is no sender on the class path
        if (!environment.getProperty(TRANSPORT, "http").strip().equalsIgnoreCase("http")) {
            throw new UnusableCollector(
                    TRANSPORT + " (OTEL_EXPORTER_OTLP_PROTOCOL) can only be http (http/protobuf).");
        }
    }

    /** Explains at startup what to do, instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnusableCollector> {

        @Override
        protected FailureAnalysis analyze(Throwable failure, UnusableCollector cause) {
            return new FailureAnalysis(
                    String.valueOf(cause.getMessage()),
                    "Name a collector that takes OTLP over HTTP, or leave both out. "
                            + "docs/operating.md tells of traces.",
                    cause);
        }
    }
}
