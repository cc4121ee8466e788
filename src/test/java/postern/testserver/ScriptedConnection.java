package postern.testserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One client of a {@link ScriptedImapServer}, served on a virtual thread of its own. */
final class ScriptedConnection {

    /** RFC 9051 §4.3, and RFC 7888 for the non-synchronising form. */
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)(\\+?)}", Pattern.DOTALL);

    private static final Pattern TAGGED = Pattern.compile("(?:OK|NO|BAD)(?: .*|$)", Pattern.DOTALL);

    private static final class Ended extends IOException {}

    private final ScriptedImapServer server;
    private final int number;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String tag = "*";
    private volatile boolean continuing;
    private boolean stalled;

    ScriptedConnection(ScriptedImapServer server, int number, Socket socket) throws IOException {
        this.server = server;
        this.number = number;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.thread = Thread.ofVirtual().name("scripted-imap-" + number).unstarted(this::serve);
    }

    void start() throws IOException {
        socket.setTcpNoDelay(true);
        thread.start();
    }

    void stop() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.interrupt();
        }
    }

    void push(String... lines) {
        try {
            sendOctets((String.join("\r\n", lines) + "\r\n").getBytes(UTF_8));
        } catch (IOException e) {
            // this client disconnected: push to the others
        }
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void serve() {
        try (socket) {
            send(server.greetingLines());
            for (var command = readCommand(); command != null; command = readCommand()) {
                server.received(command);
                answer(command);
            }
        } catch (IOException | InterruptedException e) {
            // the client disconnected, or the script ended the connection
        } finally {
            ended.countDown();
        }
    }

    private @Nullable String readCommand() throws IOException {
        var line = readLine();
        if (line == null || continuing) {
            continuing = false;
            return line;
        }
        int space = line.indexOf(' ');
        tag = space < 0 ? line : line.substring(0, space);
        return withLiterals(space < 0 ? "" : line.substring(space + 1));
    }

    private String withLiterals(String line) throws IOException {
        var command = new StringBuilder(line);
        var rest = line;
        for (var literal = LITERAL.matcher(rest);
                literal.matches();
                literal = LITERAL.matcher(rest)) {
            if (literal.group(2).isEmpty() && !goOn(command.toString())) {
                break;
            }
            command.append("\r\n").append(readLiteral(Integer.parseInt(literal.group(1))));
            var next = readLine();
            if (next == null) {
                throw new EOFException();
            }
            command.append(next);
            rest = next;
        }
        return command.toString();
    }

    private boolean goOn(String command) throws IOException {
        if (stalled || server.dialogueOf(number).expects(command)) {
            return false;
        }
        sendOctets("+ go on\r\n".getBytes(UTF_8));
        return true;
    }

    private String readLiteral(int length) throws IOException {
        var octets = in.readNBytes(length);
        if (octets.length < length) {
            throw new EOFException();
        }
        return new String(octets, UTF_8);
    }

    private @Nullable String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return null;
            }
            line.write(octet);
        }
        var text = line.toString(UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void answer(String command) throws IOException, InterruptedException {
        if (stalled) {
            return;
        }
        var dialogue = server.dialogueOf(number);
        var reply = dialogue.next(command);
        if (reply != null) {
            perform(reply.actions());
        } else if (!answerUnscripted(command)) {
            dialogue.failOn(command);
            send(List.of("BAD not in the script"));
        }
    }

    private void perform(List<ScriptedReply.Action> actions)
            throws IOException, InterruptedException {
        for (var action : actions) {
            switch (action) {
                case ScriptedReply.Lines(var lines) -> send(lines);
                case ScriptedReply.Octets(var octets) -> sendOctets(octets);
                case ScriptedReply.Await(var latch) -> latch.await();
                case ScriptedReply.Stall _ -> stalled = true;
                case ScriptedReply.Drop _ -> throw new Ended();
                case ScriptedReply.Reset _ -> {
                    socket.setSoLinger(true, 0);
                    throw new Ended();
                }
            }
        }
    }

    private boolean answerUnscripted(String command) throws IOException {
        var verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "CAPABILITY" -> send(server.capabilityLines());
            case "ID" -> send(List.of("* ID NIL", "OK done"));
            case "ENABLE" ->
                    send(List.of("* ENABLED" + command.substring(verb.length()), "OK done"));
            case "NOOP", "UNSELECT" -> send(List.of("OK done"));
            case "LOGIN" -> send(server.loginLines());
            case "AUTHENTICATE" -> {
                return authenticate(command);
            }
            case "SELECT", "EXAMINE" -> send(server.selectLines(verb.equals("EXAMINE")));
            case "LOGOUT" -> {
                send(List.of("* BYE logging out", "OK done"));
                throw new Ended();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean authenticate(String command) throws IOException {
        var words = command.split(" ", 3);
        if (words.length < 2 || !words[1].equalsIgnoreCase("PLAIN")) {
            return false;
        }
        if (words.length == 2) {
            send(List.of("+ "));
            continuing = false;
            var response = readLine();
            if (response == null) {
                throw new EOFException();
            }
        }
        send(server.loginLines());
        return true;
    }

    /** One write for all lines, so that only the network splits a response. */
    private void send(List<String> lines) throws IOException {
        var text = new StringBuilder();
        for (var line : lines) {
            boolean tagged = TAGGED.matcher(line).matches();
            text.append(tagged ? tag + " " + line : line).append("\r\n");
            continuing = !tagged && (continuing || line.equals("+") || line.startsWith("+ "));
        }
        sendOctets(text.toString().getBytes(UTF_8));
    }

    private void sendOctets(byte[] octets) throws IOException {
        synchronized (out) {
            out.write(octets);
        }
    }
}
