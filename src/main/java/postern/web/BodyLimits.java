package postern.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Bounds the heap that a request body takes, since unauthenticated callers can send one to log in.
 * A body whose Content-Length exceeds the limit is refused unread.
 */
@RestControllerAdvice
final class BodyLimits extends RequestBodyAdviceAdapter {

    private final long maxJson;

    BodyLimits(BodyProperties properties) {
        this.maxJson = properties.maxJson().toBytes();
    }

    @Override
    public boolean supports(
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage body,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        long limit = limit(parameter.getParameterType());
        if (body.getHeaders().getContentLength() > limit) {
            throw tooBig(limit);
        }
        return new Limited(body, limit);
    }

    private long limit(Class<?> type) {
        var own = type.getAnnotation(LargestBody.class);
        return own == null ? maxJson : Math.min(own.octets(), maxJson);
    }

    private static ProblemException tooBig(long limit) {
        return new ProblemException(
                ProblemCode.REQUEST_TOO_BIG,
                "the JSON body must not be larger than %d octets".formatted(limit));
    }

    private record Limited(HttpInputMessage message, long limit) implements HttpInputMessage {

        @Override
        public InputStream getBody() throws IOException {
            return new LimitedStream(message.getBody(), limit);
        }

        @Override
        public HttpHeaders getHeaders() {
            return message.getHeaders();
        }
    }

    /** Fails at the first octet beyond the limit. */
    private static final class LimitedStream extends FilterInputStream {

        private final long limit;
        private long left;

        private LimitedStream(InputStream in, long limit) {
            super(in);
            this.limit = limit;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int some = super.read(target, offset, length);
            count(Math.max(0, some));
            return some;
        }

        @Override
        public long skip(long octets) throws IOException {
            long skipped = super.skip(octets);
            count(skipped);
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private void count(long octets) {
            left -= octets;
            if (left < 0) {
                throw tooBig(limit);
            }
        }
    }
}
