package postern.smtp.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import postern.deadline.Deadlines;
import postern.provider.SmtpServer;
import postern.proxy.OutboundProxy;
import postern.smtp.SmtpException;
import postern.smtp.SmtpReply;
import postern.trace.RequestTrace;
import postern.trace.Step;

/** Sends lines and octets, and reads replies. A deadline always runs. */
final class SmtpTransport implements AutoCloseable {

    /** RFC 5321 §4.5.3.1.5 has 512; some servers explain more. */
    private static final int LONGEST_LINE = 4 << 10;

    private static final int MOST_LINES = 200;
    private static final int BUFFER = 32 << 10;

    /** How long is waited for an end that has come already. */
    private static final int QUIET_MILLIS = 1;

    private final Socket tcp;
    private Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private final Deadlines.Deadline deadline;
    private final String host;
    private volatile boolean timedOut;
    private boolean unanswered = true; // the greeting answers the connection
    private int trips;

    /** A reply of one or more lines. */
    record Lines(int code, List<String> texts) {

        SmtpReply reply() {
            var first = SmtpReply.of(code, texts.getFirst());
            var words = new StringBuilder(first.text());
            for (var line : texts.subList(1, texts.size())) {
                words.append(' ').append(SmtpReply.of(code, line).text());
            }
            var all = SmtpReply.of(code, words.toString().strip());
            return new SmtpReply(code, first.enhanced(), all.text());
        }
    }

    /** Not connected yet; the time runs until {@link #within} gives another one. */
    SmtpTransport(
            Optional<OutboundProxy> proxy, SmtpServer server, Deadlines deadlines, Duration time) {
        this.tcp =
                proxy.map(it -> it.socketTo(server.host(), server.port())).orElseGet(Socket::new);
        this.socket = tcp;
        this.host = server.host();
        this.deadline = deadlines.in(time, this::expire);
    }

    private void expire() {
        timedOut = true;
        abort();
    }

    /** How often something was sent and a reply was then waited for. */
    int trips() {
        return trips;
    }

    /**
     * @param before what {@link #trips} was when the step began
     */
    void trace(Step.Kind kind, String outcome, int before, long started) {
        var trace = RequestTrace.current();
        if (trace != null) {
            trace.ended(Step.ended(kind, host, outcome, trips - before, started));
        }
    }

    boolean timedOut() {
        return timedOut;
    }

    /** Restarts the deadline. */
    void within(Duration time) {
        deadline.restart(time);
    }

    void connect(InetSocketAddress address, Duration timeout) throws IOException {
        tcp.setTcpNoDelay(true);
        tcp.connect(address, Math.toIntExact(timeout.toMillis()));
        useStreams(tcp);
    }

    /** Checks the certificate and that it is for the host (RFC 9525). */
    void protect(SSLSocketFactory trusting, SmtpServer server) throws IOException {
        var tls = (SSLSocket) trusting.createSocket(tcp, server.host(), server.port(), true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        useStreams(tls);
    }

    private void useStreams(Socket use) throws IOException {
        socket = use;
        in = new BufferedInputStream(use.getInputStream(), BUFFER);
        out = new BufferedOutputStream(use.getOutputStream(), BUFFER);
    }

    /** Whether the server has sent more than was read: before TLS that is injected. */
    boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    /**
     * Whether the server has neither ended the connection nor said anything unasked. Takes a
     * millisecond.
     */
    boolean quiet() {
        try {
            return in.available() == 0 && !readsWithin(QUIET_MILLIS);
        } catch (IOException _) {
            return false;
        }
    }

    private boolean readsWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            in.read(); // an octet or an end; the connection serves no more in either case
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    /** The gateway's own address on this connection, as EHLO names it (RFC 5321 §4.1.3). */
    String addressLiteral() {
        var address = tcp.getLocalAddress();
        var text = address.getHostAddress();
        int scope = text.indexOf('%');
        var bare = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address
                ? "[IPv6:%s]".formatted(bare)
                : "[%s]".formatted(bare);
    }

    /** Queues a command; it leaves with the next {@link #flush}. */
    void send(String line) throws IOException {
        if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("a command has no line end");
        }
        out.write(line.getBytes(UTF_8));
        out.write('\r');
        out.write('\n');
    }

    void flush() throws IOException {
        unanswered = true;
        out.flush();
    }

    OutputStream octets() {
        return out;
    }

    /** Sends a command and reads its reply. */
    SmtpReply exchange(String line) throws IOException {
        send(line);
        flush();
        return read().reply();
    }

    Lines read() throws IOException {
        var texts = new ArrayList<String>();
        int code = -1;
        if (unanswered) {
            unanswered = false;
            trips++;
        }
        while (true) {
            var line = readLine();
            if (line.length() < 3 || !line.substring(0, 3).matches("[2-5][0-9][0-9]")) {
                throw new SmtpException.ProtocolError("the submission server does not speak SMTP");
            }
            int one = Integer.parseInt(line, 0, 3, 10);
            char separator = line.length() == 3 ? ' ' : line.charAt(3);
            if (separator != ' ' && separator != '-' || code != -1 && one != code) {
                throw new SmtpException.ProtocolError("the submission server does not speak SMTP");
            }
            code = one;
            texts.add(line.length() < 4 ? "" : line.substring(4));
            if (separator == ' ') {
                return new Lines(code, texts);
            }
            if (texts.size() == MOST_LINES) {
                throw new SmtpException.ProtocolError(
                        "the submission server's reply has more lines than the gateway takes");
            }
        }
    }

    private String readLine() throws IOException {
        var line = new byte[128];
        int length = 0;
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the submission server has closed the connection");
            }
            if (octet == '\n') {
                break;
            }
            if (length == LONGEST_LINE) {
                throw new SmtpException.ProtocolError(
                        "a line of the submission server is longer than the gateway takes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) octet;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, UTF_8);
    }

    /** Closes the TCP connection, whatever other threads do with it; nothing more is sent. */
    void abort() {
        try {
            tcp.close();
        } catch (IOException _) {
            // it is given up anyway
        }
    }

    @Override
    public void close() {
        deadline.close();
        abort();
    }
}
