package postern.testbrowser;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import postern.testserver.Ports;

/**
 * A web server on loopback under all names. It has pages that a test names, and remembers every
 * connection, also those on which nothing was asked.
 */
public final class Site implements AutoCloseable {

    private static final String NOTHING = "(nothing)";

    private final ServerSocket listener;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Function<String, Page> otherwise = _ -> new Page("text/plain", "");

    /** A file and its media type. */
    public record Page(String type, String content) {}

    private Site(ServerSocket listener) {
        this.listener = listener;
    }

    public static Site start() {
        try {
            var site = new Site(Ports.listen(200));
            Thread.ofVirtual().name("site").start(site::accept);
            return site;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Its origin under this name. */
    public String origin(String host) {
        return "http://%s:%d".formatted(host, port());
    }

    public Site page(String path, String html) {
        pages.put(path, new Page("text/html; charset=utf-8", html));
        return this;
    }

    /** What it answers for all other paths. */
    public Site otherwise(Function<String, Page> pageOf) {
        otherwise = pageOf;
        return this;
    }

    /** Forgets what it was asked. */
    public Site forget() {
        requests.clear();
        return this;
    }

    /** Methods and paths, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
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
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var octets = new PushbackInputStream(socket.getInputStream());
            int first = octets.read();
            if (first < 'A' || first > 'Z') {
                // TLS, or a connection that was opened in advance
                requests.add(NOTHING);
                return;
            }
            octets.unread(first);
            var in = new BufferedReader(new InputStreamReader(octets, ISO_8859_1));
            var request = in.readLine();
            if (request == null || request.split(" ").length < 2) {
                requests.add(NOTHING);
                return;
            }
            var words = request.split(" ");
            requests.add(words[0] + " " + words[1]);
            int length = 0;
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
                }
            }
            long _ = in.skip(length);
            var path = words[1].split("[?#]")[0];
            var page = pages.getOrDefault(path, otherwise.apply(path));
            var content = page.content().getBytes(UTF_8);
            var head =
                    """
                    HTTP/1.1 200 OK\r
                    Content-Type: %s\r
                    Content-Length: %d\r
                    Access-Control-Allow-Origin: *\r
                    Connection: close\r
                    \r
                    """
                            .formatted(page.type(), content.length);
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
        } catch (IOException _) {
            requests.add(NOTHING);
        }
    }
}
