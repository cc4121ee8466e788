package postern.web.idempotency;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import postern.account.RequestNames;
import postern.imap.ImapConnections;
import postern.shared.AreaBound;
import postern.shared.SharedArea;
import postern.web.CallerResolver;

/** Registers {@link IdempotencyKeys} to run after the check of parameters. */
@Configuration(proxyBeanMethods = false)
@Order(1) // behind RequestReading, which checks parameters
class IdempotencyConfiguration implements WebMvcConfigurer {

    private final IdempotencyKeys keys;

    IdempotencyConfiguration(
            CallerResolver callers,
            ImapConnections connections,
            RequestNames names,
            Attempts attempts) {
        this.keys = new IdempotencyKeys(callers, connections, names, attempts);
    }

    @Bean
    static AreaBound roomForRequests(IdempotencyProperties properties) {
        return new AreaBound(SharedArea.REQUESTS, properties.cacheSize());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(keys).addPathPatterns("/v1/**");
    }
}
