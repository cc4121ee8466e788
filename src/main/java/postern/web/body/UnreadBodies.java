package postern.web.body;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets a client read the response to a request whose body was still being sent, since the request
 * was refused or its idempotency key has a recorded response. Closing a connection with unread
 * octets resets it, and the client may lose the response. The end of a small body is therefore
 * awaited before the response is sent; otherwise the response announces that the connection closes,
 * and the rest is read and discarded (RFC 9112 §9.6). Both are bounded in octets and time: {@link
 * IncomingBody}.
 */
@Component
final class UnreadBodies implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private final IncomingBodyProperties properties;

    UnreadBodies(IncomingBodyProperties properties) {
        this.properties = properties;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(
                server -> server.setHandler(new Reader(server.getHandler(), properties)));
    }

    private static final class Reader extends Handler.Wrapper {

        private final IncomingBodyProperties properties;

        private Reader(Handler handler, IncomingBodyProperties properties) {
            super(handler);
            this.properties = properties;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
            UnreadableRequests.markReadable(request);
            var body = IncomingBody.begin(request, properties);
            if (body == null) {
                return super.handle(request, response, callback);
            }
            var answer = new Answer(body, response);
            var end = new AfterBody(body, callback);
            try {
                if (!super.handle(body, answer, end)) {
                    Response.writeError(body, answer, end, 404);
                }
            } catch (Exception e) {
                Response.writeError(body, answer, end, e);
            }
            return true;
        }
    }

    /** Ends the exchange after the client has had time to read the response. */
    private static final class AfterBody extends Callback.Nested {

        private final IncomingBody body;

        private AfterBody(IncomingBody body, Callback callback) {
            super(callback);
            this.body = body;
        }

        @Override
        public void succeeded() {
            body.discard(() -> {
                body.release();
                super.succeeded();
            });
        }

        @Override
        public void failed(Throwable failure) {
            body.release();
            super.failed(failure);
        }
    }

    /** Decides before the first octet is sent whether the connection persists. */
    private static final class Answer extends Response.Wrapper {

        private final IncomingBody body;

        private Answer(IncomingBody body, Response response) {
            super(body, response);
            this.body = body;
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            if (isCommitted() || body.ended()) {
                super.write(last, content, callback);
            } else if (last) {
                // nobody reads the body any more
                body.awaitEnd(() -> begin(true, content, callback));
            } else {
                begin(false, content, callback);
            }
        }

        private void begin(boolean last, @Nullable ByteBuffer content, Callback callback) {
            if (body.endsConnection()) {
                getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            }
            super.write(last, content, callback);
        }
    }
}
