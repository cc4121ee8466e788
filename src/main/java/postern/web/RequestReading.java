package postern.web;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import postern.web.id.Cursor;
import postern.web.id.LocatedIds;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.SyncState;
import postern.web.id.ThreadId;
import tools.jackson.databind.json.JsonMapper;

/** Configures how Spring MVC reads our own types from a request. */
@Configuration(proxyBeanMethods = false)
@Order(0)
public class RequestReading implements WebMvcConfigurer {

    private final CallerResolver callers;
    private final JsonMapper json;
    private final LocatedIds ids;

    RequestReading(CallerResolver callers, LocatedIds ids, JsonMapper json) {
        this.callers = callers;
        this.ids = ids;
        this.json = json;
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, MailboxId.class, MailboxId::parse);
        registry.addConverter(String.class, MessageId.class, MessageId::parse);
        registry.addConverter(String.class, ThreadId.class, ThreadId::parse);
        registry.addConverter(String.class, Cursor.class, Cursor::parse);
        registry.addConverter(String.class, SyncState.class, SyncState::parse);
        registry.addConverterFactory(new EnumsAsInJson(json));
    }

    /**
     * Restricts text formats to JSON. springdoc brings a YAML converter to the class path, and
     * Spring would otherwise accept and produce YAML.
     */
    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.configureMessageConvertersList(list ->
                list.removeIf(it ->
                        it.getSupportedMediaTypes().stream()
                                .anyMatch(type -> type.getSubtype().contains("yaml"))));
    }

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.strategies(List.of(new OneSuccessType()));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(callers);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters(callers, json)).addPathPatterns("/v1/**");
        registry.addInterceptor(new UnknownConditions()).addPathPatterns("/v1/**");
        registry.addInterceptor(new RequiredScopes(callers, ids)).addPathPatterns("/v1/**");
    }
}
