package postern.web;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** How Spring MVC reads our own types from a request. */
@Configuration(proxyBeanMethods = false)
class RequestReading implements WebMvcConfigurer {

    private final CallerResolver callers;
    private final JsonMapper json;

    RequestReading(CallerResolver callers, JsonMapper json) {
        this.callers = callers;
        this.json = json;
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, MailboxId.class, MailboxId::parse);
        registry.addConverter(String.class, MessageId.class, MessageId::parse);
        registry.addConverter(String.class, Cursor.class, Cursor::parse);
        registry.addConverterFactory(new EnumsAsInJson(json));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(callers);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters(callers)).addPathPatterns("/v1/**");
    }
}
