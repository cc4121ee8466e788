package postern.trace;

import java.time.Duration;
import java.util.List;

/**
 * What was done at another server, or the wait for a connection to it. It has words of our own code
 * and names of hosts; never an argument, a name of a user or mailbox, or content.
 *
 * @param host the server
 * @param commands those that were sent together; empty where it is no command
 * @param outcome {@code ok}, or why it failed, in the words of the metrics
 * @param trips how often octets were sent and then an answer was waited for
 * @param started by {@link System#nanoTime}
 */
public record Step(
        Kind kind,
        String host,
        List<Command> commands,
        String outcome,
        int trips,
        long started,
        Duration elapsed) {

    /** What kind of step it is. */
    public enum Kind {
        /** The wait for a connection to a mail server. */
        BORROW,
        /** From the socket to the end of the login. */
        CONNECT,
        /** Commands to a mail server, sent together. */
        IMAP,
        SMTP_CONNECT,
        /** The transaction of one message. */
        SMTP,
        /** A request to the token endpoint of an authorization server. */
        OAUTH
    }

    /**
     * A command of a step.
     *
     * @param verb such as {@code FETCH}
     * @param items the data items that it asks for, such as {@code UID FLAGS}; may be empty
     * @param outcome {@code ok}, {@code no}, {@code bad}, {@code lost}, or {@code begun} for an
     *     answer that is still read
     */
    public record Command(String verb, String items, String outcome) {}

    /** A step without commands that is over now. */
    public static Step ended(Kind kind, String host, String outcome, int trips, long started) {
        return new Step(kind, host, List.of(), outcome, trips, started, since(started));
    }

    /** The time since then, by {@link System#nanoTime}. */
    public static Duration since(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
