package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTPS server whose certificate is for the hosts that a test names. It sends octets as they
 * are, so that an answer may be as bad as a test wants.
 */
public final class FakeWeb implements AutoCloseable {

    private final SSLServerSocket listener;
    private final SelfSignedCertificate certificate;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> contents = new ConcurrentLinkedQueue<>();

    /** Writes a whole response. */
    @FunctionalInterface
    public interface Answer {

        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private FakeWeb(SelfSignedCertificate certificate, SSLServerSocket listener) {
        this.certificate = certificate;
        this.listener = listener;
    }

    public static FakeWeb start(String... hosts) {
        try {
            var certificate =
                    SelfSignedCertificate.of(Stream.of(hosts).map(host -> "dns:" + host).toList());
            var listener =
                    (SSLServerSocket)
                            certificate
                                    .context()
                                    .getServerSocketFactory()
                                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            var server = new FakeWeb(certificate, listener);
            Thread.ofVirtual().name("fake-web").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Properties of a Spring SSL bundle that trusts this server. */
    public Map<String, String> bundle(String name) {
        return certificate.bundle(name);
    }

    /** Creates sockets that trust this server. */
    public SSLSocketFactory trusting() {
        return certificate.context().getSocketFactory();
    }

    /** A URL without its scheme, such as {@code "example.org/file"}, and what it answers. */
    public FakeWeb answers(String url, Answer answer) {
        answers.put(url, answer);
        return this;
    }

    public FakeWeb file(String url, String content) {
        return answers(
                url,
                head("200 OK", "Content-Length: " + content.getBytes(ISO_8859_1).length)
                        .followedBy(content));
    }

    /** A status line and header fields. */
    public static Head head(String status, String... fields) {
        var text = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (var field : fields) {
            text.append(field).append("\r\n");
        }
        return new Head(text + "\r\n");
    }

    /** The head of a response. */
    public record Head(String text) implements Answer {

        public Answer followedBy(String body) {
            return out -> out.write((text + body).getBytes(ISO_8859_1));
        }

        @Override
        public void write(OutputStream out) throws IOException {
            out.write(text.getBytes(ISO_8859_1));
        }
    }

    /** The URLs that were asked for, without scheme. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** What followed the request lines: header fields, an empty line, and the body if any. */
    public List<String> contents() {
        return List.copyOf(contents);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = (SSLSocket) listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            var url = read(socket.getInputStream());
            if (url != null) {
                requests.add(url);
                answers.getOrDefault(url, head("404 Not Found", "Content-Length: 0"))
                        .write(socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (IOException _) {
            // the client has gone, which is what some tests are about
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String read(InputStream in) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(in, ISO_8859_1));
        var request = lines.readLine();
        var host = "";
        var content = new StringBuilder();
        int length = 0;
        for (var line = lines.readLine();
                line != null && !line.isEmpty();
                line = lines.readLine()) {
            content.append(line).append('\n');
            if (line.startsWith("Host: ")) {
                host = line.substring("Host: ".length());
            } else if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring("Content-Length: ".length()));
            }
        }
        content.append('\n');
        for (; length > 0; length--) {
            content.append((char) lines.read());
        }
        contents.add(content.toString());
        return request == null ? null : host + request.split(" ")[1];
    }
}
