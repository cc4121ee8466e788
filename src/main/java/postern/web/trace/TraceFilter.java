package postern.web.trace;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.oauth.OAuthClients;
import postern.provider.MailServers;
import postern.trace.RequestTrace;

/**
 * Traces the requests that are sampled, and explains those that ask for it. Runs within the span of
 * the request, which Spring begins at {@code HIGHEST_PRECEDENCE + 1}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
final class TraceFilter extends OncePerRequestFilter {

    /** W3C Trace Context Level 2: the span of the request that was answered. */
    static final String TRACE_RESPONSE = "traceresponse";

    private final ExplainProperties properties;
    private final ObjectProvider<MailServers> servers;
    private final ObjectProvider<OAuthClients> clients;
    private final @Nullable Tracer tracer;

    TraceFilter(
            ExplainProperties properties,
            ObjectProvider<MailServers> servers,
            ObjectProvider<OAuthClients> clients,
            ObjectProvider<Tracer> tracer) {
        this.properties = properties;
        this.servers = servers;
        this.clients = clients;
        this.tracer = tracer.getIfAvailable();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var span = tracer == null ? null : tracer.currentSpan();
        boolean asked = "true".equalsIgnoreCase(request.getHeader(Explanation.HEADER));
        if (span == null && !asked) {
            chain.doFilter(request, response);
            return;
        }
        var spans = sampled(span);
        var explanation = asked && properties.allowed() ? new Explanation() : null;
        var answer = new TracedAnswer(response, explanation);
        if (asked && explanation == null) {
            answer.keep(Explanation.HEADER, "off");
        }
        if (span != null) {
            answer.keep(TRACE_RESPONSE, traceResponse(span));
        }
        try (var _ = listened(spans, explanation)) {
            chain.doFilter(request, answer);
        } finally {
            if (!request.isAsyncStarted()) {
                answer.explain();
            }
            if (spans != null) {
                spans.tell();
            }
        }
    }

    private static @Nullable RequestTrace listened(
            @Nullable Spans spans, @Nullable Explanation explanation) {
        if (spans == null) {
            return explanation == null ? null : RequestTrace.begin(explanation);
        }
        return RequestTrace.begin(
                explanation == null
                        ? spans
                        : step -> {
                            explanation.ended(step);
                            spans.ended(step);
                        });
    }

    private @Nullable Spans sampled(@Nullable Span span) {
        if (tracer == null || span == null || !isSampled(span)) {
            return null;
        }
        return new Spans(tracer, span, this::told);
    }

    private static boolean isSampled(Span span) {
        return Boolean.TRUE.equals(span.context().sampled());
    }

    private static String traceResponse(Span span) {
        var context = span.context();
        return "00-%s-%s-%s"
                .formatted(context.traceId(), context.spanId(), isSampled(span) ? "01" : "00");
    }

    /** A host that a caller has named may be the user's own domain. */
    String told(String host) {
        var known = servers.getObject();
        return !known.freeChoice() || known.usesHost(host) || clients.getObject().usesHost(host)
                ? host
                : "named-by-caller";
    }
}
