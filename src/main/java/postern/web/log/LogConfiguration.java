package postern.web.log;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import postern.account.AccountPseudonym;
import postern.web.CallerResolver;

/** Registers {@link AuditLog} in front of what may refuse a request, so that it logs that too. */
@Configuration(proxyBeanMethods = false)
@Order(Ordered.HIGHEST_PRECEDENCE)
class LogConfiguration implements WebMvcConfigurer {

    private final AuditLog audit;

    LogConfiguration(AccountPseudonym pseudonyms, CallerResolver callers) {
        this.audit = new AuditLog(pseudonyms, callers);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(audit).addPathPatterns("/v1/**");
    }
}
