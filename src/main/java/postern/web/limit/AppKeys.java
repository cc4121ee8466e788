package postern.web.limit;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.digest.Sha256;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemWriter;

/**
 * Refuses apps that the operator has given no key. Signed links are exempt: a browser that opens
 * one cannot send a header.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
public final class AppKeys extends OncePerRequestFilter {

    /** The attribute of a request with the name of the app. */
    public static final String APP = AppKeys.class.getName();

    private static final String HEADER = "Postern-Key";

    private final List<Hash> hashes;
    private final ProblemWriter writer;

    private record Hash(String app, byte[] octets) {}

    AppKeys(AppKeyProperties properties, ProblemWriter writer) {
        this.writer = writer;
        this.hashes =
                properties.appKeys().entrySet().stream()
                        .flatMap(app ->
                                app.getValue().stream()
                                        .map(hex ->
                                                new Hash(
                                                        app.getKey(),
                                                        HexFormat.of().parseHex(hex))))
                        .toList();
    }

    /** The names of the apps that have a key. */
    public Set<String> apps() {
        return hashes.stream().map(Hash::app).collect(Collectors.toUnmodifiableSet());
    }

    /** The app whose key the present request has; null where it has none. */
    public @Nullable String present() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes it
                ? (String) it.getRequest().getAttribute(APP)
                : null;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        return hashes.isEmpty() || !path.startsWith("/v1/") || path.startsWith("/v1/links/");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var app = app(request.getHeader(HEADER));
        if (app == null) {
            var problem =
                    Problem.of(
                            ProblemCode.APP_NOT_ALLOWED,
                            "send the key of the app in the header " + HEADER);
            writer.write(problem, HttpHeaders.EMPTY, request, response);
            return;
        }
        request.setAttribute(APP, app);
        chain.doFilter(request, response);
    }

    /** Compares with all of them, so that the time tells nothing. */
    private @Nullable String app(@Nullable String key) {
        if (key == null) {
            return null;
        }
        var hash = Sha256.of(key);
        @Nullable String found = null;
        for (var known : hashes) {
            if (MessageDigest.isEqual(known.octets(), hash)) {
                found = known.app();
            }
        }
        return found;
    }
}
