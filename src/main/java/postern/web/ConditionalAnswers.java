package postern.web;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import postern.digest.Sha256;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/**
 * Evaluates the conditions of GET and HEAD for everything that handlers return. Spring itself knows
 * neither {@code If-Match} nor {@code If-None-Match: *}.
 */
@RestControllerAdvice("postern")
final class ConditionalAnswers implements ResponseBodyAdvice<Object> {

    private final JsonMapper json;

    ConditionalAnswers(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(
            MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (!(request instanceof ServletServerHttpRequest asked
                && response instanceof ServletServerHttpResponse answer
                && isReading(asked)
                && answer.getServletResponse().getStatus() == HttpStatus.OK.value())) {
            return body;
        }
        var content =
                returned.hasMethodAnnotation(TaggedByContent.class) ? tagged(body, answer) : body;
        var tag = answer.getHeaders().getETag();
        var conditions = Preconditions.of(asked.getServletRequest());
        if (conditions.notModified(tag)
                || body instanceof Versioned && hasContent(conditions, tag)) {
            answer.setStatusCode(HttpStatus.NOT_MODIFIED);
            if (tag != null) {
                // without a body nothing else would send it
                answer.getServletResponse().setHeader(HttpHeaders.ETAG, tag);
            }
            return null;
        }
        return content;
    }

    /** The JSON that was hashed is sent as it is, and not made once more. */
    private RawValue tagged(@Nullable Object body, ServletServerHttpResponse answer) {
        var text = json.writeValueAsString(body);
        var tag = Sha256.eTag(text);
        var version = body instanceof Versioned versioned ? versioned.version() : null;
        // Weak: by the version alone it is decided that the octets are the same.
        answer.getHeaders()
                .setETag(version == null ? tag : "W/\"" + version + "." + tag.substring(1));
        return new RawValue(text);
    }

    /** The same content is the same answer, also where it has another version now. */
    private static boolean hasContent(Preconditions conditions, @Nullable String tag) {
        return tag != null
                && conditions.hasContent(
                        tag.substring(
                                Math.max(tag.indexOf('"'), tag.indexOf('.')) + 1,
                                tag.length() - 1));
    }

    private static boolean isReading(ServletServerHttpRequest request) {
        return request.getMethod() == HttpMethod.GET || request.getMethod() == HttpMethod.HEAD;
    }
}
