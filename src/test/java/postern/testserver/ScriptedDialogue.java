package postern.testserver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The commands that a {@link ScriptedImapServer} expects, in order, and what it answers. */
public final class ScriptedDialogue {

    private record Step(String expected, Predicate<String> matches, ScriptedReply reply) {}

    private final String where;
    private final Queue<Step> steps = new ArrayDeque<>();
    private final List<String> unexpected = new ArrayList<>();

    ScriptedDialogue(String where) {
        this.where = where;
    }

    /** Expects this command next; see {@link ScriptedImapServer#expect}. */
    public ScriptedReply expect(String command) {
        return add(command, command::equals);
    }

    /** Expects a command that matches as a whole; the dot matches line ends too. */
    public ScriptedReply expectMatching(String regex) {
        return add("/" + regex + "/", Pattern.compile(regex, Pattern.DOTALL).asMatchPredicate());
    }

    /**
     * Whether exactly this text is expected next. For the first half of a command this means that
     * its literal is refused.
     */
    synchronized boolean expects(String command) {
        var step = steps.peek();
        return step != null && step.expected.equals(command);
    }

    /** Completes the next step if it expects this command; returns its reply. */
    synchronized @Nullable ScriptedReply next(String command) {
        var step = steps.peek();
        if (step == null || !step.matches.test(command)) {
            return null;
        }
        steps.remove();
        notifyAll();
        return step.reply;
    }

    synchronized void failOn(String command) {
        var step = steps.peek();
        unexpected.add(
                where
                        + "expected: "
                        + (step == null ? "no further command" : step.expected)
                        + "\n     but received: "
                        + command);
        notifyAll();
    }

    synchronized List<String> failures(Duration patience) {
        awaitEnd(patience);
        var failures = new ArrayList<>(unexpected);
        steps.forEach(
                step -> failures.add(where + "expected, but never received: " + step.expected));
        return failures;
    }

    private synchronized ScriptedReply add(String expected, Predicate<String> matches) {
        var reply = new ScriptedReply();
        steps.add(new Step(expected, matches, reply));
        return reply;
    }

    /** Waits for the last commands, since a client need not wait for the responses to them. */
    private synchronized void awaitEnd(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!steps.isEmpty() && unexpected.isEmpty() && deadline > System.nanoTime()) {
                wait(1 + Math.max(0, deadline - System.nanoTime()) / 1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
