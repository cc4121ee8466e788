package postern.web.contract;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Contact;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.ParameterCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import postern.web.Locations;

/** The frame of the contract: title, server URL and security schemes. */
@Configuration(proxyBeanMethods = false)
class OpenApiDocument {

    /** The version of the contract: it changes with the paths, not with releases. */
    private static final String VERSION = "1";

    private static final String BASIC = "basic";
    private static final String BEARER = "bearer";
    private static final String APP = "app";
    private static final String LINKS = "/v1/links/";

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(info())
                // springdoc would name a host, and replaces none that is there
                .servers(List.of(new ThisGateway()))
                .components(
                        new Components()
                                .addSecuritySchemes(BASIC, basic())
                                .addSecuritySchemes(BEARER, bearer())
                                .addSecuritySchemes(APP, app()))
                .security(
                        List.of(
                                new SecurityRequirement().addList(BASIC),
                                new SecurityRequirement().addList(BEARER),
                                new SecurityRequirement().addList(BASIC).addList(APP),
                                new SecurityRequirement().addList(BEARER).addList(APP)));
    }

    private static Info info() {
        return new Info()
                .title("Postern")
                .version(VERSION)
                .description(Conventions.TEXT)
                .contact(new Contact().name("The maintainers of Postern"))
                .license(
                        new License()
                                .name("Apache-2.0")
                                .url("https://www.apache.org/licenses/LICENSE-2.0"));
    }

    private static SecurityScheme basic() {
        return new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("basic")
                .description("The user name and password of the mail account itself.");
    }

    private static SecurityScheme bearer() {
        return new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description(
                        "The session token that `POST /v1/sessions` answers, or one that was"
                                + " narrowed from it (`narrowSession`): `x-required-scope` says"
                                + " what a narrowed one needs for an operation.");
    }

    private static SecurityScheme app() {
        return new SecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.HEADER)
                .name("Postern-Key")
                .description(
                        "The key of the calling app, beside the user's credentials, where the"
                                + " operator of the gateway has given keys to apps"
                                + " (`postern.app-keys`).");
    }

    /**
     * Says that operations without credentials may take the key of an app, except signed links: so
     * generated clients send it everywhere.
     */
    @Bean
    GlobalOpenApiCustomizer keysOfAppsWithoutCredentials() {
        return document ->
                document.getPaths()
                        .forEach((path, item) -> {
                            if (!path.startsWith(LINKS)) {
                                item.readOperations().stream()
                                        .filter(it -> it.getSecurity() != null)
                                        .filter(it -> it.getSecurity().isEmpty())
                                        .forEach(it ->
                                                it.setSecurity(
                                                        List.of(
                                                                new SecurityRequirement(),
                                                                new SecurityRequirement()
                                                                        .addList(APP))));
                            }
                        });
    }

    /** Sets it anew, since springdoc makes a copy of the document, with what the URL was then. */
    @Bean
    GlobalOpenApiCustomizer serverOfTheCaller() {
        return document -> document.setServers(List.of(new ThisGateway()));
    }

    /** Without a host, and below the path that the caller sees: of the context, and of a proxy. */
    private static final class ThisGateway extends Server {

        private ThisGateway() {
            setDescription("This gateway.");
        }

        @Override
        public String getUrl() {
            var path = Locations.contextPath();
            return path.isEmpty() ? "/" : path;
        }
    }

    /** Sorts the tags, since springdoc collects them in no fixed order. */
    @Bean
    GlobalOpenApiCustomizer tagsByName() {
        return document -> {
            if (document.getTags() != null) {
                document.getTags().sort(Comparator.comparing(Tag::getName));
            }
        };
    }

    /** Makes optional parameters not nullable, since a URL has no {@code null}. */
    @Bean
    ParameterCustomizer parametersWithoutNull() {
        return (parameter, _) -> {
            if (parameter != null && parameter.getSchema() != null) {
                Optional.ofNullable(parameter.getSchema().getTypes())
                        .ifPresent(types -> types.remove("null"));
            }
            return parameter;
        };
    }

    /**
     * Describes a list in a query as one parameter with commas, since some clients would send
     * {@code fields[0]=} otherwise. The gateway reads repeated parameters as well.
     */
    @Bean
    ParameterCustomizer listsWithCommas() {
        return (parameter, _) -> {
            if (parameter != null
                    && "query".equals(parameter.getIn())
                    && parameter.getSchema() != null
                    && parameter.getSchema().getItems() != null) {
                parameter.setStyle(Parameter.StyleEnum.FORM);
                parameter.setExplode(false);
            }
            return parameter;
        };
    }

    /** Anchors patterns: a constraint of Bean Validation holds for the whole text. */
    @Bean
    GlobalOpenApiCustomizer anchoredPatterns() {
        return document ->
                document.getComponents().getSchemas().values().stream()
                        .filter(schema -> schema.getProperties() != null)
                        .flatMap(schema -> ((Schema<?>) schema).getProperties().values().stream())
                        .forEach(OpenApiDocument::anchor);
    }

    private static void anchor(Schema<?> property) {
        var pattern = property.getPattern();
        if (pattern != null && !pattern.startsWith("^")) {
            property.setPattern("^(?:" + pattern + ")$");
        }
    }

    @Bean
    ParameterCustomizer boundsOfNumbers() {
        return (parameter, declared) -> {
            var bounds = declared.getParameterAnnotation(Bounds.class);
            if (parameter != null && bounds != null) {
                parameter.getSchema().setMinimum(BigDecimal.valueOf(bounds.min()));
                if (bounds.max() < Long.MAX_VALUE) {
                    parameter.getSchema().setMaximum(BigDecimal.valueOf(bounds.max()));
                }
            }
            return parameter;
        };
    }

    /** Hides arguments that our own resolvers provide, since clients do not send them. */
    @Bean
    SmartInitializingSingleton undocumentedArguments(
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
            RequestMappingHandlerAdapter adapter) {
        return () ->
                mapping.getHandlerMethods().values().stream()
                        .flatMap(handler -> List.of(handler.getMethodParameters()).stream())
                        .filter(argument -> isOurs(argument, adapter))
                        .map(MethodParameter::getParameterType)
                        .distinct()
                        .forEach(SpringDocUtils.getConfig()::addRequestWrapperToIgnore);
    }

    private static boolean isOurs(MethodParameter argument, RequestMappingHandlerAdapter adapter) {
        var resolvers = adapter.getCustomArgumentResolvers();
        return resolvers != null
                && argument.getParameterAnnotations().length == 0
                && resolvers.stream().anyMatch(resolver -> resolver.supportsParameter(argument));
    }
}
