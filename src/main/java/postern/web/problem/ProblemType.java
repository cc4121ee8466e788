package postern.web.problem;

import java.net.URI;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * The address of the page on a kind of problem (RFC 9457 §3.1.1): without a host, and below the
 * path at which the caller sees the gateway.
 */
final class ProblemType {

    private static final String PATH = "/problems/";

    private ProblemType() {}

    static URI of(ProblemCode code) {
        return URI.create(PATH + code);
    }

    static URI below(String contextPath, URI type) {
        var path = type.toString();
        return path.startsWith(PATH) && !contextPath.isEmpty()
                ? URI.create(contextPath + path)
                : type;
    }

    /** For problems inside of an answer. */
    static final class Writer extends StdSerializer<URI> {

        Writer() {
            super(URI.class);
        }

        @Override
        public void serialize(URI type, JsonGenerator json, SerializationContext context) {
            json.writeString(below(contextPath(), type).toString());
        }

        private static String contextPath() {
            return RequestContextHolder.getRequestAttributes()
                            instanceof ServletRequestAttributes here
                    ? here.getRequest().getContextPath()
                    : "";
        }
    }
}
