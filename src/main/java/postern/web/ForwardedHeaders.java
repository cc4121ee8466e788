package postern.web;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * Hides {@code X-Forwarded-*} and {@code Forwarded} from all that comes behind, unless the operator
 * has them evaluated here: springdoc, for one, would make URLs with the host that any client names.
 */
@Configuration(proxyBeanMethods = false)
class ForwardedHeaders {

    /** In the place of the filter that Spring Boot makes for the strategy {@code framework}. */
    @Bean
    FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeaderFilter(ServerProperties server) {
        var filter = new ForwardedHeaderFilter();
        filter.setRemoveOnly(
                server.getForwardHeadersStrategy() != ForwardHeadersStrategy.FRAMEWORK);
        var registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(
                DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
