package postern.egress;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A connection for one request, to an address that the caller has judged. */
final class HttpConnection implements Closeable {

    private final Socket tcp;
    private final Socket socket;
    private final Thread watchdog;

    private HttpConnection(Socket tcp, Socket socket, Thread watchdog) {
        this.tcp = tcp;
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /**
     * Opens one; it is cut at the deadline, whatever it does then.
     *
     * @param trusted creates TLS sockets that check certificates; null for a connection without TLS
     * @param connected by when it must be open, TLS included; not after the deadline
     */
    static HttpConnection open(
            Dialer dialer,
            InetAddress address,
            int port,
            String host,
            @Nullable SSLSocketFactory trusted,
            Deadline connected,
            Deadline deadline)
            throws IOException {
        var tcp = dialer.connect(address, port, connected.left());
        try {
            var socket = trusted == null ? tcp : secured(tcp, host, port, trusted, connected);
            return new HttpConnection(tcp, socket, watchdog(tcp, deadline));
        } catch (IOException | RuntimeException e) {
            tcp.close();
            throw e;
        }
    }

    /** Read timeouts do not bound a server that sends an octet now and then. */
    private static Thread watchdog(Socket tcp, Deadline deadline) throws IOException {
        var left = deadline.left();
        return Thread.ofVirtual().start(() -> closeAfter(left, tcp));
    }

    /** Sends a request; the stream has the response. */
    InputStream send(byte[]... request) throws IOException {
        for (var part : request) {
            socket.getOutputStream().write(part);
        }
        socket.getOutputStream().flush();
        return new BufferedInputStream(socket.getInputStream());
    }

    @Override
    public void close() throws IOException {
        watchdog.interrupt();
        try {
            socket.close();
        } finally {
            tcp.close();
        }
    }

    private static SSLSocket secured(
            Socket tcp, String host, int port, SSLSocketFactory trusted, Deadline connected)
            throws IOException {
        var tls = (SSLSocket) trusted.createSocket(tcp, host, port, true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!isLiteral(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        tls.setSSLParameters(parameters);
        var watchdog = watchdog(tcp, connected);
        try {
            tls.startHandshake();
        } finally {
            watchdog.interrupt();
        }
        return tls;
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    private static void closeAfter(Duration time, Socket tcp) {
        try {
            Thread.sleep(time);
            tcp.close();
        } catch (InterruptedException | IOException _) {
            // the answer was complete in time, or the socket is closed
        }
    }
}
