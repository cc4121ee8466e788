package postern.web;

import java.net.URI;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** URLs of the gateway's resources as the caller sees them. */
public final class Locations {

    private Locations() {}

    /** The URL for a path such as {@code /v1/messages/abc}. */
    public static URI of(String path) {
        return URI.create(contextPath() + path);
    }

    /** The context path of the gateway; empty at the root and outside a request. */
    public static String contextPath() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes here
                ? here.getRequest().getContextPath()
                : "";
    }
}
