package postern.web.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.testserver.GatewayProcess;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What docs/operating.md says of logs. */
class JsonLogsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACES =
            "management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:1/v1/traces";

    @TempDir private Path directory;

    @Test
    void inJsonARequestATraceAndWhatIsAuditedAreFields() throws Exception {
        try (var gateway =
                gateway(
                        "logging.structured.format.console=ecs",
                        TRACES,
                        "management.tracing.export.otlp.enabled=false")) {
            signIn(gateway);

            var lines = json(gateway.log());
            assertThat(lines).hasSizeGreaterThan(5);
            var audited = lines.stream().filter(JsonLogsTest::isAudited).toList();
            assertThat(audited).hasSize(1).allSatisfy(JsonLogsTest::isComplete);
            assertThat(audited.getFirst().path("traceId").asString()).isEqualTo(TRACE);
        }
    }

    @Test
    void auditLinesHaveAFileOfTheirOwnWhereTheOperatorWantsThat() throws Exception {
        var file = directory.resolve("audit.json");
        try (var gateway =
                gateway("logging.config=docker/logging/audit-apart.xml", "audit.file=" + file)) {
            signIn(gateway);

            assertThat(json(Files.readString(file)))
                    .hasSize(1)
                    .allMatch(JsonLogsTest::isAudited)
                    .allSatisfy(JsonLogsTest::isComplete);
            assertThat(json(gateway.log())).isNotEmpty().noneMatch(JsonLogsTest::isAudited);
        }
    }

    @Test
    void aLineOfTextHasTheTraceBesideTheRequest() throws Exception {
        try (var gateway = gateway(TRACES, "management.tracing.export.otlp.enabled=false")) {
            signIn(gateway);

            assertThat(gateway.log().lines().filter(line -> line.contains("postern.audit")))
                    .singleElement()
                    .asString()
                    .contains("[order-66 " + TRACE + "]");
            assertThat(gateway.log()).contains(" [] ").doesNotContain("[ ]");
        }
    }

    private GatewayProcess gateway(String... properties) throws Exception {
        var all = new ArrayList<>(List.of(properties));
        all.addAll(
                List.of(
                        "postern.imap.host=" + SERVER.host(),
                        "postern.imap.port=" + SERVER.port(),
                        "postern.imap.security=none"));
        return GatewayProcess.start("256m", directory.resolve("gateway.log"), all);
    }

    private static void signIn(GatewayProcess gateway) throws Exception {
        var login =
                "{\"username\": \"%s\", \"password\": \"%s\"}"
                        .formatted(SERVER.newUser(), SERVER.password());
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(gateway.uri("/sessions"))
                            .header("Content-Type", "application/json")
                            .header("X-Request-Id", "order-66")
                            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                            .POST(BodyPublishers.ofString(login))
                            .build();
            assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
        }
    }

    private static boolean isAudited(JsonNode line) {
        return line.path("log").path("logger").asString().equals("postern.audit");
    }

    private static void isComplete(JsonNode line) {
        assertThat(line.path("operation").asString()).isEqualTo("createSession");
        assertThat(line.path("status").asInt()).isEqualTo(201);
        assertThat(line.path("account").asString()).matches("[0-9a-f]{12}");
        assertThat(line.path("app").asString()).isEqualTo("-");
        assertThat(line.path("requestId").asString()).isEqualTo("order-66");
    }

    private static List<JsonNode> json(String log) {
        var mapper = new JsonMapper();
        return log.lines().map(mapper::readTree).toList();
    }
}
