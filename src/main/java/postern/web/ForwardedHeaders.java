package postern.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ForwardedHeaderFilter;
import postern.web.problem.ForwardedPrefix;
import postern.web.problem.InvalidRequest;
import postern.web.problem.Problem;
import postern.web.problem.ProblemWriter;

/**
 * Hides {@code X-Forwarded-*} and {@code Forwarded} from all that comes behind, unless the operator
 * has them evaluated here: springdoc, for one, would make URLs with the host that any client names.
 */
@Configuration(proxyBeanMethods = false)
class ForwardedHeaders {

    /** In the place of the filter that Spring Boot makes for the strategy {@code framework}. */
    @Bean
    FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeaderFilter(
            ServerProperties server, ProblemWriter problems) {
        boolean evaluated = server.getForwardHeadersStrategy() == ForwardHeadersStrategy.FRAMEWORK;
        var filter = evaluated ? new PrefixChecked(problems) : new ForwardedHeaderFilter();
        filter.setRemoveOnly(!evaluated);
        var registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(
                DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
        // behind the filters that give every answer its request id and its Cache-Control
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    /** Refuses a prefix that no URL can begin with, or that would read as the name of a host. */
    private static final class PrefixChecked extends ForwardedHeaderFilter {

        private final ProblemWriter problems;

        private PrefixChecked(ProblemWriter problems) {
            this.problems = problems;
        }

        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            for (var prefix : Collections.list(request.getHeaders(ForwardedPrefix.HEADER))) {
                if (!ForwardedPrefix.isPath(prefix)) {
                    var refused = InvalidRequest.parameter(ForwardedPrefix.HEADER, "is not a path");
                    problems.write(Problem.of(refused), refused.headers(), request, response);
                    return;
                }
            }
            super.doFilterInternal(request, response, chain);
        }
    }
}
