package postern.imap.angus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sockets of one connection and remembers the one in use, since Angus keeps it private.
 */
final class TrackedSockets {

    private final SSLSocketFactory trusted;
    private volatile @Nullable Socket current;

    /**
     * @param trusted makes the TLS sockets
     */
    TrackedSockets(SSLSocketFactory trusted) {
        this.trusted = trusted;
    }

    Socket current() {
        var socket = current;
        if (socket == null) {
            throw new IllegalStateException("not connected yet");
        }
        return socket;
    }

    /** Ends the connection whatever any thread does with it. */
    void close() {
        var socket = current;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException _) {
                // it is of no use either way
            }
        }
    }

    private <S extends Socket> S track(S socket) {
        current = socket;
        return socket;
    }

    SocketFactory plain() {
        return new Plain();
    }

    SSLSocketFactory tls() {
        return new Tls();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("Angus connects its sockets itself");
    }

    private final class Plain extends SocketFactory {

        @Override
        public Socket createSocket() throws SocketException {
            var socket = new Socket();
            // Commands are small and pipelined; each must leave at once.
            socket.setTcpNoDelay(true);
            return track(socket);
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
            track(plain); // so that a handshake which hangs can be ended
            return track(trusted.createSocket(plain, host, port, autoClose));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return trusted.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return trusted.getSupportedCipherSuites();
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
