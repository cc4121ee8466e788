package postern.testserver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * What a {@link ScriptedImapServer} does about one command, in this order; nothing said means a
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
     * Sends lines, each with CRLF. One that begins with OK, NO or BAD gets the command's tag in
     * front; any other ({@code "* …"}, {@code "+ …"}, the rest of a response after a literal) goes
     * out as it is.
     */
    public ScriptedReply reply(String... lines) {
        return then(new Lines(List.of(lines)));
    }

    /** Sends octets as they are: the content of a literal, or garbage. */
    public ScriptedReply octets(byte[] octets) {
        return then(new Octets(octets.clone()));
    }

    /** {@link #octets(byte[])} of the text in UTF-8. */
    public ScriptedReply octets(String text) {
        return octets(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for the test before it goes on. */
    public ScriptedReply await(CountDownLatch latch) {
        return then(new Await(latch));
    }

    /** Answers nothing any more on this connection, which stays open. */
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

    /** Says BYE and closes the connection. */
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
