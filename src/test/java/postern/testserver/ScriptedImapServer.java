package postern.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An IMAP server on loopback that plays a dialogue: it expects commands in order and sends the
 * test's replies.
 *
 * <p>The dialogue is shared by all connections, unless a connection was given one of its own.
 * Commands that a client sends to set up a connection (CAPABILITY, ID, ENABLE, NOOP, LOGIN,
 * AUTHENTICATE PLAIN, SELECT, EXAMINE, UNSELECT, LOGOUT) are answered automatically if the dialogue
 * does not expect them. Anything else is answered BAD and fails {@link #verify()}.
 */
public final class ScriptedImapServer implements AutoCloseable {

    /** For a busy machine; only a test that fails waits for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServerSocket listener;
    private final ScriptedDialogue shared = new ScriptedDialogue("");
    private final Map<Integer, ScriptedDialogue> own = new ConcurrentHashMap<>();
    private final List<ScriptedConnection> connections = new CopyOnWriteArrayList<>();
    private final Thread acceptor =
            Thread.ofVirtual().name("scripted-imap-accept").unstarted(this::acceptAll);
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile String capabilities =
            "IMAP4rev1 LITERAL+ ID ENABLE UIDPLUS CONDSTORE AUTH=PLAIN";
    private volatile String greeting = "";
    private volatile List<String> selected =
            List.of(
                    "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
                    "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] Flags permitted.",
                    "* 10 EXISTS",
                    "* 0 RECENT",
                    "* OK [UIDVALIDITY 1] UIDs valid",
                    "* OK [UIDNEXT 11] Predicted next UID",
                    "* OK [HIGHESTMODSEQ 41] Highest");

    private ScriptedImapServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Starts a server on a free loopback port. */
    public static ScriptedImapServer start() {
        try {
            var server = new ScriptedImapServer(Ports.listen(1_000));
            server.acceptor.start();
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

    /**
     * The greeting of later connections, as a whole line; by default an untagged OK with the
     * capabilities.
     */
    public ScriptedImapServer greeting(String line) {
        greeting = line;
        return this;
    }

    /** The capabilities in the greeting, in CAPABILITY and after a login. */
    public ScriptedImapServer capabilities(String... names) {
        capabilities = String.join(" ", names);
        return this;
    }

    /** The untagged lines of the automatic response to SELECT and EXAMINE. */
    public ScriptedImapServer selected(String... untagged) {
        selected = List.of(untagged);
        return this;
    }

    /**
     * Expects this command next, on any connection without a dialogue of its own. The text is what
     * follows the tag, with literals as they are sent, {@code APPEND INBOX {5}\r\nhello}. A line
     * that answers a continuation request (such as DONE) is expected like a command. If the text
     * ends with the announcement of a synchronising literal, the reply replaces the continuation
     * request.
     */
    public ScriptedReply expect(String command) {
        return shared.expect(command);
    }

    /** Like {@link #expect} for commands that vary. */
    public ScriptedReply expectMatching(String regex) {
        return shared.expectMatching(regex);
    }

    /** The dialogue of the nth connection (from 1), which replaces the shared one. */
    public ScriptedDialogue connection(int number) {
        return own.computeIfAbsent(number, n -> new ScriptedDialogue("connection " + n + ": "));
    }

    /** Sends these lines on all open connections, unsolicited. */
    public void push(String... lines) {
        connections.forEach(connection -> connection.push(lines));
    }

    /** All commands received so far, without their tags, in order of arrival. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** Number of connections accepted so far. */
    public int connections() {
        return connections.size();
    }

    /** Waits until the nth connection (from 1) was closed by either side. */
    public void awaitEnd(int number) throws InterruptedException {
        connections.get(number - 1).awaitEnd();
    }

    /**
     * Fails if an unexpected command was received, or if an expected one is not received within
     * half a minute.
     */
    public void verify() {
        verify(PATIENCE);
    }

    /** As {@link #verify()}, for a test that knows better. */
    public void verify(Duration patience) {
        var dialogues = new ArrayList<>(own.values());
        dialogues.add(shared);
        var failures =
                dialogues.stream()
                        .flatMap(dialogue -> dialogue.failures(patience).stream())
                        .toList();
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    String.join("\n", failures) + "\nreceived in all: " + commands);
        }
    }

    /** Verifies the dialogue and ends all connections. */
    @Override
    public void close() {
        try {
            verify();
        } finally {
            stop();
        }
    }

    ScriptedDialogue dialogueOf(int number) {
        return own.getOrDefault(number, shared);
    }

    void received(String command) {
        commands.add(command);
    }

    List<String> greetingLines() {
        return List.of(
                greeting.isEmpty() ? "* OK [CAPABILITY " + capabilities + "] ready" : greeting);
    }

    List<String> capabilityLines() {
        return List.of("* CAPABILITY " + capabilities, "OK done");
    }

    List<String> loginLines() {
        return List.of("OK [CAPABILITY " + capabilities + "] logged in");
    }

    List<String> selectLines(boolean readOnly) {
        var lines = new ArrayList<>(selected);
        lines.add(readOnly ? "OK [READ-ONLY] done" : "OK [READ-WRITE] done");
        return lines;
    }

    /** Ends all connections without verifying the dialogue. */
    public void stop() {
        try {
            listener.close();
            // the port refuses connections only after a pending accept has returned
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.forEach(ScriptedConnection::stop);
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        var connection = new ScriptedConnection(this, connections.size() + 1, socket);
        connections.add(connection);
        connection.start();
        if (listener.isClosed()) {
            connection.stop();
        }
    }
}
