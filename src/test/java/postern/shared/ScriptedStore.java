package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.testserver.Ports;

/** A server that speaks as much RESP2 as the tests need. */
final class ScriptedStore implements AutoCloseable {

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final Function<List<String>, @Nullable String> answers;

    /**
     * @param answers the line for a command, such as {@code +OK}; null where it does not answer
     */
    ScriptedStore(Function<List<String>, @Nullable String> answers) {
        this.answers = answers;
        try {
            listening = Ports.listen(50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("redis://127.0.0.1:" + listening.getLocalPort());
    }

    int accepted() {
        return accepted.get();
    }

    /** How many connections have asked to subscribe. */
    int subscriptions() {
        return subscriptions.get();
    }

    int open() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            while (true) {
                var command = command(in);
                if (command.getFirst().equals("SUBSCRIBE")) {
                    subscriptions.incrementAndGet();
                }
                var answer = answers.apply(command);
                if (answer != null) {
                    socket.getOutputStream().write((answer + "\r\n").getBytes(UTF_8));
                }
            }
        } catch (IOException _) {
            // the client has closed it
        } finally {
            open.remove(socket);
        }
    }

    private static List<String> command(DataInputStream in) throws IOException {
        int words = Integer.parseInt(line(in).substring(1));
        var command = new ArrayList<String>();
        for (int i = 0; i < words; i++) {
            var word = in.readNBytes(Integer.parseInt(line(in).substring(1)));
            in.readNBytes(2);
            command.add(new String(word, UTF_8));
        }
        return command;
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.readUnsignedByte(); octet != '\r'; octet = in.readUnsignedByte()) {
            line.append((char) octet);
        }
        in.readUnsignedByte();
        return line.toString();
    }

    /** Ends all connections, and accepts new ones. */
    void disconnect() {
        try {
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
