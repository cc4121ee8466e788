package postern.web.limit;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Registers {@link PasswordGuesses} behind the checks that need no password. */
@Configuration(proxyBeanMethods = false)
@Order(2)
class LimitConfiguration implements WebMvcConfigurer {

    private final PasswordGuesses guesses;

    LimitConfiguration(PasswordGuesses guesses) {
        this.guesses = guesses;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(guesses).addPathPatterns("/v1/**");
    }
}
