package postern.web.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/** A connection of HTTP/2 in the clear whose frames are written as octets, as fast as they go. */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final byte METHOD_GET = (byte) 0x82;
    private static final byte METHOD_POST = (byte) 0x83;
    private static final byte PATH_ROOT = (byte) 0x84;
    private static final byte SCHEME_HTTP = (byte) 0x86;
    private static final short INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;

    private final Socket socket;
    private final DataInputStream in;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean isLast() {
            return (flags & END_STREAM) != 0;
        }

        /** Of GOAWAY. */
        int error() {
            return ByteBuffer.wrap(payload).getInt(4);
        }
    }

    RawHttp2(int port) throws IOException {
        socket = new Socket("localhost", port);
        in = new DataInputStream(socket.getInputStream());
        send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        var window = ByteBuffer.allocate(6).putShort(INITIAL_WINDOW_SIZE).putInt(Integer.MAX_VALUE);
        send(frame(SETTINGS, 0, 0, window.array()));
    }

    void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    /** The next frame of this type; the others are read over. */
    Frame await(int type) throws IOException {
        while (true) {
            int head = in.readInt();
            int flags = in.readByte();
            int stream = in.readInt();
            var payload = new byte[head >>> 8];
            in.readFully(payload);
            if ((head & 0xff) == type) {
                return new Frame(type, flags, stream, payload);
            }
        }
    }

    static byte[] get(int stream) {
        return frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                stream,
                new byte[] {METHOD_GET, SCHEME_HTTP, PATH_ROOT, 1, 1, 'x'});
    }

    static byte[] get(int stream, String path, String authorization) {
        var head = new ByteArrayOutputStream();
        head.writeBytes(new byte[] {METHOD_GET, SCHEME_HTTP});
        for (var field :
                List.of(":authority", "localhost", ":path", path, "authorization", authorization)) {
            if (field.startsWith(":") || field.equals("authorization")) {
                head.write(0);
            }
            head.write(field.length());
            head.writeBytes(field.getBytes(US_ASCII));
        }
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, head.toByteArray());
    }

    static byte[] acknowledged(Frame ping) {
        return frame(PING, ACK, 0, ping.payload());
    }

    static byte[] post(int stream) {
        return frame(
                HEADERS,
                END_HEADERS,
                stream,
                new byte[] {METHOD_POST, SCHEME_HTTP, PATH_ROOT, 1, 1, 'x'});
    }

    static byte[] data(int stream, int octets) {
        return frame(DATA, 0, stream, new byte[octets]);
    }

    static byte[] cancel(int stream) {
        return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
    }

    /** For the whole connection. */
    static byte[] windowUpdate(int octets) {
        return windowUpdate(0, octets);
    }

    static byte[] windowUpdate(int stream, int octets) {
        return frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(octets).array());
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] times(int times, byte[] frame) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
