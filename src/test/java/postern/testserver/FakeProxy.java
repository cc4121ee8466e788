package postern.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A proxy that speaks SOCKS 5 and HTTP CONNECT on one port, and knows names that no DNS knows. */
public final class FakeProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final @Nullable String credential;
    private final Map<String, InetSocketAddress> routes = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private FakeProxy(@Nullable String credential) throws IOException {
        this.listener = Ports.listen(50);
        this.credential = credential;
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    public static FakeProxy open() throws IOException {
        return new FakeProxy(null);
    }

    /** A proxy that wants this user and password: {@code user:password}. */
    public static FakeProxy closed(String credential) throws IOException {
        return new FakeProxy(credential);
    }

    /** What the proxy connects to where it is asked for this name and port. */
    public FakeProxy route(String name, int port, InetSocketAddress target) {
        routes.put(name + ":" + port, target);
        return this;
    }

    /** The names and ports that it was asked for. */
    public List<String> asked() {
        return asked;
    }

    public String address() {
        return "localhost:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofVirtual().name("proxied").start(() -> serve(client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            var out = client.getOutputStream();
            boolean socks = in.readUnsignedByte() == 5;
            var target = socks ? socks(in, out) : http(in, out);
            if (target != null) {
                out.write(
                        socks
                                ? new byte[] {5, 0, 0, 3, 1, 'x', 0, 1}
                                : "HTTP/1.0 200 OK\r\nVia: nothing\r\n\r\n".getBytes(US_ASCII));
                join(client, target);
            }
        } catch (IOException _) {
            // a side has hung up
        }
    }

    private @Nullable InetSocketAddress socks(DataInputStream in, OutputStream out)
            throws IOException {
        in.readNBytes(in.readUnsignedByte());
        out.write(new byte[] {5, (byte) (credential == null ? 0 : 2)});
        if (credential != null) {
            in.readUnsignedByte();
            boolean right = (text(in) + ":" + text(in)).equals(credential);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return null;
            }
        }
        in.readNBytes(3);
        int type = in.readUnsignedByte();
        var host =
                type == 3
                        ? text(in)
                        : InetAddress.getByAddress(in.readNBytes(type == 1 ? 4 : 16))
                                .getHostAddress();
        var target = target(host + ":" + in.readUnsignedShort());
        if (target == null) {
            out.write(new byte[] {5, 4, 0, 1, 0, 0, 0, 0, 0, 0});
        }
        return target;
    }

    private @Nullable InetSocketAddress http(InputStream in, OutputStream out) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        if (credential != null && !head.toString().contains(basic(credential))) {
            out.write("HTTP/1.1 407 Who are you?\r\n\r\n".getBytes(US_ASCII));
            return null;
        }
        var target = target(head.toString().split(" ", 3)[1]);
        if (target == null) {
            out.write("HTTP/1.1 502 Bad Gateway\r\n\r\n".getBytes(US_ASCII));
        }
        return target;
    }

    private static String basic(String credential) {
        return "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(UTF_8));
    }

    private @Nullable InetSocketAddress target(String name) {
        asked.add(name);
        return routes.get(name);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), UTF_8);
    }

    private static void join(Socket client, InetSocketAddress target) throws IOException {
        try (var server = new Socket(target.getAddress(), target.getPort())) {
            Thread.ofVirtual().name("proxied answers").start(() -> pass(server, client));
            pass(client, server);
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // a side has hung up
        }
    }
}
