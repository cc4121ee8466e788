package postern.web.browser;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import postern.web.idempotency.IdempotencyKeys;
import postern.web.problem.ProblemWriter;

/**
 * CORS in front of everything that may answer, so that a preflight needs no credentials and a page
 * can read problems too.
 */
@Configuration(proxyBeanMethods = false)
class CrossOriginRequests {

    /** Chromium keeps no preflight for longer. */
    private static final Duration MAX_AGE = Duration.ofHours(2);

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /** Those that a page cannot read otherwise. */
    static final List<String> EXPOSED =
            List.of(
                    HttpHeaders.ACCEPT_RANGES,
                    HttpHeaders.ALLOW,
                    HttpHeaders.CONTENT_DISPOSITION,
                    HttpHeaders.CONTENT_RANGE,
                    "Content-Security-Policy",
                    HttpHeaders.ETAG,
                    IdempotencyKeys.REPLAYED,
                    HttpHeaders.LINK,
                    HttpHeaders.LOCATION,
                    "Postern-Blocked-Remote-Content",
                    "Postern-Explain",
                    "Postern-Next-Cursor",
                    "Postern-Resume-Cursor",
                    "Postern-Truncated",
                    "RateLimit",
                    "RateLimit-Policy",
                    HttpHeaders.RETRY_AFTER,
                    "Server-Timing",
                    HttpHeaders.WWW_AUTHENTICATE,
                    "X-Request-Id",
                    "traceresponse");

    @Bean
    FilterRegistrationBean<CorsFilter> cors(CorsProperties properties, ProblemWriter writer) {
        var rules = new CorsConfiguration();
        rules.setAllowedOrigins(properties.allowedOrigins());
        rules.setAllowedMethods(METHODS);
        rules.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        rules.setExposedHeaders(EXPOSED);
        rules.setMaxAge(MAX_AGE);
        var paths = new UrlBasedCorsConfigurationSource();
        paths.registerCorsConfiguration("/v1/**", rules);
        paths.registerCorsConfiguration("/v3/**", rules);
        var filter = new CorsFilter(paths);
        filter.setCorsProcessor(new CorsAnswers(writer));
        var registration = new FilterRegistrationBean<>(filter);
        // behind the filter that reads forwarded headers
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }
}
