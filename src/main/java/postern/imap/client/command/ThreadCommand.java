package postern.imap.client.command;

import java.util.Arrays;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.message.ThreadedUids;

/** UID THREAD of a whole mailbox by References (RFC 5256 §3). */
public final class ThreadCommand extends Command {

    /** Upper bound on the nesting, larger than any mailbox. */
    private static final int DEEPEST = 1 << 22;

    private final ThreadedUids.Builder threads = new ThreadedUids.Builder();
    private int[] parents = new int[64];
    private int depth;
    private int thread;
    private int sizeBefore;
    private boolean answered;

    public ThreadCommand() {
        super("THREAD");
    }

    @Override
    public void write(CommandLine line) {
        line.words("UID THREAD REFS UTF-8 ALL");
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("THREAD")) {
            return false;
        }
        answered = true;
        parse(response);
        return true;
    }

    /**
     * Parses the parentheses with an explicit stack instead of recursion: threads may be nested as
     * deep as they are long.
     */
    private void parse(Response response) {
        int parent = -1;
        response.skipSpaces();
        while (!response.atEnd()) {
            if (response.skip('(')) {
                response.charge(2 * Integer.BYTES); // the stack doubles when it grows
                push(parent);
            } else if (response.skip(')')) {
                parent = pop();
            } else {
                parent = message(response.number(), parent);
            }
            response.skipSpaces();
        }
        if (depth > 0) {
            throw new MalformedResponse("the answer ends within a thread");
        }
    }

    private void push(int parent) {
        if (depth == DEEPEST) {
            throw new MalformedResponse("threads are nested too deep");
        }
        if (depth == parents.length) {
            parents = Arrays.copyOf(parents, depth * 2);
        }
        parents[depth++] = parent;
    }

    private int pop() {
        if (depth == 0) {
            throw new MalformedResponse("a thread expected");
        }
        int parent = parents[--depth];
        if (depth == 0 && threads.size() > sizeBefore) {
            thread++;
            sizeBefore = threads.size();
        }
        return parent;
    }

    private int message(long uid, int parent) {
        if (depth == 0) {
            throw new MalformedResponse("a thread expected");
        }
        try {
            return threads.add(uid, parent, thread);
        } catch (IllegalArgumentException _) {
            throw new MalformedResponse("a UID expected");
        }
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    /** Whether the server sent a THREAD response, even an empty one. */
    public boolean answered() {
        return answered;
    }

    public ThreadedUids threads() {
        return threads.build();
    }
}
