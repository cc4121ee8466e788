package postern.web.connector;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Leaves connections open at the end of the process until clients have read what was answered.
 * Spring Boot waits until sockets have taken it: closed then, a connection of HTTP/2 is reset when
 * the client opens its window again, and what sockets of a container hold is lost with its network.
 *
 * <p>A client of HTTP/2 has read everything when it acknowledges a PING that was sent after it (RFC
 * 9113 §6.7), which one without unread answers does at once. For HTTP/1.1 it is enough that the
 * client's TCP has everything, because such a client sends nothing while it reads.
 */
@Component
final class UnreadAnswers
        implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>,
                Connection.Listener,
                SmartLifecycle {

    private static final long BETWEEN_LOOKS_MILLIS = 50;

    private final Duration grace;
    private final Map<Session, State> connections = new ConcurrentHashMap<>();
    private final Set<NetworkConnector> connectors = ConcurrentHashMap.newKeySet();
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private volatile boolean running;
    private volatile long began;

    /** Whether a client of HTTP/2 has read everything. */
    private enum State {
        NOT_ASKED,
        ASKED,
        HAS_READ
    }

    UnreadAnswers(ServerProperties server, LifecycleProperties lifecycle) {
        grace =
                server.getShutdown() == Shutdown.GRACEFUL
                        ? lifecycle.getTimeoutPerShutdownPhase()
                        : Duration.ZERO;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            for (var connector : server.getConnectors()) {
                if (connector instanceof NetworkConnector network) {
                    connectors.add(network);
                }
            }
        });
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HTTP2ServerConnection http2) {
            connections.put(http2.getSession(), State.NOT_ASKED);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HTTP2ServerConnection http2) {
            connections.remove(http2.getSession());
        }
    }

    /** Of a client, or its acknowledgement of ours. */
    void onPing(Session session, PingFrame frame) {
        if (frame.isReply()) {
            connections.replace(session, State.ASKED, State.HAS_READ);
        }
    }

    /** From now on answers have the grace; ports are not known when they are closed. */
    void graceBegins() {
        began = System.nanoTime();
        connectors.forEach(it -> ports.add(it.getLocalPort()));
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            while (System.nanoTime() - began < grace.toNanos() && isAnyUnread()) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAnyUnread() {
        boolean unread = false;
        var gone = new HashSet<Integer>();
        for (var row : TcpTable.ofPorts(ports)) {
            if (row.isGone()) {
                gone.add(row.clientPort());
            } else {
                unread |= row.unacknowledged() > 0;
            }
        }
        for (var session : connections.keySet()) {
            unread |= isUnread(session) && !gone.contains(port(session));
        }
        return unread;
    }

    private boolean isUnread(Session session) {
        if (!session.getStreams().isEmpty()) {
            return true;
        }
        if (connections.replace(session, State.NOT_ASKED, State.ASKED)) {
            session.ping(new PingFrame(false), Callback.NOOP);
        }
        return connections.get(session) == State.ASKED;
    }

    private static int port(Session session) {
        return session.getRemoteSocketAddress() instanceof InetSocketAddress client
                ? client.getPort()
                : -1;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After Spring Boot has waited for what is under way, and before it stops the web server. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - 1;
    }
}
