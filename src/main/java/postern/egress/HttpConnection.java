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
     */
    static HttpConnection open(
            Dialer dialer,
            InetAddress address,
            int port,
            String host,
            @Nullable SSLSocketFactory trusted,
            Deadline deadline)
            throws IOException {
        var tcp = dialer.connect(address, port, deadline.left());
        Thread watchdog = null;
        try {
            // Read timeouts do not bound a server that sends an octet now and then.
            var left = deadline.left();
            watchdog = Thread.ofVirtual().start(() -> closeAfter(left, tcp));
            var socket = trusted == null ? tcp : secured(tcp, host, port, trusted);
            return new HttpConnection(tcp, socket, watchdog);
        } catch (IOException | RuntimeException e) {
            if (watchdog != null) {
                watchdog.interrupt();
            }
            tcp.close();
            throw e;
        }
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

    private static SSLSocket secured(Socket tcp, String host, int port, SSLSocketFactory trusted)
            throws IOException {
        var tls = (SSLSocket) trusted.createSocket(tcp, host, port, true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!isLiteral(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        tls.setSSLParameters(parameters);
        tls.startHandshake();
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
