package postern.web.problem;

import java.nio.ByteBuffer;
import org.eclipse.jetty.ee11.servlet.ServletHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes Jetty answer with a problem when it refuses a request itself, such as one with a malformed
 * path. Paths with an encoded slash, backslash or percent sign are left to the gateway, which needs
 * them for some of its resources.
 */
@Component
@Order(0) // others may add to its handler of errors
final class JettyProblems implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private static final UriCompliance PATHS =
            UriCompliance.DEFAULT.with(
                    "postern",
                    Violation.AMBIGUOUS_PATH_SEPARATOR,
                    Violation.AMBIGUOUS_PATH_ENCODING,
                    Violation.SUSPICIOUS_PATH_CHARACTERS);

    private final JsonMapper json;
    private final String contextPath;

    JettyProblems(JsonMapper json, @Value("${server.servlet.context-path:}") String contextPath) {
        this.json = json;
        this.contextPath = contextPath;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            server.setErrorHandler(new Handler());
            for (var connector : server.getConnectors()) {
                connector.getConnectionFactories().stream()
                        .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                        .map(HttpConfiguration.ConnectionFactory.class::cast)
                        .forEach(it -> it.getHttpConfiguration().setUriCompliance(PATHS));
            }
            server.getDescendants(ServletHandler.class)
                    .forEach(servlets -> servlets.setDecodeAmbiguousURIs(true));
        });
    }

    private final class Handler extends ErrorHandler {

        /** Jetty would answer only GET, HEAD and POST with a body. */
        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }

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
            closeAfter(request, response);
            var id = requestId(request);
            response.getHeaders().put(RequestId.HEADER, id);
            var body = json.writeValueAsBytes(Problem.of(code, null).answering(contextPath, id));
            response.write(true, ByteBuffer.wrap(body), callback);
        }

        /** That of the gateway, which the log has, where the request has come as far. */
        private static String requestId(Request request) {
            return request.getAttribute(ProblemWriter.REQUEST_ID) instanceof String id
                    ? id
                    : RequestId.of(request.getHeaders()::get);
        }

        /**
         * Jetty closes the connection after a request that it cannot read, and does not say so:
         * clients would send the next request on it in vain.
         */
        private static void closeAfter(Request request, Response response) {
            // of a request that cannot be read Jetty says that it is HTTP/1.0
            int version = request.getConnectionMetaData().getHttpVersion().getVersion();
            if (version <= HttpVersion.HTTP_1_1.getVersion()) {
                response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            }
        }
    }
}
