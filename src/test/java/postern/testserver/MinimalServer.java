package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A real server without UIDPLUS, MOVE and REPLACE: a proxy removes them from its capabilities, and
 * removes their response codes. Literals are also forwarded line by line, unchanged.
 */
public final class MinimalServer implements AutoCloseable {

    private static final Set<String> LACKING = Set.of("UIDPLUS", "MOVE", "REPLACE");
    private static final Pattern CAPABILITIES =
            Pattern.compile("(?i)\\* CAPABILITY .*|\\S+ OK \\[CAPABILITY .*", Pattern.DOTALL);
    private static final Pattern PLACES =
            Pattern.compile("(?i)^(\\S+ OK )\\[(APPENDUID|COPYUID) [^]]*] ?");
    private static final Pattern UID_EXPUNGE_OR_SUCH =
            Pattern.compile("(?i)\\S+ (UID EXPUNGE|(UID )?MOVE|(UID )?REPLACE) .*", Pattern.DOTALL);
    private static final Pattern MARK =
            Pattern.compile("(?i)\\S+ UID STORE \\S+ \\+FLAGS.*\\\\Deleted.*", Pattern.DOTALL);

    private final RealServer server;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> beyondIt = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Runnable> beforeMarking = new AtomicReference<>(() -> {});

    private MinimalServer(RealServer server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    public static MinimalServer of(RealServer server) throws IOException {
        server.start();
        var listener = Ports.listen(50);
        var poor = new MinimalServer(server, listener);
        Thread.ofVirtual().name("poor-server").start(poor::serve);
        return poor;
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The commands it received although it does not announce them. */
    public List<String> beyondIt() {
        return List.copyOf(beyondIt);
    }

    /** Runs the work once, before the next message is marked {@code \Deleted}. */
    public void beforeMarking(Runnable work) {
        beforeMarking.set(work);
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                var behind = new Socket(server.host(), server.port());
                client.setTcpNoDelay(true);
                behind.setTcpNoDelay(true);
                open.addAll(List.of(client, behind));
                Thread.ofVirtual().start(() -> carry(client, behind, this::heard));
                Thread.ofVirtual().start(() -> carry(behind, client, MinimalServer::poorer));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private String heard(String line) {
        if (UID_EXPUNGE_OR_SUCH.matcher(line).matches()) {
            beyondIt.add(line.strip());
        }
        if (MARK.matcher(line).matches()) {
            beforeMarking.getAndSet(() -> {}).run();
        }
        return line;
    }

    private static String poorer(String line) {
        if (!CAPABILITIES.matcher(line).matches()) {
            return PLACES.matcher(line).replaceFirst("$1");
        }
        var poorer = line;
        for (var name : LACKING) {
            poorer = poorer.replaceAll("(?i) " + name + "(?=[ \\]\r])", "");
        }
        return poorer;
    }

    private static void carry(Socket from, Socket to, UnaryOperator<String> change) {
        try (from;
                to) {
            var in = new BufferedInputStream(from.getInputStream());
            var out = new BufferedOutputStream(to.getOutputStream());
            for (var line = line(in); !line.isEmpty(); line = line(in)) {
                out.write(change.apply(line).getBytes(ISO_8859_1));
                if (in.available() == 0) {
                    out.flush();
                }
            }
            out.flush();
        } catch (IOException e) {
            // one side disconnected
        }
    }

    /** A line with its line end; empty at the end. */
    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int octet;
        do {
            octet = in.read();
            if (octet >= 0) {
                line.write(octet);
            }
        } while (octet >= 0 && octet != '\n');
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
