package postern.web.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RequestIdsTest {

    @Test
    void whatIsLoggedForARequestHasItsIdAndNothingAfterIt() throws Exception {
        var request = new MockHttpServletRequest("GET", "/v1/mailboxes");
        request.addHeader("X-Request-Id", "order-66");
        var logged = new AtomicReference<String>();

        new RequestIds()
                .doFilter(
                        request,
                        new MockHttpServletResponse(),
                        (_, _) -> logged.set(MDC.get("requestId")));

        assertThat(logged).hasValue("order-66");
        assertThat(MDC.get("requestId")).isNull();
    }

    /** W3C Trace Context §3.2.2.1 */
    @Test
    void aTraceOfTheForbiddenVersionIsNoId() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var response = new MockHttpServletResponse();
        var request = new MockHttpServletRequest("GET", "/v1/mailboxes");
        request.addHeader("traceparent", "ff-" + trace + "-00f067aa0ba902b7-01");

        new RequestIds().doFilter(request, response, (_, _) -> {});

        assertThat(response.getHeader("X-Request-Id")).isNotEmpty().isNotEqualTo(trace);
    }

    @Test
    void anAnswerThatIsBegunAnewKeepsTheId() throws Exception {
        var response = new MockHttpServletResponse();
        var request = new MockHttpServletRequest("GET", "/v1/mailboxes");
        request.addHeader("X-Request-Id", "order-66");

        new RequestIds().doFilter(request, response, (_, answer) -> answer.reset());

        assertThat(response.getHeaders("X-Request-Id")).containsExactly("order-66");
    }
}
