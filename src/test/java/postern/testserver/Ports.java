package postern.testserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports, each of which one server of a test run has. */
public final class Ports {

    private static final int FIRST = 20_000;
    private static final int END = 30_000;

    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /**
     * Listens on a port that no server of an earlier test had: the gateway remembers what it has
     * learned of a host and port.
     */
    public static ServerSocket listen(int backlog) throws IOException {
        var listener = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
        if (TAKEN.add(listener.getLocalPort())) {
            return listener;
        }
        // Closed later, so that another port is found.
        try (listener) {
            return listen(backlog);
        }
    }

    /**
     * A port for another process. It is below the ephemeral ports, so that no connection takes it
     * before that process listens, or while it is down.
     */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (TAKEN.add(port)) {
                    return port;
                }
            } catch (IOException _) {
                // in use: try another
            }
        }
    }
}
