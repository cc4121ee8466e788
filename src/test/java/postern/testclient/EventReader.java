package postern.testclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events from a bare socket, which can be cut at any point. */
@NullMarked
public final class EventReader implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE = 30_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private long chunk;
    private int heartbeats;
    private @Nullable String lastEventId;
    private @Nullable OutputStream copy;

    /** An event; one without a type only has an id. */
    public record Event(String type, @Nullable String id, JsonNode data) {}

    /**
     * @param receiveBuffer in octets; 0 for the default of the system
     */
    public EventReader(
            int port, String authorization, String path, @Nullable String id, int receiveBuffer)
            throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(PATIENCE);
        socket.connect(new InetSocketAddress("localhost", port));
        in = new BufferedInputStream(socket.getInputStream(), 64);
        var request =
                "GET /v1%s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: %s\r\n"
                                .formatted(path, authorization)
                        + (id == null ? "" : "Last-Event-ID: " + id + "\r\n")
                        + "\r\n";
        socket.getOutputStream().write(request.getBytes(UTF_8));
        status = Integer.parseInt(line(in).split(" ")[1]);
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            var field = line.split(": ", 2);
            headers.put(field[0].toLowerCase(Locale.ROOT), field[1]);
        }
        lastEventId = id;
    }

    public static EventReader open(int port, String token, String path, @Nullable String id)
            throws IOException {
        return new EventReader(port, "Bearer " + token, path, id, 0);
    }

    public int status() {
        return status;
    }

    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The body of an answer that is no stream. */
    public JsonNode problem() throws IOException {
        var octets = in.readNBytes(Integer.parseInt(requireNonNull(header("Content-Length"))));
        return JSON.readTree(octets);
    }

    /** The id that a browser would send when it connects again. */
    public @Nullable String lastEventId() {
        return lastEventId;
    }

    public int heartbeats() {
        return heartbeats;
    }

    /** Forgets what is known of the answer, so that it takes no memory. */
    public void forgetHeaders() {
        headers.clear();
    }

    /** Copies what follows of the stream, without the chunked coding. */
    public void copyTo(OutputStream out) {
        copy = out;
    }

    /** The next event; null at the end of the stream. */
    public @Nullable Event next() throws IOException {
        while (true) {
            var event = block();
            if (event == null || !event.type().isEmpty()) {
                return event;
            }
        }
    }

    /** The next block of lines, perhaps without an event in it. */
    public @Nullable Event block() throws IOException {
        var type = "";
        String id = null;
        var data = new StringBuilder();
        while (true) {
            var line = streamLine();
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                break;
            }
            if (line.startsWith(":")) {
                heartbeats++;
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            }
        }
        lastEventId = id == null ? lastEventId : id;
        return new Event(
                type,
                id,
                data.isEmpty() ? JSON.createObjectNode() : JSON.readTree(data.toString()));
    }

    private @Nullable String streamLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = streamOctet(); octet != '\n'; octet = streamOctet()) {
            if (octet < 0) {
                return null;
            }
            line.write(octet);
        }
        return line.toString(UTF_8);
    }

    /** An octet without the chunked coding; -1 at the end. */
    private int streamOctet() throws IOException {
        if (chunk == 0) {
            var size = line(in);
            chunk = Long.parseLong(size.isEmpty() ? line(in) : size, 16);
            if (chunk == 0) {
                return -1;
            }
        }
        chunk--;
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("cut");
        }
        if (copy != null) {
            copy.write(octet);
        }
        return octet;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("cut");
            }
            line.write(octet);
        }
        return line.toString(UTF_8).strip();
    }

    /** Resets the connection. */
    @Override
    public void close() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
