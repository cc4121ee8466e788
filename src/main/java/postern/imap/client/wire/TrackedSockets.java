package postern.imap.client.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sockets of one connection and remembers the current one, since Angus keeps it
 * private.
 */
public final class TrackedSockets {

    private final SSLSocketFactory tlsSockets;
    private volatile @Nullable Socket current;
    private volatile @Nullable Socket transport;

    /**
     * @param tlsSockets creates the TLS sockets
     */
    public TrackedSockets(SSLSocketFactory tlsSockets) {
        this.tlsSockets = tlsSockets;
    }

    public Socket current() {
        var socket = current;
        if (socket == null) {
            throw new IllegalStateException("not connected yet");
        }
        return socket;
    }

    /** Sets how long the server may send nothing while it is being read. */
    public void readTimeout(Duration time) throws SocketException {
        current().setSoTimeout(Math.toIntExact(time.toMillis()));
    }

    /**
     * Closes the connection, whatever other threads do with it. It closes the TCP socket below TLS,
     * since closing the TLS socket would first wait to send close_notify.
     */
    public void close() {
        var socket = transport;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException _) {
                // the connection is abandoned anyway
            }
        }
    }

    public SocketFactory plain() {
        return new Plain();
    }

    public SSLSocketFactory tls() {
        return new Tls();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("Angus connects its sockets itself");
    }

    private final class Plain extends SocketFactory {

        @Override
        public Socket createSocket() throws SocketException {
            var socket = new Socket();
            // Commands are small and pipelined; each must be sent at once.
            socket.setTcpNoDelay(true);
            transport = socket;
            current = socket;
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw unused();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw unused();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw unused();
        }

        @Override
        public Socket createSocket(
                InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw unused();
        }
    }

    private final class Tls extends SSLSocketFactory {

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
                throws IOException {
            plain.setTcpNoDelay(true);
            transport = plain;
            var socket = tlsSockets.createSocket(plain, host, port, autoClose);
            current = socket;
            return socket;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return tlsSockets.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tlsSockets.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw unused();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw unused();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw unused();
        }

        @Override
        public Socket createSocket(
                InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw unused();
        }
    }
}
