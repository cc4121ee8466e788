package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy before a mail server that reads what the client sends as RFC 9051 says, and keeps what is
 * no command of the gateway: a line that does not begin with one of its tags, or has a control
 * character outside of literals; and appended messages whose header contains a forbidden name.
 */
public final class CommandWatch implements AutoCloseable {

    private static final Pattern COMMAND = Pattern.compile("[A-Z]+\\d+ [A-Z ]+.*", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("~?\\{(\\d+)\\+?}$");

    private final ServerSocket listener;
    private final TestServer server;
    private final String forbidden;
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

    private CommandWatch(ServerSocket listener, TestServer server, String forbidden) {
        this.listener = listener;
        this.server = server;
        this.forbidden = forbidden;
    }

    /**
     * @param forbidden the name of a header field that no appended message may have
     */
    public static CommandWatch before(TestServer server, String forbidden) throws IOException {
        var listener = Ports.listen(100);
        var watch = new CommandWatch(listener, server, forbidden);
        Thread.ofPlatform().daemon().name("command-watch").start(watch::acceptAll);
        return watch;
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What was no command, or no message. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    private void acceptAll() {
        try {
            while (true) {
                var client = listener.accept();
                var upstream = new Socket(server.host(), server.port());
                Thread.ofPlatform().daemon().start(() -> answers(upstream, client));
                Thread.ofPlatform().daemon().start(() -> commands(client, upstream));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void answers(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // one of them has gone
        }
    }

    private void commands(Socket from, Socket to) {
        try (from;
                to) {
            var in = new BufferedInputStream(from.getInputStream());
            var out = new BufferedOutputStream(to.getOutputStream());
            boolean continued = false;
            for (var line = line(in); line != null; line = line(in)) {
                check(line, continued);
                out.write(line.getBytes(ISO_8859_1));
                out.write('\r');
                out.write('\n');
                out.flush();
                var literal = LITERAL.matcher(line);
                continued = literal.find();
                if (continued) {
                    copyLiteral(line, in, out, Integer.parseInt(literal.group(1)));
                }
            }
        } catch (IOException _) {
            // one of them has gone
        }
    }

    private void check(String line, boolean continued) {
        boolean proper = continued || COMMAND.matcher(line).matches() || line.equals("DONE");
        if (!proper || line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            faults.add("no command: " + line);
        }
    }

    private void copyLiteral(String line, InputStream in, OutputStream out, int octets)
            throws IOException {
        var literal = in.readNBytes(octets);
        var text = new String(literal, ISO_8859_1);
        var header = text.split("\r?\n\r?\n", 2)[0];
        if (Pattern.compile("(?i)(?:^|[\r\n])" + forbidden + ":").matcher(header).find()) {
            faults.add("a header field was injected: " + line + " " + header);
        }
        out.write(literal);
        out.flush();
    }

    /** Up to CRLF; null at the end of the stream. */
    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
                    return line + "\n"; // a bare line feed, which is a fault
                }
                line.setLength(line.length() - 1);
                return line.toString();
            }
            line.append((char) octet);
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
