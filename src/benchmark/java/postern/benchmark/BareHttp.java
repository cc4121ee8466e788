package postern.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A persistent HTTP/1.1 connection to the gateway that discards what it reads, so that the client's
 * own work is as small as that of {@link BareImap}.
 */
final class BareHttp implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long CHUNKED = -1;

    private final String host;
    private final Socket socket;
    private final OctetReader in;
    private int status;
    private String eTag = "";

    BareHttp(InetSocketAddress gateway) throws IOException {
        this.host = gateway.getHostString() + ":" + gateway.getPort();
        this.socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(gateway);
        this.in = new OctetReader(socket.getInputStream());
    }

    /** Gets a resource and discards it; returns the octets of its body. */
    long get(Login login, String path) throws IOException {
        return drop(begin(login, path));
    }

    /** Begins a stream of events; returns its lines. */
    Listening.Lines stream(Login login, String path) throws IOException {
        if (begin(login, path) != CHUNKED) {
            throw new IOException("no stream: " + path);
        }
        var text = new StringBuilder();
        return () -> {
            int end = text.indexOf("\n");
            while (end < 0) {
                in.nextLine();
                if (in.lineLength() == 0) {
                    in.nextLine(); // Jetty ends a chunk when it begins the next
                }
                text.append(new String(in.copy(Integer.parseInt(in.line(), 16)), UTF_8));
                end = text.indexOf("\n");
            }
            var line = text.substring(0, end);
            text.delete(0, end + 1);
            return line;
        };
    }

    /** Gets a resource and discards it; returns its ETag. */
    String eTag(Login login, String path) throws IOException {
        get(login, path);
        return eTag;
    }

    /** Asks for a resource that has not changed; returns the octets of the answer's body: none. */
    long notModified(Login login, String path, String tag) throws IOException {
        send(login, "GET", path, "If-None-Match: " + tag + "\r\n", new byte[0]);
        long length = head();
        if (status != 304) {
            throw new IOException(path + " answered " + status + " instead of 304");
        }
        return length;
    }

    /** Posts JSON and discards the response; returns the octets of its body. */
    long post(Login login, String path, String json) throws IOException {
        var body = json.getBytes(UTF_8);
        send(
                login,
                "POST",
                path,
                "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n",
                body);
        return drop(successfulHead(path));
    }

    JsonNode json(Login login, String path) throws IOException {
        return JSON.readTree(read(begin(login, path)));
    }

    /** Posts a file and returns the JSON of the response. */
    JsonNode post(Login login, String path, String type, Path file) throws IOException {
        var out = socket.getOutputStream();
        out.write(
                "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, host, login.authorization(), type, Files.size(file))
                        .getBytes(US_ASCII));
        Files.copy(file, out);
        long length = head();
        var body = read(length);
        if (status != 200) {
            throw new IOException(path + " answered " + status + ": " + new String(body, UTF_8));
        }
        return JSON.readTree(body);
    }

    /** The status of a resource that may not exist yet. */
    int status(Login login, String path) throws IOException {
        send(login, path);
        read(head());
        return status;
    }

    /**
     * Begins a download, reads this many octets of its body, and leaves the rest to {@link
     * #finish}.
     */
    Unfinished getSome(Login login, String path, long octets) throws IOException {
        long length = begin(login, path);
        if (length == CHUNKED) {
            throw new IOException("a part without Content-Length: " + path);
        }
        in.skip(octets);
        return new Unfinished(length - octets);
    }

    /** The unread rest of a body. */
    final class Unfinished {

        private long left;

        private Unfinished(long left) {
            this.left = left;
        }

        void finish() throws IOException {
            skip(left);
        }

        long left() {
            return left;
        }

        void skip(long count) throws IOException {
            in.skip(count);
            left -= count;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private long begin(Login login, String path) throws IOException {
        send(login, path);
        return successfulHead(path);
    }

    private long successfulHead(String path) throws IOException {
        long length = head();
        if (status != 200) {
            throw new IOException(
                    path + " answered " + status + ": " + new String(read(length), UTF_8));
        }
        return length;
    }

    private void send(Login login, String path) throws IOException {
        send(login, "GET", path, "", new byte[0]);
    }

    private void send(Login login, String method, String path, String fields, byte[] body)
            throws IOException {
        var request = new ByteArrayOutputStream();
        var head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nAuthorization: "
                        + login.authorization()
                        + "\r\n"
                        + fields
                        + "\r\n";
        request.writeBytes(head.getBytes(US_ASCII));
        request.writeBytes(body);
        request.writeTo(socket.getOutputStream());
    }

    /** Reads status and fields; returns the body's length or {@link #CHUNKED}. */
    private long head() throws IOException {
        in.nextLine();
        status = Integer.parseInt(in.line().split(" ", 3)[1]);
        long length = 0;
        for (in.nextLine(); in.lineLength() > 0; in.nextLine()) {
            var field = in.line().toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = Long.parseLong(field.substring("content-length:".length()).strip());
            } else if (field.startsWith("etag:")) {
                eTag = in.line().substring("etag:".length()).strip();
            } else if (field.startsWith("transfer-encoding:") && field.endsWith("chunked")) {
                length = CHUNKED;
            }
        }
        return length;
    }

    private long drop(long length) throws IOException {
        if (length != CHUNKED) {
            in.skip(length);
            return length;
        }
        long total = 0;
        for (long chunk = nextChunk(); chunk > 0; chunk = nextChunk()) {
            in.skip(chunk);
            in.nextLine();
            total += chunk;
        }
        in.nextLine();
        return total;
    }

    private byte[] read(long length) throws IOException {
        if (length != CHUNKED) {
            return in.copy((int) length);
        }
        var body = new ByteArrayOutputStream();
        for (long chunk = nextChunk(); chunk > 0; chunk = nextChunk()) {
            body.writeBytes(in.copy((int) chunk));
            in.nextLine();
        }
        in.nextLine();
        return body.toByteArray();
    }

    private long nextChunk() throws IOException {
        in.nextLine();
        return Long.parseLong(in.line(), 16);
    }
}
