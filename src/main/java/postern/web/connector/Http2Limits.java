package postern.web.connector;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.component.Graceful;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sets what a connection of HTTP/2 may take, and tells its clients when the gateway ends. Jetty
 * itself ends connections that send more than 128 resets, settings, pings or empty frames in a
 * second.
 */
@Component
final class Http2Limits
        implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, SmartLifecycle {

    private static final int STREAMS = 128;

    /**
     * What a client may send of a body before the gateway reads it. It is the default of the
     * protocol (RFC 9113 §6.9.2), so that no client has to correct the windows of streams that it
     * has begun already; Jetty's own client can then send an octet too many.
     */
    private static final int STREAM_WINDOW = FlowControlStrategy.DEFAULT_WINDOW_SIZE;

    private final UnreadAnswers unread;
    private final List<Graceful> sessions = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    Http2Limits(UnreadAnswers unread) {
        this.unread = unread;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            for (var connector : server.getConnectors()) {
                if (connector instanceof AbstractConnector ours) {
                    // their order is that of preference
                    ours.setConnectionFactories(
                            ours.getConnectionFactories().stream().map(this::limited).toList());
                }
            }
        });
    }

    private ConnectionFactory limited(ConnectionFactory protocol) {
        if (!(protocol instanceof AbstractHTTP2ServerConnectionFactory before)) {
            return protocol;
        }
        var configuration = HeaderLimit.of(before.getHttpConfiguration());
        var http2 =
                before instanceof HTTP2CServerConnectionFactory
                        ? new PriorKnowledge(configuration, unread)
                        : new OverTls(configuration, unread);
        http2.setInputBufferSize(before.getInputBufferSize());
        limit(http2);
        http2.addEventListener(new FreshChannels());
        http2.addEventListener(new StalledWrites());
        http2.addEventListener(unread);
        sessions.addAll(http2.getBeans(Graceful.class));
        return http2;
    }

    private static void limit(AbstractHTTP2ServerConnectionFactory http2) {
        http2.setMaxConcurrentStreams(STREAMS);
        http2.setInitialStreamRecvWindow(STREAM_WINDOW);
        // bodies that wait for the mail server must not stop those of other streams
        http2.setInitialSessionRecvWindow(STREAMS * STREAM_WINDOW);
        http2.setFlowControlStrategyFactory(UnreadFrames::new);
        // there are no web sockets
        http2.setConnectProtocolEnabled(false);
    }

    @Override
    public void start() {
        running = true;
    }

    /**
     * Sends GOAWAY, so that clients send their next requests elsewhere. What is under way goes on,
     * and what was sent before they read it is answered (RFC 9113 §6.8).
     */
    @Override
    public void stop() {
        running = false;
        unread.graceBegins();
        for (var it : sessions) {
            var _ = it.shutdown();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the drain, and before the web server waits for what is under way. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }

    /** What {@link PriorKnowledge} is in the clear. */
    private static final class OverTls extends HTTP2ServerConnectionFactory {

        private final UnreadAnswers unread;

        private OverTls(HttpConfiguration configuration, UnreadAnswers unread) {
            super(configuration);
            this.unread = unread;
        }

        @Override
        protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
            return new HTTPServerSessionListener(endPoint) {

                @Override
                public void onPing(Session session, PingFrame frame) {
                    unread.onPing(session, frame);
                }
            };
        }
    }

    /**
     * Has no request use the objects of one before: what still writes to a stream of events that
     * its client has left must never write to somebody else.
     */
    private static final class FreshChannels implements Connection.Listener {

        @Override
        public void onOpened(Connection connection) {
            if (connection instanceof HTTP2ServerConnection http2) {
                http2.setRecycleHttpChannels(false);
            }
        }
    }
}
