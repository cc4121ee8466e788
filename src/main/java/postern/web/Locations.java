package postern.web;

import java.net.URI;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** URLs of the gateway's own resources, as the caller reaches them. */
public final class Locations {

    private Locations() {}

    /** For a path such as {@code /v1/messages/abc}. */
    public static URI of(String path) {
        return URI.create(contextPath() + path);
    }

    /** Where the gateway stands below its host; empty at the top, and outside a request. */
    public static String contextPath() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes here
                ? here.getRequest().getContextPath()
                : "";
    }
}
