package postern.testserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** IMAP with nothing of ours between: a line out, lines back. */
public final class BareSocket implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;
    private final String greeting;
    private int commands;

    public BareSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true); // a line end behind a literal would wait for 40 ms
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        out = socket.getOutputStream();
        greeting = line();
    }

    public static BareSocket to(AccountServer server) throws IOException {
        return new BareSocket(new Socket(server.host(), server.port()));
    }

    public static BareSocket loggedIn(AccountServer server, String user) throws IOException {
        var imap = to(server);
        imap.command("LOGIN " + user + " " + server.password());
        return imap;
    }

    public String greeting() {
        return greeting;
    }

    /** All lines of the answer; the last one is the tagged one. */
    public List<String> command(String command) throws IOException {
        var tag = send(command);
        return answer(tag);
    }

    /** A command whose last argument is a synchronising literal. */
    public List<String> command(String command, String literal) throws IOException {
        return command(command, literal.getBytes(UTF_8));
    }

    /** The same for octets that are no text. */
    public List<String> command(String command, byte[] octets) throws IOException {
        var tag = send(command + " {" + octets.length + "}");
        var invitation = line();
        if (!invitation.startsWith("+")) {
            throw new IOException("no invitation to send: " + invitation);
        }
        out.write(octets);
        out.write("\r\n".getBytes(UTF_8));
        return answer(tag);
    }

    private String send(String command) throws IOException {
        var tag = "t" + ++commands;
        out.write((tag + " " + command + "\r\n").getBytes(UTF_8));
        return tag;
    }

    private List<String> answer(String tag) throws IOException {
        var lines = new ArrayList<String>();
        do {
            lines.add(line());
        } while (!lines.getLast().startsWith(tag + " "));
        return lines;
    }

    private String line() throws IOException {
        var line = in.readLine();
        if (line == null) {
            throw new EOFException("the server hung up");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
