package postern.testserver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Two sockets and the four virtual threads that forward octets between them. */
final class ProxiedConnection {

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private final Socket client;
    private final Socket server;
    private final Runnable onRoundTrip;
    private final Consumer<ProxiedConnection> onClose;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean clientMaySpeak = new AtomicBoolean(true);
    private final AtomicInteger lanesOpen = new AtomicInteger(2);

    ProxiedConnection(
            Socket client,
            Socket server,
            Runnable onRoundTrip,
            Consumer<ProxiedConnection> onClose) {
        this.client = client;
        this.server = server;
        this.onRoundTrip = onRoundTrip;
        this.onClose = onClose;
    }

    void start(InetSocketAddress address, ProxyDirection toServer, ProxyDirection toClient) {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(address);
            carry(new ProxyLane(client, server, toServer, this::clientSpeaks, () -> {}), toServer);
            carry(
                    new ProxyLane(server, client, toClient, () -> {}, this::clientIsAnswered),
                    toClient);
        } catch (IOException e) {
            close();
        }
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(client);
            closeQuietly(server);
            threads.forEach(Thread::interrupt);
            onClose.accept(this);
        }
    }

    void reset() {
        resetOnClose(client);
        resetOnClose(server);
        close();
    }

    private void carry(ProxyLane lane, ProxyDirection direction) {
        direction.join(lane);
        run(lane::read);
        run(() -> write(lane, direction));
    }

    private void write(ProxyLane lane, ProxyDirection direction)
            throws IOException, InterruptedException {
        try {
            if (!lane.write() || lanesOpen.decrementAndGet() == 0) {
                close();
            }
        } finally {
            direction.leave(lane);
        }
    }

    private void run(Work work) {
        var thread = Thread.ofVirtual().name("proxy-lane").unstarted(() -> closingOnFailure(work));
        threads.add(thread);
        thread.start();
        if (closed.get()) {
            thread.interrupt();
        }
    }

    private void closingOnFailure(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException e) {
            close();
        }
    }

    private void clientSpeaks() {
        if (clientMaySpeak.compareAndSet(true, false)) {
            onRoundTrip.run();
        }
    }

    private void clientIsAnswered() {
        clientMaySpeak.set(true);
    }

    private static void resetOnClose(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // already closed: nothing left to reset
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed either way
        }
    }
}
