package postern.imap.angus;

import java.util.Arrays;
import postern.imap.MessageThreads;

/** UID THREAD of a whole mailbox (RFC 5256 §3), by References alone. */
final class ThreadCommand extends Command {

    /** A thread that is nested deeper than any mailbox is large is no answer. */
    private static final int DEEPEST = 1 << 22;

    private final MessageThreads.Builder threads = new MessageThreads.Builder();
    private int[] outer = new int[64];
    private int depth;
    private int thread;
    private int before;
    private boolean answered;

    ThreadCommand() {
        super("THREAD");
    }

    @Override
    void write(CommandLine line) {
        line.words("UID THREAD REFS UTF-8 ALL");
    }

    @Override
    boolean take(Response response) {
        if (!response.skipWord("THREAD")) {
            return false;
        }
        answered = true;
        read(response);
        return true;
    }

    /**
     * Goes through the parentheses with a stack of its own: a conversation may be nested as deep as
     * it is long.
     */
    private void read(Response response) {
        int parent = -1;
        response.skipSpaces();
        while (!response.atEnd()) {
            if (response.skip('(')) {
                push(parent);
            } else if (response.skip(')')) {
                parent = pop();
            } else {
                parent = message(response.number(), parent);
            }
            response.skipSpaces();
        }
        if (depth > 0) {
            throw new Unparsable("the answer ends within a thread");
        }
    }

    private void push(int parent) {
        if (depth == DEEPEST) {
            throw new Unparsable("threads are nested too deep");
        }
        if (depth == outer.length) {
            outer = Arrays.copyOf(outer, depth * 2);
        }
        outer[depth++] = parent;
    }

    private int pop() {
        if (depth == 0) {
            throw new Unparsable("a thread expected");
        }
        int parent = outer[--depth];
        if (depth == 0 && threads.size() > before) {
            thread++;
            before = threads.size();
        }
        return parent;
    }

    private int message(long uid, int parent) {
        if (depth == 0) {
            throw new Unparsable("a thread expected");
        }
        try {
            return threads.add(uid, parent, thread);
        } catch (IllegalArgumentException _) {
            throw new Unparsable("a UID expected");
        }
    }

    @Override
    boolean harmless() {
        return true;
    }

    /** Whether the server told of any threads, or that there are none. */
    boolean answered() {
        return answered;
    }

    MessageThreads threads() {
        return threads.build();
    }
}
