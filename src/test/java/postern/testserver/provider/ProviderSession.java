package postern.testserver.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client of a {@link ProviderServer}: greeting, TLS, login, and what is allowed afterwards. */
final class ProviderSession {

    private static final Pattern LITERAL = Pattern.compile("(?s).*\\{(\\d+)(\\+?)}");
    private static final Set<String> BEFORE_LOGIN =
            Set.of("CAPABILITY", "NOOP", "LOGOUT", "ID", "STARTTLS", "LOGIN", "AUTHENTICATE");
    private static final long LITERAL_MINUS = 4_096;

    private final ProviderServer server;
    private final StringBuilder answer = new StringBuilder();
    private final MailboxCommands commands;
    private Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private volatile boolean loggedIn;
    private boolean dead;
    private String tag = "";
    private boolean identified;

    ProviderSession(ProviderServer server, Socket socket) {
        this.server = server;
        this.socket = socket;
        this.commands = new MailboxCommands(server, this);
    }

    boolean loggedIn() {
        return loggedIn;
    }

    void stop() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve() {
        try {
            socket.setTcpNoDelay(true);
            if (!server.startTls()) {
                beginTls();
            }
            in = new BufferedInputStream(socket.getInputStream());
            say("* OK " + server.script().greeting());
            flush();
            var line = readLine();
            while (line != null && run(line)) {
                line = readLine();
            }
        } catch (IOException _) {
            // the client has gone
        } finally {
            loggedIn = false;
            stop();
        }
    }

    /** False at the end of the session. */
    private boolean run(String line) throws IOException {
        int space = line.indexOf(' ');
        tag = line.substring(0, space);
        var words = new Words(withLiterals(line.substring(space + 1)));
        var verb = words.upper();
        if (verb.equals("UID")) {
            verb += " " + words.upper();
        }
        server.sent(verb);
        var end = answer(verb, words);
        say(tag + " " + end);
        flush();
        if (verb.equals("STARTTLS")) {
            beginTls();
            in = new BufferedInputStream(socket.getInputStream());
        }
        return !verb.equals("LOGOUT");
    }

    private String answer(String verb, Words words) throws IOException {
        if (!loggedIn && !BEFORE_LOGIN.contains(verb)) {
            return "BAD not logged in";
        }
        if (dead) {
            return "BAD User is authenticated but not connected.";
        }
        if (server.throttling() && !verb.equals("LOGOUT")) {
            return server.script().throttled();
        }
        var refusal = server.script().refusal(verb, words.rest(), identified);
        if (refusal != null) {
            return refusal;
        }
        return switch (verb) {
            case "CAPABILITY" -> {
                say("* CAPABILITY " + announced());
                yield "OK done";
            }
            case "ID" -> {
                require("ID", verb);
                identified = loggedIn;
                say("* ID (\"name\" \"%s\")".formatted(server.script()));
                yield "OK done";
            }
            case "STARTTLS" -> "OK begin";
            case "LOGOUT" -> {
                say("* BYE see you");
                yield "OK done";
            }
            case "LOGIN" -> login(words.next(), words.next());
            case "AUTHENTICATE" -> authenticate(words.upper(), words);
            default -> {
                synchronized (server) {
                    yield commands.run(verb, words);
                }
            }
        };
    }

    private String announced() {
        var script = server.script();
        return loggedIn ? script.announced() : script.announcedFirst();
    }

    boolean announces(String capability) {
        return List.of(announced().split(" ")).contains(capability);
    }

    /** Remembers a command that uses what is not announced, or what the preset switches off. */
    void require(String capability, String command) {
        if (!announces(capability) || server.script().switchedOff().contains(capability)) {
            server.sentUnannounced(command + " without " + capability);
        }
    }

    private String login(String user, String password) {
        if (password.equals(ProviderServer.ACCOUNT_PASSWORD)) {
            return server.script().appPasswordWanted();
        }
        boolean right =
                server.script().names(user, server.address())
                        && password.equals(ProviderServer.APP_PASSWORD);
        return right ? accept() : server.script().passwordRefused();
    }

    private String authenticate(String mechanism, Words words) throws IOException {
        require("AUTH=" + mechanism, "AUTHENTICATE " + mechanism);
        var initial = "";
        if (words.atEnd()) {
            say("+ ");
            flush();
            initial = nextLine();
        } else {
            require("SASL-IR", "initial response");
            initial = words.next();
        }
        var response = new String(Base64.getDecoder().decode(initial), ISO_8859_1);
        if (mechanism.equals("PLAIN")) {
            var parts = response.split("\0", -1);
            return login(parts[1], parts[2]);
        }
        var user =
                response.replaceFirst("(?s)^(?:user=|n,a=)([^\1,]*).*", "$1")
                        .replace("=3D", "=")
                        .replace("=2C", ",");
        boolean right =
                user.equals(server.address())
                        && response.contains(
                                "\1auth=Bearer " + ProviderServer.ACCESS_TOKEN + "\1\1");
        return right ? accept() : refuseToken();
    }

    private String refuseToken() throws IOException {
        var challenge = server.script().challenge();
        if (challenge != null) {
            say("+ " + Base64.getEncoder().encodeToString(challenge.getBytes(ISO_8859_1)));
            flush();
            readLine();
        }
        return server.script().tokenRefused();
    }

    private String accept() {
        if (server.full()) {
            return server.script().tooManyConnections();
        }
        loggedIn = true;
        dead = server.deadLogin();
        return server.script().announcesAtLogin()
                ? "OK [CAPABILITY %s] logged in".formatted(announced())
                : "OK LOGIN completed.";
    }

    /** That of the command which is answered. */
    String tag() {
        return tag;
    }

    void say(String line) {
        answer.append(line).append("\r\n");
    }

    private void flush() throws IOException {
        socket.getOutputStream().write(answer.toString().getBytes(ISO_8859_1));
        answer.setLength(0);
    }

    private void beginTls() throws IOException {
        var secure =
                (SSLSocket) server.tls().getSocketFactory().createSocket(socket, null, 0, true);
        secure.setUseClientMode(false);
        socket = secure;
    }

    private String withLiterals(String line) throws IOException {
        var command = new StringBuilder(line);
        var rest = line;
        for (var literal = LITERAL.matcher(rest);
                literal.matches();
                literal = LITERAL.matcher(rest)) {
            int length = Integer.parseInt(literal.group(1));
            if (literal.group(2).isEmpty()) {
                say("+ go on");
                flush();
            } else if (length > LITERAL_MINUS || !announces("LITERAL-")) {
                require("LITERAL+", "a literal");
            }
            command.append("\r\n").append(new String(in.readNBytes(length), ISO_8859_1));
            rest = nextLine();
            command.append(rest);
        }
        return command.toString();
    }

    private String nextLine() throws IOException {
        var line = readLine();
        if (line == null) {
            throw new EOFException();
        }
        return line;
    }

    private @Nullable String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return null;
            }
            line.write(octet);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
