package postern.web.coding;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import postern.web.Uncoded;
import postern.web.coding.CompressedAnswers.Rules;

/** Compresses the answers of the handler inside, where client, type and size are right for it. */
final class CompressingHandler extends Handler.Wrapper {

    private static final String GZIP = "gzip";
    private static final String EVENTS = "text/event-stream";

    private final Rules rules;

    CompressingHandler(Handler handler, Rules rules) {
        super(handler);
        this.rules = rules;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // as the handlers see it: without escapes, parameters and dots
        var path = request.getHttpURI().getCanonicalPath();
        if (path == null || path.startsWith(rules.tokens())) {
            return super.handle(request, response, callback);
        }
        var asked = request.getHeaders();
        var plain = CodedTags.plain(asked);
        var inner = plain == null ? request : new PlainTags(request, plain);
        var answer = new Answer(inner, response, asked);
        try {
            return super.handle(inner, answer, Callback.from(callback, answer::end));
        } catch (Exception | Error e) {
            answer.end();
            throw e;
        }
    }

    private boolean compresses(HttpFields asked) {
        var agent = asked.get(HttpHeader.USER_AGENT);
        return agent == null || rules.agents().stream().noneMatch(agent::contains);
    }

    private static final class PlainTags extends Request.Wrapper {

        private final HttpFields headers;

        private PlainTags(Request request, HttpFields headers) {
            super(request);
            this.headers = headers;
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }
    }

    private final class Answer extends Response.Wrapper {

        private final HttpFields asked;
        private boolean decided;
        private @Nullable GzipOctets gzip;

        private Answer(Request request, Response response, HttpFields asked) {
            super(request, response);
            this.asked = asked;
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            if (HttpStatus.isInterim(getStatus())) {
                super.write(last, content, callback);
                return;
            }
            var octets = content == null ? BufferUtil.EMPTY_BUFFER : content;
            if (!decided) {
                decided = true;
                decide(last, octets);
            }
            if (gzip == null) {
                super.write(last, content, callback);
                return;
            }
            var coded = gzip.write(last, octets);
            if (last && !isCommitted()) {
                getHeaders().put(HttpHeader.CONTENT_LENGTH, coded.remaining());
            }
            super.write(last, coded, callback);
        }

        private void decide(boolean last, ByteBuffer content) {
            var headers = getHeaders();
            var tag = headers.get(HttpHeader.ETAG);
            if (getStatus() == HttpStatus.NOT_MODIFIED_304) {
                if (!isFile()) {
                    vary(headers);
                }
                if (tag != null) {
                    var unless = asked.getValuesList(HttpHeader.IF_NONE_MATCH);
                    headers.put(HttpHeader.ETAG, CodedTags.known(tag, unless));
                }
                return;
            }
            if (!isCodable(headers)) {
                return;
            }
            vary(headers);
            if (last && BufferUtil.isEmpty(content) || !wants(size(last, content, headers))) {
                return;
            }
            gzip = new GzipOctets();
            headers.put(HttpHeader.CONTENT_ENCODING, GZIP);
            headers.remove(HttpHeader.CONTENT_LENGTH);
            headers.remove(HttpHeader.ACCEPT_RANGES);
            if (tag != null) {
                headers.put(HttpHeader.ETAG, CodedTags.coded(tag));
            }
        }

        private boolean isFile() {
            return getRequest().getAttribute(Uncoded.ATTRIBUTE) != null;
        }

        private boolean isCodable(HttpFields headers) {
            var type = headers.get(HttpHeader.CONTENT_TYPE);
            var plain = type == null ? null : MimeTypes.getContentTypeWithoutCharset(type);
            return plain != null
                    && rules.types().contains(plain)
                    && !plain.equals(EVENTS)
                    && !isFile()
                    && getStatus() != HttpStatus.PARTIAL_CONTENT_206
                    && !headers.contains(HttpHeader.CONTENT_RANGE)
                    && !headers.contains(HttpHeader.CONTENT_ENCODING);
        }

        /** -1 where it is not known yet. */
        private static long size(boolean last, ByteBuffer content, HttpFields headers) {
            return last ? content.remaining() : headers.getLongField(HttpHeader.CONTENT_LENGTH);
        }

        private boolean wants(long size) {
            var codings = AcceptedCodings.of(asked.getValuesList(HttpHeader.ACCEPT_ENCODING));
            return codings.gzip()
                    && compresses(asked)
                    && (size < 0 || size >= rules.smallest() || !codings.identity());
        }

        private static void vary(HttpFields.Mutable headers) {
            if (headers.getCSV(HttpHeader.VARY, false).stream()
                    .noneMatch(HttpHeader.ACCEPT_ENCODING::is)) {
                headers.add(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
            }
        }

        private void end() {
            if (gzip != null) {
                gzip.close();
            }
        }
    }
}
