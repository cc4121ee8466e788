package postern.web.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class TraceSwitchTest {

    @Test
    void anEmptyEndpointMakesNoTraces() throws Exception {
        try (var gateway = new TracedGateway("--" + TraceSwitch.ENDPOINT + "=")) {
            assertThat(gateway.get("/v1/mailboxes").statusCode()).isEqualTo(200);
            assertThat(gateway.context().getBeanProvider(Tracer.class).getIfAvailable()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "collector:4318", "grpc://collector:4317"})
    void anEndpointThatIsNoUrlEndsTheStartWithItsProperty(String endpoint) {
        assertThatThrownBy(() -> new TracedGateway("--" + TraceSwitch.ENDPOINT + "=" + endpoint))
                .isInstanceOf(UnusableCollector.class)
                .hasMessageStartingWith(TraceSwitch.ENDPOINT)
                .hasMessageNotContaining(endpoint)
                .satisfies(it ->
                        assertThat(new UnusableCollector.Analyzer().analyze(it))
                                .extracting(analysis -> analysis.getDescription())
                                .isEqualTo(it.getMessage()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "GRPC", "http/json"})
    void aTransportThatIsNotOnTheClassPathEndsTheStart(String transport) {
        var environment =
                new MockEnvironment()
                        .withProperty(TraceSwitch.ENDPOINT, "http://collector:4318/v1/traces")
                        .withProperty(UnusableCollector.TRANSPORT, transport);

        assertThatThrownBy(() -> UnusableCollector.check(environment))
                .isInstanceOf(UnusableCollector.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "HTTP"})
    void httpIsTaken(String transport) {
        var environment =
                new MockEnvironment()
                        .withProperty(TraceSwitch.ENDPOINT, "https://collector/v1/traces")
                        .withProperty(UnusableCollector.TRANSPORT, transport);

        UnusableCollector.check(environment);
    }
}
