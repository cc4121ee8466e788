package postern.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Base64;

/**
 * The baseline of sending: a bare socket that sends all commands of a message in one flush and
 * looks at the first digit of each reply. The messages have no dot at the beginning of a line.
 */
final class BareSmtp implements AutoCloseable {

    private static final int BUFFER = 64 << 10;

    private final Socket socket;
    private final OctetReader in;
    private final OutputStream out;

    private BareSmtp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new OctetReader(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    static BareSmtp login(InetSocketAddress server, Login login) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server);
        var smtp = new BareSmtp(socket);
        smtp.expect('2');
        smtp.write("EHLO [127.0.0.1]\r\n");
        smtp.flush();
        smtp.expect('2');
        var secret = "\0" + login.user() + "\0" + login.password();
        smtp.write(
                "AUTH PLAIN "
                        + Base64.getEncoder().encodeToString(secret.getBytes(UTF_8))
                        + "\r\n");
        smtp.flush();
        smtp.expect('2');
        return smtp;
    }

    /** By DATA: two round trips. */
    void data(String from, String to, byte[] message) throws IOException {
        envelope(from, to);
        write("DATA\r\n");
        flush();
        expect('2');
        expect('2');
        expect('3');
        out.write(message);
        write(".\r\n");
        flush();
        expect('2');
    }

    /** By BDAT: one round trip. */
    void chunk(String from, String to, byte[] message) throws IOException {
        envelope(from, to);
        write("BDAT %d LAST\r\n".formatted(message.length));
        out.write(message);
        flush();
        expect('2');
        expect('2');
        expect('2');
    }

    private void envelope(String from, String to) throws IOException {
        write("MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\n".formatted(from, to));
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(US_ASCII));
    }

    private void flush() throws IOException {
        out.flush();
    }

    /** Reads a reply. */
    private void expect(char digit) throws IOException {
        do {
            in.nextLine();
        } while (in.lineLength() > 3 && in.at(3) == '-');
        if (in.at(0) != digit) {
            throw new IOException("the server refused a command: " + in.line());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
