package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;

/** A mail server on loopback that answers OK to every command, preceded by what the test sends. */
public final class AgreeableServer implements AutoCloseable {

    private static final String CAPABILITIES = "IMAP4rev1 LITERAL+ UIDPLUS";

    private final ServerSocket listener;
    private final Answers answers;

    /** The test's responses to a command. */
    public interface Answers {

        /**
         * Sends untagged lines, if any.
         *
         * @return the response code for the OK, such as {@code [APPENDUID 1 1]}; or empty
         */
        String to(String command, Client client) throws IOException;
    }

    /** The streams of a connected client. */
    public record Client(InputStream in, OutputStream out) {

        public void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(ISO_8859_1));
        }

        /** Reads a line; empty at the end. */
        public String line() throws IOException {
            var line = new StringBuilder();
            for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
                if (octet != '\r') {
                    line.append((char) octet);
                }
            }
            return line.toString();
        }
    }

    private AgreeableServer(ServerSocket listener, Answers answers) {
        this.listener = listener;
        this.answers = answers;
    }

    /** Starts a server on a free port. */
    public static AgreeableServer start(Answers answers) throws IOException {
        var listener = Ports.listen(10);
        var server = new AgreeableServer(listener, answers);
        Thread.ofVirtual().name("agreeable-server").start(server::acceptAll);
        return server;
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var client =
                    new Client(
                            new BufferedInputStream(socket.getInputStream()),
                            new BufferedOutputStream(socket.getOutputStream()));
            client.say("* OK [CAPABILITY %s] ready".formatted(CAPABILITIES));
            client.out().flush();
            for (var line = client.line(); !line.isEmpty(); line = client.line()) {
                int space = line.indexOf(' ');
                var command = line.substring(space + 1);
                if (command.equals("CAPABILITY")) {
                    client.say("* CAPABILITY " + CAPABILITIES);
                }
                var code = answers.to(command, client);
                client.say("%s OK %s done".formatted(line.substring(0, space), code));
                client.out().flush();
            }
        } catch (IOException _) {
            // the client disconnected
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
