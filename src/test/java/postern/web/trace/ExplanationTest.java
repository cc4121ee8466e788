package postern.web.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.mock.web.MockHttpServletResponse;
import postern.trace.Step;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationTest {

    private TracedGateway gateway;

    @BeforeAll
    void start() {
        gateway = new TracedGateway("--postern.explain.allowed=true");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void anAnswerNamesTheCommandsThatItTook() throws Exception {
        gateway.get("/v1/mailboxes/inbox/messages");

        var answer = explained("/v1/mailboxes/inbox/messages");

        assertThat(answer.statusCode()).isEqualTo(200);
        var steps = answer.headers().allValues("Postern-Explain");
        assertThat(steps.getFirst())
                .matches("total;trips=\\d+;commands=\\d+;steps=\\d+;ms=[\\d.]+");
        assertThat(steps).anyMatch(it -> it.matches("borrow;ms=[\\d.]+;outcome=reused"));
        assertThat(steps)
                .anyMatch(
                        it -> it.matches("imap;ms=[\\d.]+;trips=1;commands=\"NOOP.*\";outcome=ok"));
        assertThat(answer.headers().firstValue("Server-Timing").orElseThrow())
                .matches(".*\\bimap;dur=[\\d.]+;desc=\"\\d+ x, \\d+ trips\".*, total;dur=[\\d.]+");
    }

    @Test
    void anAnswerWithoutABodyIsExplained() throws Exception {
        var etag = gateway.get("/v1/mailboxes").headers().firstValue("ETag").orElseThrow();

        var answer = gateway.get("/v1/mailboxes", "If-None-Match", etag, "Postern-Explain", "true");

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.headers().allValues("Postern-Explain").getFirst()).contains("trips=");
    }

    @Test
    void capitalsAskTheSame() throws Exception {
        var answer = gateway.get("/v1/mailboxes", "Postern-Explain", "TRUE");

        assertThat(answer.headers().allValues("Postern-Explain").getFirst()).contains("trips=");
    }

    @Test
    void aProblemIsExplained() throws Exception {
        var answer = explained("/v1/mailboxes/nothing-here/messages");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().allValues("Postern-Explain"))
                .hasSize(1)
                .allMatch(it -> it.startsWith("total;trips=0;"));
    }

    @Test
    void nothingIsToldToSomebodyWhoseCredentialIsRefused() throws Exception {
        var answer =
                gateway.get(
                        "/v1/mailboxes",
                        "Authorization",
                        "Basic bm9ib2R5Om5vdGhpbmc=",
                        "Postern-Explain",
                        "true");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().map().keySet())
                .doesNotContain("postern-explain", "server-timing");
    }

    @Test
    void nobodyIsToldWhoDoesNotAsk() throws Exception {
        var names = gateway.get("/v1/mailboxes").headers().map().keySet();

        assertThat(names)
                .doesNotContain("postern-explain", "server-timing", "traceresponse")
                .contains("x-request-id");
    }

    @Test
    void itIsOffUnlessTheOperatorAllowsIt() throws Exception {
        try (var other = new TracedGateway()) {
            var answer = other.get("/v1/mailboxes", "Postern-Explain", "true");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("Postern-Explain")).containsExactly("off");
            assertThat(answer.headers().firstValue("Server-Timing")).isEmpty();
        }
    }

    @Test
    void allStepsAreCountedAndTheFirstOnesShown() {
        var explanation = new Explanation();
        var command = new Step.Command("FETCH", "UID FLAGS ENVELOPE", "ok");
        for (int i = 0; i < 1_000; i++) {
            explanation.ended(
                    new Step(
                            Step.Kind.IMAP,
                            "imap.example.org",
                            List.of(command, command),
                            "ok",
                            1,
                            0,
                            Duration.ofMillis(1)));
        }
        var response = new MockHttpServletResponse();

        explanation.writeTo(response);

        var told = response.getHeaders("Postern-Explain");
        assertThat(told.getFirst()).contains("trips=1000;commands=2000;steps=1000", "hidden=");
        assertThat(told).hasSizeGreaterThan(10);
        assertThat(octets(response)).isBetween(1_500, 2_000);
        assertThat(Objects.requireNonNull(response.getHeader("Server-Timing")))
                .contains("imap;dur=1000.0;desc=\"1000 x, 1000 trips\"");
    }

    @Test
    void theSumsOfAllKindsLeaveItSmallEnoughForProxies() {
        var explanation = new Explanation();
        for (int i = 0; i < 100; i++) {
            for (var kind : Step.Kind.values()) {
                explanation.ended(
                        new Step(
                                kind,
                                "imap.example.org",
                                List.of(),
                                "ok",
                                Integer.MAX_VALUE / 1_000,
                                0,
                                Duration.ofDays(1)));
            }
        }
        var response = new MockHttpServletResponse();

        explanation.writeTo(response);

        assertThat(octets(response)).isBetween(1_500, 2_000);
    }

    /** As they are sent. */
    private static int octets(MockHttpServletResponse response) {
        return response.getHeaderNames().stream()
                .flatMap(name ->
                        response.getHeaders(name).stream().map(it -> name + ": " + it + "\r\n"))
                .mapToInt(String::length)
                .sum();
    }

    private HttpResponse<String> explained(String path) throws Exception {
        return gateway.get(path, "Postern-Explain", "true");
    }
}
