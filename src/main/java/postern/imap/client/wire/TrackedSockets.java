package postern.imap.client.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sockets of one connection and remembers the current one, since Angus keeps it
 * private. They connect to the server whatever address Angus gives them: it would resolve the name
 * itself, also where a proxy does that.
 */
public final class TrackedSockets {

    private final Supplier<InetSocketAddress> server;
    private final boolean beginsWithTls;
    private final Supplier<Socket> tcpSockets;
    private final SSLSocketFactory tlsSockets;
    private @Nullable InetSocketAddress connectedTo;
    private volatile @Nullable Socket current;
    private volatile @Nullable Socket transport;
    private volatile boolean established;
    private volatile boolean closed;

    /**
     * @param server the address to connect to; the server's certificate must be for its host name
     * @param beginsWithTls whether the first octets are already protected
     * @param tcpSockets creates unconnected sockets
     * @param tlsSockets creates the TLS sockets above them
     */
    public TrackedSockets(
            Supplier<InetSocketAddress> server,
            boolean beginsWithTls,
            Supplier<Socket> tcpSockets,
            SSLSocketFactory tlsSockets) {
        this.server = server;
        this.beginsWithTls = beginsWithTls;
        this.tcpSockets = tcpSockets;
        this.tlsSockets = tlsSockets;
    }

    public Socket current() {
        var socket = current;
        if (socket == null) {
            throw new IllegalStateException("not connected yet");
        }
        return socket;
    }

    /** Whether there is a connection, with TLS where it begins with that. */
    public boolean established() {
        return established;
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
        closed = true;
        var socket = transport;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException _) {
                // the connection is abandoned anyway
            }
        }
    }

    /** The sockets that Angus connects. */
    public SocketFactory connecting() {
        return new ConnectingSockets();
    }

    /** The sockets that Angus puts above connected ones after STARTTLS. */
    public SSLSocketFactory startTls() {
        return new StartTlsSockets();
    }

    private Socket connect(int timeoutMillis, int readTimeoutMillis) throws IOException {
        var address = server.get();
        var socket = tcpSockets.get();
        transport = socket;
        if (closed) { // while the name was looked up
            socket.close();
        }
        // Commands are small and pipelined; each must be sent at once.
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(readTimeoutMillis);
        socket.connect(address, timeoutMillis);
        connectedTo = address;
        current = socket;
        if (beginsWithTls) {
            var protectedSocket = protect(socket, address);
            protectedSocket.startHandshake();
            established = true;
            return protectedSocket;
        }
        established = true;
        return socket;
    }

    private SSLSocket protect(Socket socket, InetSocketAddress address) throws IOException {
        var protectedSocket =
                (SSLSocket)
                        tlsSockets.createSocket(
                                socket, address.getHostString(), address.getPort(), true);
        var parameters = protectedSocket.getSSLParameters();
        // checks that the certificate is for the host (RFC 9525)
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        protectedSocket.setSSLParameters(parameters);
        current = protectedSocket;
        return protectedSocket;
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("Angus connects its sockets itself");
    }

    /** What Angus connects: passes on to the socket that is connected in its place. */
    private final class ConnectingSocket extends Socket {

        private @Nullable Socket connected;
        private int readTimeoutMillis;

        @Override
        public void connect(SocketAddress ignored) throws IOException {
            connect(ignored, 0);
        }

        @Override
        public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
            connected = TrackedSockets.this.connect(timeoutMillis, readTimeoutMillis);
        }

        private Socket connected() throws SocketException {
            if (connected == null) {
                throw new SocketException("not connected");
            }
            return connected;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return connected().getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return connected().getOutputStream();
        }

        @Override
        public void setSoTimeout(int millis) throws SocketException {
            readTimeoutMillis = millis;
            if (connected != null) {
                connected.setSoTimeout(millis);
            }
        }

        @Override
        public int getSoTimeout() {
            return readTimeoutMillis;
        }

        @Override
        public void close() throws IOException {
            TrackedSockets.this.close();
            super.close();
        }
    }

    private final class ConnectingSockets extends SocketFactory {

        @Override
        public Socket createSocket() {
            return new ConnectingSocket();
        }

        @Override
        public Socket createSocket(String name, int number) {
            throw unused();
        }

        @Override
        public Socket createSocket(String name, int number, InetAddress local, int localPort) {
            throw unused();
        }

        @Override
        public Socket createSocket(InetAddress address, int number) {
            throw unused();
        }

        @Override
        public Socket createSocket(
                InetAddress address, int number, InetAddress local, int localPort) {
            throw unused();
        }
    }

    private final class StartTlsSockets extends SSLSocketFactory {

        @Override
        public Socket createSocket(Socket socket, String name, int number, boolean autoClose)
                throws IOException {
            return protect(current(), Objects.requireNonNull(connectedTo));
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
        public Socket createSocket(String name, int number) {
            throw unused();
        }

        @Override
        public Socket createSocket(String name, int number, InetAddress local, int localPort) {
            throw unused();
        }

        @Override
        public Socket createSocket(InetAddress address, int number) {
            throw unused();
        }

        @Override
        public Socket createSocket(
                InetAddress address, int number, InetAddress local, int localPort) {
            throw unused();
        }
    }
}
