package postern.web.idempotency;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import postern.account.LoginHashes;
import postern.web.CallerResolver;

/** Registers {@link IdempotencyKeys} to run after the check of parameters. */
@Configuration(proxyBeanMethods = false)
@Order(1) // behind RequestReading, which checks parameters
class IdempotencyConfiguration implements WebMvcConfigurer {

    private final IdempotencyKeys keys;

    IdempotencyConfiguration(CallerResolver callers, LoginHashes logins, AttemptStore attempts) {
        this.keys = new IdempotencyKeys(callers, logins, attempts);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(keys).addPathPatterns("/v1/**");
    }
}
