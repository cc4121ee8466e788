package postern.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on loopback that delays, cuts, stalls, trickles and falsifies traffic. Every fault
 * can be set and lifted while connections are open, and applies to open and later connections.
 */
public final class FaultyProxy implements AutoCloseable {

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final ProxyDirection toServer = new ProxyDirection();
    private final ProxyDirection toClient = new ProxyDirection();
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong roundTrips = new AtomicLong();
    private final Thread acceptor =
            Thread.ofVirtual().name("proxy-accept").unstarted(this::acceptAll);

    private FaultyProxy(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /** Starts a proxy on a free loopback port that forwards everything to this server. */
    public static FaultyProxy inFrontOf(String host, int port) {
        try {
            var listener = Ports.listen(1_000);
            var proxy = new FaultyProxy(new InetSocketAddress(host, port), listener);
            proxy.acceptor.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The faults of the direction from the client to the server. */
    public ProxyDirection toServer() {
        return toServer;
    }

    /** The faults of the direction from the server to the client. */
    public ProxyDirection toClient() {
        return toClient;
    }

    /** Delays each direction by half of this time. */
    public FaultyProxy roundTripTime(Duration roundTrip) {
        toServer.delay(roundTrip.dividedBy(2));
        toClient.delay(roundTrip.dividedBy(2));
        return this;
    }

    /** Closes both sides of all open connections; octets in transit are lost. */
    public void cut() {
        open.forEach(ProxiedConnection::close);
    }

    /** Resets (RST) both sides of all open connections. */
    public void reset() {
        open.forEach(ProxiedConnection::reset);
    }

    /** Number of connections so far. */
    public long connections() {
        return connections.get();
    }

    /** Number of connections that neither side has closed yet. */
    public int openConnections() {
        return open.size();
    }

    /**
     * The number of times that a client sent something after it had received something. All that a
     * client sends before the first response reaches it counts as one round trip, so with a delay
     * the count does not depend on how the client splits its writes.
     */
    public long roundTrips() {
        return roundTrips.get();
    }

    @Override
    public void close() {
        try {
            listener.close();
            // the port refuses connections only after a pending accept has returned
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cut();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().name("proxy-connect").start(() -> connect(client));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void connect(Socket client) {
        var connection =
                new ProxiedConnection(
                        client, new Socket(), roundTrips::incrementAndGet, open::remove);
        open.add(connection);
        connection.start(server, toServer, toClient);
        if (listener.isClosed()) {
            connection.close();
        }
    }
}
