package postern.imap.client.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import postern.testserver.Ports;
import postern.testserver.RealServer;

/**
 * A proxy between one client and a server that injects a line directly after the server's OK to
 * STARTTLS, where nothing is protected yet (CVE-2011-0411). Everything else is passed unchanged.
 */
final class StartTlsInjector implements AutoCloseable {

    private final ServerSocket listener;
    private final Socket server;
    private final byte[] line;

    private StartTlsInjector(ServerSocket listener, Socket server, String line) {
        this.listener = listener;
        this.server = server;
        this.line = line.getBytes(ISO_8859_1);
    }

    static StartTlsInjector inFrontOf(RealServer server, String line) throws IOException {
        var injector =
                new StartTlsInjector(
                        Ports.listen(1), new Socket(server.host(), server.port()), line);
        Thread.ofVirtual().name("starttls-injector").start(injector::serve);
        return injector;
    }

    String host() {
        return listener.getInetAddress().getHostAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        try (var client = listener.accept()) {
            client.getOutputStream().write(line(server.getInputStream()));
            var command = line(client.getInputStream());
            server.getOutputStream().write(command);
            client.getOutputStream().write(joined(line(server.getInputStream()), line));
            Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
        } catch (IOException e) {
            // one side has closed the connection
        }
    }

    private static byte[] line(InputStream in) throws IOException {
        var line = new StringBuilder();
        while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("left within a line");
            }
            line.append((char) octet);
        }
        return line.toString().getBytes(ISO_8859_1);
    }

    /** One array for a single write, so that one read of the client gets both. */
    private static byte[] joined(byte[] first, byte[] second) {
        var both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side has closed the connection
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        server.close();
    }
}
