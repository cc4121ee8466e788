package postern.web.problem;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes Jetty answer with a problem when it refuses a request itself, such as one with a malformed
 * path.
 */
@Component
final class JettyProblems implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private final JsonMapper json;

    JettyProblems(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.setErrorHandler(new Handler()));
    }

    private final class Handler extends ErrorHandler {

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int status,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback) {
            var code = ProblemCode.of(HttpStatusCode.valueOf(status));
            response.setStatus(code.status().value());
            response.getHeaders()
                    .put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            var body = json.writeValueAsBytes(Problem.of(code, null));
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
