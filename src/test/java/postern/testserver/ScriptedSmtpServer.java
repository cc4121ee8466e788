package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * A submission server on the loopback interface that accepts everything, except where it is told
 * something else of a command. It knows nothing of SMTP beyond what it needs to follow a client.
 */
public final class ScriptedSmtpServer implements AutoCloseable {

    /** Steps that are no replies. */
    private static final String DROP = "\0drop";

    private static final String STALL = "\0stall";

    private static final int LINGER_MILLIS = 60_000;

    private final ServerSocket listener;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> replies = new ConcurrentHashMap<>();
    private final List<String> usual;
    private final List<String> extensions = new CopyOnWriteArrayList<>();
    private volatile @Nullable SSLContext tls;
    private volatile boolean beginsWithTls;
    private volatile boolean discarding;
    private volatile Consumer<String> listening = _ -> {};

    public ScriptedSmtpServer(String... extensions) {
        try {
            this.listener = Ports.listen(50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.usual = List.of(extensions);
        this.extensions.addAll(usual);
        Thread.ofVirtual().name("scripted-smtp").start(this::accept);
    }

    /** With what most servers offer. */
    public static ScriptedSmtpServer usual() {
        return new ScriptedSmtpServer(
                "PIPELINING",
                "SIZE 100000000",
                "AUTH PLAIN LOGIN",
                "ENHANCEDSTATUSCODES",
                "8BITMIME",
                "DSN",
                "SMTPUTF8");
    }

    /** Makes it the server by which users of the gateway send. */
    public void register(DynamicPropertyRegistry properties) {
        properties.add("postern.submission.host", this::host);
        properties.add("postern.submission.port", this::port);
        properties.add("postern.submission.security", () -> "none");
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Offers these extensions instead. */
    public ScriptedSmtpServer offers(String... others) {
        extensions.clear();
        extensions.addAll(Arrays.asList(others));
        return this;
    }

    /** Forgets what it was told and what it has got, and ends all connections. */
    public void reset() {
        disconnect();
        replies.clear();
        commands.clear();
        messages.clear();
        offers(usual.toArray(String[]::new));
        listening = _ -> {};
    }

    /** Ends all connections. */
    public void disconnect() {
        for (var client : clients) {
            try {
                client.close();
            } catch (IOException _) {
                // closed anyway
            }
        }
        clients.clear();
    }

    /** Says something unasked on all connections. */
    public void says(String line) throws IOException {
        for (var client : clients) {
            reply(client.getOutputStream(), List.of(line));
        }
    }

    /** Does STARTTLS, or TLS from the start. */
    public ScriptedSmtpServer withTls(SSLContext context, boolean fromTheStart) {
        tls = context;
        beginsWithTls = fromTheStart;
        return this;
    }

    /**
     * Answers commands that begin with this, in any case, with these lines. {@code CONNECT} is the
     * connection itself, {@code .} the end of a message.
     */
    public ScriptedSmtpServer answers(String command, String... lines) {
        replies.put(command, List.of(lines));
        return this;
    }

    /** Ends the connection instead of an answer. */
    public ScriptedSmtpServer drops(String command) {
        return answers(command, DROP);
    }

    /** Says nothing instead of an answer. */
    public ScriptedSmtpServer stalls(String command) {
        return answers(command, STALL);
    }

    /** Keeps no messages from now on. */
    public ScriptedSmtpServer discards() {
        discarding = true;
        return this;
    }

    /** Calls this with each command, before it is answered. */
    public ScriptedSmtpServer listening(Consumer<String> to) {
        listening = to;
        return this;
    }

    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** What came after DATA, up to the dot and with dots as they came, or by BDAT. */
    public List<String> messages() {
        return messages.stream().map(octets -> new String(octets, ISO_8859_1)).toList();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                clients.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private static class Ended extends IOException {}

    /** By the server. */
    private static final class Dropped extends Ended {}

    private void serve(Socket client) {
        try (client) {
            converse(client);
        } catch (IOException _) {
            // the client has gone, or a step ended it
        } finally {
            clients.remove(client);
        }
    }

    private void converse(Socket client) throws IOException {
        try {
            var socket = beginsWithTls ? protect(client) : client;
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            reply(out, answer("CONNECT", List.of("220 scripted ESMTP")));
            for (var line = readLine(in); line != null; line = readLine(in)) {
                commands.add(line);
                listening.accept(line);
                var verb = line.split(" ", 2)[0];
                if (verb.equals("BDAT")) {
                    takeChunk(in, line, out);
                    continue;
                }
                reply(out, answer(line, usual(verb, line)));
                if (verb.equals("STARTTLS")) {
                    socket = protect(client);
                    in = new BufferedInputStream(socket.getInputStream());
                    out = socket.getOutputStream();
                } else if (verb.equals("DATA")
                        && answer(line, List.of("354")).getFirst().startsWith("354")) {
                    messages.add(readMessage(in));
                    commands.add(".");
                    listening.accept(".");
                    reply(out, answer(".", List.of("250 2.0.0 Ok: queued as 4XYZ")));
                } else if (verb.equals("QUIT")) {
                    return;
                }
            }
        } catch (Dropped _) {
            drop(client);
        }
    }

    /**
     * The client reads the end after what was said before: closed with octets that nobody has read,
     * the connection would be reset, and what was said might be lost.
     */
    private static void drop(Socket client) throws IOException {
        client.setSoTimeout(LINGER_MILLIS);
        client.shutdownOutput();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Waits until no client is connected. */
    public void awaitDisconnected() {
        while (!clients.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    /** Reads the octets whatever it answers (RFC 3030 §2). */
    private void takeChunk(InputStream in, String line, OutputStream out) throws IOException {
        int length = Integer.parseInt(line.split(" ")[1]);
        var octets = in.readNBytes(length);
        if (octets.length < length) {
            throw new Ended();
        }
        var answer = answer(line, List.of("250 2.0.0 Ok: queued as 4XYZ"));
        if (!answer.getFirst().matches("[45].*")) {
            messages.add(octets);
        }
        reply(out, answer);
    }

    private SSLSocket protect(Socket client) throws IOException {
        var context = tls;
        if (context == null) {
            throw new Ended();
        }
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(client, host(), client.getPort(), true);
        socket.setUseClientMode(false);
        socket.startHandshake();
        return socket;
    }

    private List<String> answer(String command, List<String> otherwise) {
        return replies.entrySet().stream()
                .filter(it -> command.regionMatches(true, 0, it.getKey(), 0, it.getKey().length()))
                .max(Comparator.comparingInt(it -> it.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(otherwise);
    }

    private List<String> usual(String verb, String line) {
        return switch (verb) {
            case "EHLO" -> greeting();
            case "STARTTLS" -> List.of("220 2.0.0 go on");
            case "AUTH" ->
                    line.split(" ").length > 2 ? List.of("235 2.7.0 welcome") : List.of("334 ");
            case "DATA" -> List.of("354 go on");
            case "QUIT" -> List.of("221 2.0.0 bye");
            case "MAIL", "RCPT", "RSET" -> List.of("250 2.1.0 Ok");
            // the lines of an AUTH that is not finished
            default -> logins(line);
        };
    }

    private List<String> logins(String line) {
        boolean second =
                commands.size() > 2 && commands.get(commands.size() - 3).equals("AUTH LOGIN");
        boolean single = !commands.contains("AUTH LOGIN");
        return line.matches("[A-Za-z0-9+/=]+")
                ? List.of(second || single ? "235 2.7.0 welcome" : "334 ")
                : List.of("500 5.5.1 what?");
    }

    private List<String> greeting() {
        var lines = new ArrayList<String>();
        lines.add("250-scripted");
        extensions.forEach(extension -> lines.add("250-" + extension));
        var last = lines.removeLast();
        lines.add("250 " + last.substring(4));
        return lines;
    }

    private static void reply(OutputStream out, List<String> lines) throws IOException {
        for (var line : lines) {
            if (line.equals(DROP)) {
                throw new Dropped();
            }
            if (line.equals(STALL)) {
                LockSupport.park(); // the client gives up first
                throw new Ended();
            }
        }
        out.write((String.join("\r\n", lines) + "\r\n").getBytes(UTF_8));
        out.flush();
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                return line.toString(UTF_8).stripTrailing();
            }
            line.write(octet);
        }
        return null;
    }

    private byte[] readMessage(InputStream in) throws IOException {
        var message = new ByteArrayOutputStream();
        int matched = 2; // the message may be empty
        var end = "\r\n.\r\n".getBytes(UTF_8);
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (!discarding) {
                message.write(octet);
            }
            if (octet == end[matched]) {
                matched++;
            } else {
                matched = octet == '\r' ? 1 : 0;
            }
            if (matched == end.length) {
                if (discarding) {
                    return new byte[0];
                }
                var octets = message.toByteArray();
                return Arrays.copyOf(octets, octets.length - 3);
            }
        }
        throw new Ended();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
