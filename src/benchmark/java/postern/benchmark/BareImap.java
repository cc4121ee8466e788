package postern.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The baseline: a bare socket speaking IMAP, which finds line ends and literals and discards the
 * octets.
 */
final class BareImap implements AutoCloseable {

    private static final int PIPELINED = 100;

    private final Socket socket;
    private final OctetReader in;
    private int commands;

    private BareImap(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new OctetReader(socket.getInputStream());
    }

    static BareImap login(InetSocketAddress server, Login login) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server);
        var imap = new BareImap(socket);
        imap.in.nextLine();
        imap.command("LOGIN " + login.user() + " " + login.password());
        return imap;
    }

    static BareImap inbox(InetSocketAddress server, Login login) throws IOException {
        var imap = login(server, login);
        imap.command("EXAMINE INBOX");
        return imap;
    }

    static BareImap writableInbox(InetSocketAddress server, Login login) throws IOException {
        var imap = login(server, login);
        imap.command("SELECT INBOX");
        return imap;
    }

    /**
     * Sends a command and discards its response; throws if it is not OK. Returns the octets of the
     * response.
     */
    long command(String command) throws IOException {
        long before = in.total();
        finish(send(command));
        return in.total() - before;
    }

    /** Sends each command after the response to the one before. */
    void commands(List<String> commands) throws IOException {
        for (var command : commands) {
            command(command);
        }
    }

    /** Appends messages, pipelined; the results are read after every hundred. */
    void append(String mailbox, List<byte[]> messages) throws IOException {
        var out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
        var tags = new ArrayList<byte[]>();
        for (var message : messages) {
            var tag = "b" + ++commands + " ";
            out.write(
                    "%sAPPEND %s {%d+}\r\n"
                            .formatted(tag, mailbox, message.length)
                            .getBytes(US_ASCII));
            out.write(message);
            out.write("\r\n".getBytes(US_ASCII));
            tags.add(tag.getBytes(US_ASCII));
            if (tags.size() == PIPELINED) {
                finishAll(out, tags);
            }
        }
        finishAll(out, tags);
    }

    private void finishAll(OutputStream out, List<byte[]> tags) throws IOException {
        out.flush();
        for (var tag : tags) {
            finish(tag);
        }
        tags.clear();
    }

    /**
     * Sends a command, waits for the first octets of the response, and returns the tag for {@link
     * #finish}.
     */
    byte[] begin(String command) throws IOException {
        var tag = send(command);
        in.await();
        return tag;
    }

    /** The next line of the server, where none has a literal. */
    String line() throws IOException {
        in.nextLine();
        return in.line();
    }

    /** Discards the response up to its tagged line. */
    void finish(byte[] tag) throws IOException {
        dropUntil(tag);
        if (in.lineLength() < tag.length + 2
                || in.at(tag.length) != 'O'
                || in.at(tag.length + 1) != 'K') {
            throw new IOException("the server refused a command: " + in.line());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] send(String command) throws IOException {
        var tag = "b" + ++commands + " ";
        socket.getOutputStream().write((tag + command + "\r\n").getBytes(US_ASCII));
        return tag.getBytes(US_ASCII);
    }

    private void dropUntil(byte[] tag) throws IOException {
        boolean continued = false;
        while (true) {
            in.nextLine();
            long literal = literalLength();
            if (literal >= 0) {
                in.skip(literal);
                continued = true;
            } else if (!continued && in.lineStartsWith(tag)) {
                return;
            } else {
                continued = false;
            }
        }
    }

    /** The n of a line that ends in {@code {n}}, or -1. */
    private long literalLength() {
        int i = in.lineLength() - 1;
        if (i < 2 || in.at(i) != '}') {
            return -1;
        }
        long value = 0;
        long scale = 1;
        for (i--; i > 0 && in.at(i) >= '0' && in.at(i) <= '9'; i--) {
            value += (in.at(i) - '0') * scale;
            scale *= 10;
        }
        return scale > 1 && in.at(i) == '{' ? value : -1;
    }
}
