package postern.web.trace;

import io.micrometer.common.KeyValues;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Locale;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** What Spring Boot's spans of requests must not tell: paths have ids of mailboxes in them. */
@Configuration(proxyBeanMethods = false)
@Conditional(TraceSwitch.On.class)
class TraceConfiguration {

    /** Before the exporter is made, which would fail without saying which property is wrong. */
    @Bean
    static BeanFactoryPostProcessor usableCollector(Environment environment) {
        return _ -> UnusableCollector.check(environment);
    }

    /**
     * Without the URL; the pattern of the path is told. A method that HTTP does not know is a word
     * of the caller's.
     */
    @Bean
    DefaultServerRequestObservationConvention requestsWithoutTheirUrl() {
        return new DefaultServerRequestObservationConvention() {
            @Override
            public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
                return KeyValues.empty();
            }

            @Override
            public String getContextualName(ServerRequestObservationContext context) {
                var method = method(context).getValue().toLowerCase(Locale.ROOT);
                var pattern = context.getPathPattern();
                return "http " + method + (pattern == null ? "" : " " + pattern);
            }
        };
    }

    /** Tells the type of an error only: messages and stack traces may have anything in them. */
    @Bean
    @Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
    PropagatingReceiverTracingObservationHandler<ServerRequestObservationContext>
            requestsWithoutTheirErrors(Tracer tracer, Propagator propagator) {
        return new PropagatingReceiverTracingObservationHandler<>(tracer, propagator) {
            @Override
            public void onError(ServerRequestObservationContext context) {
                var error = context.getError();
                if (error != null) {
                    getRequiredSpan(context).tag("error", error.getClass().getName());
                }
            }
        };
    }

    /** Probes and scrapes come every few seconds. */
    @Bean
    SpanExportingPredicate requestsOfClients() {
        return span -> {
            var uri = span.getTags().getOrDefault("uri", "");
            return !uri.startsWith("/actuator") && !uri.equals("/livez") && !uri.equals("/readyz");
        };
    }
}
