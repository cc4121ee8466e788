package postern.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A mail server on loopback that takes XOAUTH2, asks the test whose a token is, and has an empty
 * INBOX for everybody.
 */
public final class TokenMailServer implements AutoCloseable {

    private static final Pattern COMMAND = Pattern.compile("(\\S+) ((?:UID )?\\S+)(.*)");
    private static final Pattern RESPONSE =
            Pattern.compile("user=([^\1]*)\1auth=Bearer ([^\1]*)\1\1");

    private final ServerSocket listener;
    private final Function<String, Optional<String>> users;
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    private TokenMailServer(ServerSocket listener, Function<String, Optional<String>> users) {
        this.listener = listener;
        this.users = users;
    }

    /**
     * @param users the local part of the address of a token's user; empty for a token that is no
     *     longer valid
     */
    public static TokenMailServer start(Function<String, Optional<String>> users) {
        try {
            var listener = Ports.listen(50);
            var server = new TokenMailServer(listener, users);
            Thread.ofVirtual().name("token-mail-server").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The access tokens that were sent, in order. */
    public List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** Ends all connections. */
    public void disconnect() {
        clients.forEach(client -> {
            try {
                client.close();
            } catch (IOException _) {
                // closed anyway
            }
        });
        clients.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        disconnect();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                clients.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            say(client, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready");
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var command = COMMAND.matcher(line);
                if (!command.matches()) {
                    say(client, "* BAD what?");
                    continue;
                }
                var tag = command.group(1);
                switch (command.group(2)) {
                    case "AUTHENTICATE" -> authenticate(client, in, tag, command.group(3));
                    case "CAPABILITY" -> {
                        say(client, "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2");
                        say(client, tag + " OK");
                    }
                    case "LIST", "LSUB" -> {
                        say(client, "* %s () \"/\" INBOX".formatted(command.group(2)));
                        say(client, tag + " OK");
                    }
                    case "EXAMINE", "SELECT" -> {
                        say(client, "* FLAGS (\\Seen)");
                        say(client, "* 0 EXISTS");
                        say(client, "* OK [UIDVALIDITY 1] numbered");
                        say(client, "* OK [UIDNEXT 1] next");
                        say(client, tag + " OK [READ-ONLY] opened");
                    }
                    case "STATUS" -> {
                        say(client, "* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1)");
                        say(client, tag + " OK");
                    }
                    default -> say(client, tag + " OK");
                }
            }
        } catch (IOException _) {
            // the client has gone
        }
    }

    private void authenticate(Socket client, BufferedReader in, String tag, String arguments)
            throws IOException {
        var initial = arguments.strip().split(" ")[1];
        var response =
                RESPONSE.matcher(new String(Base64.getDecoder().decode(initial), ISO_8859_1));
        if (!response.matches()) {
            say(client, tag + " BAD");
            return;
        }
        tokens.add(response.group(2));
        var user = users.apply(response.group(2));
        if (user.filter(it -> response.group(1).equals(it + "@example.org")).isPresent()) {
            say(client, tag + " OK");
            return;
        }
        var json = "{\"status\":\"401\"}".getBytes(ISO_8859_1);
        say(client, "+ " + Base64.getEncoder().encodeToString(json));
        in.readLine();
        say(client, tag + " NO [AUTHENTICATIONFAILED]");
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
    }
}
