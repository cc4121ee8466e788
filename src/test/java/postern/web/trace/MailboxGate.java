package postern.web.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import postern.testserver.Ports;
import postern.testserver.TestServer;

/**
 * Before a mail server: holds back the first connection that opens a mailbox until a second one,
 * which has logged in by then, opens one as well.
 */
final class MailboxGate implements AutoCloseable {

    private final TestServer server;
    private final ServerSocket listener = Ports.listen(100);
    private final CountDownLatch arrivals = new CountDownLatch(2);
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    MailboxGate(TestServer server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (true) {
                var client = listener.accept();
                var upstream = new Socket(server.host(), server.port());
                sockets.addAll(List.of(client, upstream));
                Thread.ofVirtual().start(() -> answers(upstream, client));
                Thread.ofVirtual().start(() -> commands(client, upstream));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void answers(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // one of them has gone
        }
    }

    private void commands(Socket from, Socket to) {
        boolean arrived = false;
        try (from;
                to) {
            var in = new BufferedInputStream(from.getInputStream());
            for (var line = line(in); line != null; line = line(in)) {
                if (!arrived
                        && new String(line, ISO_8859_1).matches("(?s)\\S+ (SELECT|EXAMINE) .*")) {
                    arrived = true;
                    arrivals.countDown();
                    if (!arrivals.await(30, TimeUnit.SECONDS)) {
                        return; // no second connection: the request fails, and so does the test
                    }
                }
                to.getOutputStream().write(line);
            }
        } catch (IOException _) {
            // one of them has gone
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** With its end; null at the end of the stream. */
    private static byte @Nullable [] line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            line.write(octet);
            if (octet == '\n') {
                return line.toByteArray();
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
