package postern.web.body;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Lets a client read the answer to a request whose head the web server refuses, such as one with a
 * URL that is too long, while it still sends the body. Jetty would close the connection at once,
 * which resets it, and the client may lose the answer. The output is closed instead, and what comes
 * is discarded until the client closes, too (RFC 9112 §9.6). Other requests: {@link UnreadBodies}.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // after the handler of errors has been set
final class UnreadableRequests
        implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    /** The attribute of a request whose head was read, so that its body can be. */
    private static final String READABLE = UnreadableRequests.class.getName();

    private static final int AT_ONCE = 16 << 10;

    static void markReadable(Request request) {
        request.setAttribute(READABLE, true);
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            var errors = requireNonNull(server.getErrorHandler());
            server.setErrorHandler((request, response, callback) ->
                    errors.handle(request, response, afterAnswer(request, callback)));
        });
    }

    private static Callback afterAnswer(Request request, Callback callback) {
        return request.getAttribute(READABLE) != null || IncomingBody.isMultiplexed(request)
                ? callback
                : Callback.from(() -> new Rest(request, callback).discard(), callback::failed);
    }

    /** What the client still sends. Nobody else reads from the connection any more. */
    private static final class Rest implements Callback {

        private final Request request;
        private final EndPoint connection;
        private final Callback callback;
        private final ByteBuffer octets = BufferUtil.allocate(AT_ONCE);
        private final AtomicBoolean ended = new AtomicBoolean();
        private final long end = System.nanoTime() + IncomingBody.LONGEST.toNanos();
        private volatile long read;

        private Rest(Request request, Callback callback) {
            this.request = request;
            this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
            this.callback = callback;
        }

        private void discard() {
            connection.shutdownOutput();
            watch(0);
            succeeded();
        }

        /** Something can be read. */
        @Override
        public void succeeded() {
            try {
                while (read < IncomingBody.MOST) {
                    BufferUtil.clear(octets);
                    int some = connection.fill(octets);
                    if (some == 0) {
                        connection.fillInterested(this);
                        return;
                    }
                    if (some < 0) {
                        break;
                    }
                    read += some;
                }
            } catch (IOException | RuntimeException _) {
                // the client is gone
            }
            leave();
        }

        @Override
        public void failed(Throwable gone) {
            leave();
        }

        private void leave() {
            if (ended.compareAndSet(false, true)) {
                callback.succeeded();
            }
        }

        /** Closes the connection of a client that is quiet or does not stop. */
        private void watch(long before) {
            request.getComponents()
                    .getScheduler()
                    .schedule(
                            () -> {
                                if (ended.get()) {
                                    return;
                                }
                                if (read > before && System.nanoTime() < end) {
                                    watch(read);
                                } else {
                                    connection.close(); // whoever waits for octets is told
                                }
                            },
                            IncomingBody.QUIET.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }
}
