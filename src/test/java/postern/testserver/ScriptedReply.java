package postern.testserver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * The steps of a {@link ScriptedImapServer} after one command, in order; without any it sends a
 * plain OK.
 */
public final class ScriptedReply {

    sealed interface Action permits Lines, Octets, Await, Stall, Drop, Reset {}

    record Lines(List<String> lines) implements Action {}

    record Octets(byte[] octets) implements Action {}

    record Await(CountDownLatch latch) implements Action {}

    record Stall() implements Action {}

    record Drop() implements Action {}

    record Reset() implements Action {}

    private final List<Action> actions = new CopyOnWriteArrayList<>();

    ScriptedReply() {}

    /**
     * Sends lines, each with CRLF. One that begins with OK, NO or BAD is prefixed with the
     * command's tag; any other ({@code "* …"}, {@code "+ …"}, the rest of a response after a
     * literal) is sent unchanged.
     */
    public ScriptedReply reply(String... lines) {
        return then(new Lines(List.of(lines)));
    }

    /** Sends raw octets: the content of a literal, or garbage. */
    public ScriptedReply octets(byte[] octets) {
        return then(new Octets(octets.clone()));
    }

    /** {@link #octets(byte[])} of the text in UTF-8. */
    public ScriptedReply octets(String text) {
        return octets(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for the test before the next step. */
    public ScriptedReply await(CountDownLatch latch) {
        return then(new Await(latch));
    }

    /** Sends nothing more on this connection, but keeps it open. */
    public void stall() {
        then(new Stall());
    }

    /** Closes the connection. */
    public void drop() {
        then(new Drop());
    }

    /** Resets the connection (RST). */
    public void reset() {
        then(new Reset());
    }

    /** Sends BYE and closes the connection. */
    public void bye(String text) {
        reply("* BYE " + text);
        drop();
    }

    List<Action> actions() {
        return actions.isEmpty() ? List.of(new Lines(List.of("OK done"))) : List.copyOf(actions);
    }

    private ScriptedReply then(Action action) {
        actions.add(action);
        return this;
    }
}
