package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTPS server whose certificate is for the hosts that a test names. It sends octets as they
 * are, so that an answer may be as bad as a test wants.
 */
public final class FakeWeb implements AutoCloseable {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLServerSocket listener;
    private final Path keys;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> contents = new ConcurrentLinkedQueue<>();

    /** Writes a whole response. */
    @FunctionalInterface
    public interface Answer {

        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private FakeWeb(Path keys, SSLServerSocket listener) {
        this.keys = keys;
        this.listener = listener;
    }

    public static FakeWeb start(String... hosts) {
        try {
            var keys = Files.createTempDirectory("fake-web").resolve("keys.p12");
            var names =
                    List.of(hosts).stream()
                            .map(host -> "dns:" + host)
                            .collect(Collectors.joining(","));
            var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            var made =
                    new ProcessBuilder(
                                    tool,
                                    "-genkeypair",
                                    "-alias",
                                    "web",
                                    "-keyalg",
                                    "EC",
                                    "-dname",
                                    "CN=fake",
                                    "-ext",
                                    "san=" + names,
                                    "-keystore",
                                    keys.toString(),
                                    "-storepass",
                                    new String(PASSWORD))
                            .redirectErrorStream(true)
                            .start();
            made.getInputStream().readAllBytes();
            var context = SSLContext.getInstance("TLS");
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store(keys), PASSWORD);
            context.init(managers.getKeyManagers(), null, null);
            var listener =
                    (SSLServerSocket)
                            context.getServerSocketFactory()
                                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            var server = new FakeWeb(keys, listener);
            Thread.ofVirtual().name("fake-web").start(server::accept);
            return server;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Properties of a Spring SSL bundle that trusts this server. */
    public Map<String, String> bundle(String name) {
        var prefix = "spring.ssl.bundle.jks." + name + ".truststore.";
        return Map.of(
                prefix + "location",
                keys.toUri().toString(),
                prefix + "password",
                new String(PASSWORD));
    }

    /** Creates sockets that trust this server. */
    public SSLSocketFactory trusting() {
        try {
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("web", store(keys).getCertificate("web"));
            managers.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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

    private static KeyStore store(Path keys) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        return store;
    }
}
