package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/**
 * Ignores Accept below {@code /v1}, where each operation has one media type. Otherwise a client
 * that lists {@code application/problem+json} first, as generated ones do, would get JSON under
 * that name, and no HTML.
 */
final class OneSuccessType implements ContentNegotiationStrategy {

    private final ContentNegotiationStrategy others = new HeaderContentNegotiationStrategy();

    @Override
    public List<MediaType> resolveMediaTypes(NativeWebRequest request)
            throws HttpMediaTypeNotAcceptableException {
        var servlet = request.getNativeRequest(HttpServletRequest.class);
        return servlet != null && PrivateAnswers.isPrivate(servlet)
                ? MEDIA_TYPE_ALL_LIST
                : others.resolveMediaTypes(request);
    }
}
