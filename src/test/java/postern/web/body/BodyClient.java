package postern.web.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends the head of a request together with the beginning of its body, and then what it likes. */
final class BodyClient implements Closeable {

    private static final int PATIENCE_IN_MILLIS = 60_000;

    private final Socket socket;
    private final PushbackInputStream in;

    BodyClient(
            int port,
            @Nullable String credentials,
            String method,
            String path,
            String type,
            int length,
            String begin)
            throws IOException {
        socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_IN_MILLIS);
        in = new PushbackInputStream(socket.getInputStream());
        var authorization =
                credentials == null ? "" : "Authorization: %s\r\n".formatted(credentials);
        send(
                "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(method, path, authorization, type, length, begin));
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    boolean isAnswered() {
        try {
            return in.available() > 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** Waits for so long, if no answer comes. */
    boolean isAnsweredWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.unread(in.read());
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } finally {
            socket.setSoTimeout(PATIENCE_IN_MILLIS);
        }
    }

    /** Reads the head and the body of the answer. */
    String answer() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            assertThat(octet).as("after " + head).isNotNegative();
            head.append((char) octet);
        }
        int at = head.indexOf("Content-Length: ");
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
        return head + new String(in.readNBytes(length), US_ASCII);
    }

    boolean isClosedByTheGateway() throws IOException {
        return in.read() == -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
