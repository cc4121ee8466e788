package postern.web.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import postern.testserver.InMemoryServer;
import postern.trace.Step;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String TRACE_PARENT = "00-" + TRACE + "-" + PARENT + "-01";
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
    private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");

    private static final String MAIL =
            """
            From: Clandestine Sender <sender@clandestine.example>
            To: Recipient <rcpt@clandestine.example>
            Subject: clandestine subject
            Message-ID: <clandestine-id@clandestine.example>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain

            clandestine text
            --x
            Content-Type: application/pdf; name=clandestine.pdf
            Content-Transfer-Encoding: base64

            Y2xhbmRlc3RpbmU=
            --x--
            """
                    .replace("\n", "\r\n");

    private TracedGateway gateway;

    @BeforeAll
    void start() {
        gateway =
                new TracedGateway(
                        TracedGateway.ON,
                        "--postern.submission.host=127.0.0.1",
                        "--postern.submission.port=1",
                        "--postern.submission.security=none");
    }

    @AfterEach
    void forget() {
        gateway.spans();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aRequestIsBelowTheSpanOfItsCallerAndItsStepsAreBelowIt() throws Exception {
        var answer = gateway.get("/v1/mailboxes/inbox/messages", "traceparent", TRACE_PARENT);

        var spans = gateway.spans();
        var request = request(spans);
        assertThat(spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
        assertThat(request.getName()).isEqualTo("http get /v1/mailboxes/{mailboxId}/messages");
        assertThat(request.getParentSpanId()).isEqualTo(PARENT);
        assertThat(steps(spans))
                .extracting(SpanData::getName)
                .contains("imap borrow", "imap connect", "imap NOOP");
        assertThat(steps(spans))
                .allSatisfy(step -> {
                    assertThat(step.getParentSpanId()).isEqualTo(request.getSpanId());
                    assertThat(step.getAttributes().get(HOST)).isEqualTo("127.0.0.1");
                    assertThat(step.getAttributes().get(OUTCOME)).isNotEmpty();
                    assertThat(duration(step)).isBetween(0L, duration(request));
                });
        assertThat(answer.headers().firstValue("traceresponse"))
                .hasValue("00-" + TRACE + "-" + request.getSpanId() + "-01");
        assertThat(answer.headers().firstValue("X-Request-Id")).hasValue(TRACE);
    }

    @Test
    void commandsThatAreSentTogetherHaveTheSameTimes() {
        var tracer = gateway.context().getBean(Tracer.class);
        var request = tracer.nextSpan().name("http test").start();
        var commands = Collections.nCopies(100, new Step.Command("FETCH", "UID FLAGS", "ok"));

        new Spans(tracer, request, host -> host)
                .ended(
                        new Step(
                                Step.Kind.IMAP,
                                "imap.example.org",
                                commands,
                                "ok",
                                1,
                                0,
                                Duration.ofMillis(3)));
        request.end();

        var steps = steps(gateway.spans());
        assertThat(steps).hasSize(100);
        assertThat(steps).extracting(SpanData::getStartEpochNanos).containsOnly(start(steps));
        assertThat(steps).extracting(SpansTest::duration).containsOnly(3_000_000L);
    }

    @Test
    void allCommandsOfARequestThatUsesSeveralConnectionsAreBelowIt() throws Exception {
        for (int i = 0; i < 12; i++) {
            var mailbox = send("POST", "/v1/mailboxes", "{\"name\": \"Box %d\"}".formatted(i));
            gateway.send(
                    "POST",
                    "/v1/mailboxes/%s/messages".formatted(id(mailbox)),
                    "message/rfc822",
                    MAIL);
        }

        List<SpanData> spans;
        Map<String, Long> counted;
        try (var gate = new MailboxGate(InMemoryServer.GREENMAIL);
                var other =
                        new TracedGateway(
                                gate.port(),
                                TracedGateway.ON,
                                "--postern.imap.pool.max-connections-per-account=3")) {
            other.as(gateway.user());
            var answer =
                    other.send(
                            "POST",
                            "/v1/search",
                            "application/json",
                            "{\"filter\": {\"subject\": \"clandestine\"}}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            spans = other.spans();
            counted = counts(other);
        }
        var request = request(spans);
        assertThat(counted.get("SORT")).isGreaterThanOrEqualTo(12);
        assertThat(spans).filteredOn(it -> it.getName().equals("imap connect")).hasSize(2);
        Map<String, Long> traced =
                steps(spans).stream()
                        .filter(it -> it.getName().matches("imap [A-Z]+"))
                        .filter(it -> it.getParentSpanId().equals(request.getSpanId()))
                        .map(it -> it.getName().substring("imap ".length()))
                        .filter(it -> !it.equals("ID"))
                        .collect(Collectors.groupingBy(it -> it, Collectors.counting()));
        assertThat(traced).isEqualTo(counted);
    }

    @Test
    void noSpanNamesAUserAMailboxAMessageOrWhatIsInIt() throws Exception {
        tellAStory();

        var spans = gateway.spans();
        assertThat(spans).hasSizeGreaterThan(60);
        assertThat(spans).extracting(SpanData::getName).contains("smtp connect", "imap connect");
        var told = new ArrayList<String>();
        for (var span : spans) {
            told.add(span.getName());
            told.add(span.getStatus().getDescription());
            span.getAttributes().forEach((key, value) -> told.add(key + "=" + value));
            span.getEvents().forEach(event -> told.add(event.getName() + event.getAttributes()));
            span.getLinks().forEach(link -> told.add(link.toString()));
        }
        assertThat(spans).allSatisfy(span -> assertThat(span.getEvents()).isEmpty());
        var all = String.join("\n", told).toLowerCase(Locale.ROOT);
        assertThat(all)
                .contains("imap append", "/v1/messages/{messageid}", "outcome=ok", "http unknown");
        assertThat(all)
                .doesNotContain(
                        "clandestine",
                        gateway.user().toLowerCase(Locale.ROOT),
                        gateway.password(),
                        "secret-of-a-guess",
                        encoded("clandestine"),
                        encoded("Clandestine"));
    }

    @Test
    void aSpanOfAFailedRequestHasTheTypeOfTheErrorAndNotItsMessage() {
        var context =
                new ServerRequestObservationContext(
                        new MockHttpServletRequest(), new MockHttpServletResponse());
        var observation =
                Observation.createNotStarted(
                        "http.server.requests",
                        () -> context,
                        gateway.context().getBean(ObservationRegistry.class));

        observation.start().error(new IllegalStateException("clandestine")).stop();

        var span = gateway.spans().getFirst();
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error")))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(span.getEvents()).isEmpty();
        assertThat(span.toString()).doesNotContain("clandestine");
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(UTF_8))
                .substring(0, 12)
                .toLowerCase(Locale.ROOT);
    }

    private void tellAStory() throws Exception {
        var mailbox = id(send("POST", "/v1/mailboxes", "{\"name\": \"Clandestine Plans\"}"));
        var messages = "/v1/mailboxes/" + mailbox + "/messages";
        var message = id(gateway.send("POST", messages, "message/rfc822", MAIL));
        gateway.get(messages + "?limit=5");
        gateway.get(messages + "?subject=clandestine");
        gateway.get("/v1/messages/" + message + "?include=text,html");
        gateway.get("/v1/messages/" + message + "/parts/2");
        gateway.get("/v1/messages/" + message + "/raw");
        gateway.get("/v1/mailboxes/" + mailbox + "/threads");
        gateway.get("/v1/mailboxes/" + mailbox + "/export?format=mbox");
        gateway.get("/v1/mailboxes/clandestine-that-does-not-exist/messages");
        gateway.get("/v1/messages?clandestine=clandestine");
        gateway.get("/clandestine");
        send("CLANDESTINE", "/v1/mailboxes", "");
        gateway.get("/v1/mailboxes", "Authorization", "Basic " + guess());
        gateway.get("/v1/mailboxes", "Authorization", "Bearer secret-of-a-guess");
        send("POST", "/v1/search", "{\"filter\": {\"text\": \"clandestine\"}}");
        send("POST", "/v1/search", "{\"clandestine\": ");
        send("POST", "/v1/sessions", "{\"username\": \"clandestine@example.org\"}");
        gateway.send(
                "PATCH",
                "/v1/messages/" + message,
                "application/merge-patch+json",
                "{\"keywords\": {\"clandestine\": true}}");
        send(
                "POST",
                "/v1/send",
                """
                {"from": [{"email": "%s@localhost"}], "to": [{"email": "b@clandestine.example"}],
                 "subject": "clandestine", "text": "clandestine"}
                """
                        .formatted(gateway.user()));
        gateway.send(
                "PATCH",
                "/v1/messages/" + message,
                "application/merge-patch+json",
                "{\"mailboxId\": \"inbox\"}");
        send("DELETE", "/v1/mailboxes/" + mailbox, "");
    }

    private static String guess() {
        var login = "clandestine@example.org:secret-of-a-guess".getBytes(UTF_8);
        return Base64.getEncoder().encodeToString(login);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return gateway.send(method, path, "application/json", body);
    }

    private static String id(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return new JsonMapper().readTree(created.body()).path("id").asString();
    }

    private static Map<String, Long> counts(TracedGateway gateway) {
        return gateway
                .context()
                .getBean(MeterRegistry.class)
                .find("postern.imap.command")
                .timers()
                .stream()
                .collect(
                        Collectors.groupingBy(
                                it -> String.valueOf(it.getId().getTag("command")),
                                Collectors.summingLong(Timer::count)));
    }

    private static long start(List<SpanData> spans) {
        return spans.getFirst().getStartEpochNanos();
    }

    private static long duration(SpanData span) {
        return span.getEndEpochNanos() - span.getStartEpochNanos();
    }

    private static SpanData request(List<SpanData> spans) {
        return spans.stream()
                .filter(it -> it.getName().startsWith("http "))
                .findFirst()
                .orElseThrow();
    }

    private static List<SpanData> steps(List<SpanData> spans) {
        return spans.stream().filter(it -> !it.getName().startsWith("http ")).toList();
    }
}
