package postern.imap.client.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Splits the input of a connection into responses, and buffers the output until it is flushed. A
 * response is a line including its literals, in one contiguous piece of memory. The buffer is
 * released while the connection is idle.
 */
public final class Wire {

    /** The first character of command tags. */
    public static final char TAG = 'P';

    private static final int BUFFER = 32 * 1024;
    private static final int WAITING_BUFFER = 256;
    private static final byte[] EMPTY = {};

    private final Supplier<Socket> sockets;
    private final int maxResponse;
    private final AnswerBudget budget;
    private Socket socket;
    private byte[] buffer = EMPTY;
    private int position;
    private int end;
    private byte[] out = EMPTY;
    private int outEnd;
    private final QuoteTracker quotes = new QuoteTracker();
    private boolean unanswered;
    private int trips;

    /**
     * @param sockets supplies the current socket, which changes once at STARTTLS
     * @param maxResponse the largest response held in memory, in octets
     * @param budget is charged for all responses
     */
    public Wire(Supplier<Socket> sockets, int maxResponse, AnswerBudget budget) {
        this.sockets = sockets;
        this.maxResponse = maxResponse;
        this.budget = budget;
        this.socket = sockets.get();
    }

    /**
     * How often octets were sent and an answer was then waited for. What was received while others
     * were sent is an answer as well: it is the exchange that counts, not who was faster.
     */
    public int trips() {
        return trips;
    }

    private void answered() {
        if (unanswered) {
            unanswered = false;
            trips++;
        }
    }

    /** Starts the count of what the server sends: the answers before are no longer held. */
    public void restartBudget() {
        budget.restart();
    }

    /** Drops what was read, for a connection that is not used again. */
    public void discard() {
        position = end;
        releaseBuffer();
        budget.restart();
    }

    /** Blocks until the next response is complete. It is valid until the next call. */
    public Response read() throws IOException {
        skipBlankLines();
        return read(false).response();
    }

    /** Reads the rest of a response after a literal; blocks until it is complete. */
    public Response readRest() throws IOException {
        return read(false).response();
    }

    /** A response, up to its end or up to the octets of a literal that have not been read. */
    public record Head(Response response, long literal) {

        static final long NO_LITERAL = -1;

        public boolean openLiteral() {
            return literal != NO_LITERAL;
        }
    }

    /**
     * Reads up to the first literal. Its octets are then read by {@link #readLiteral}, and the rest
     * by {@link #readRest}.
     */
    public Head readHead() throws IOException {
        skipBlankLines();
        return read(true);
    }

    /** Some servers send blank lines between responses. */
    private void skipBlankLines() throws IOException {
        followSocket();
        while (true) {
            while (end - position < 2) {
                fill(1);
            }
            if (buffer[position] == '\n') {
                position++;
            } else if (buffer[position] == '\r' && buffer[position + 1] == '\n') {
                position += 2;
            } else {
                return;
            }
        }
    }

    private Head read(boolean stopAtLiteral) throws IOException {
        followSocket();
        int scanned = 0; // the octets that contain no line end of a response
        int line = 0; // where the current line begins, or continues after a literal
        boolean continued = false;
        quotes.start();
        while (true) {
            int lineEnd = indexOfLineFeed(position + scanned);
            if (lineEnd < 0) {
                scanned = end - position;
                fill(1);
                continue;
            }
            if (endsWithinQuotes(position + line, lineEnd, continued)) {
                continued = true;
                scanned = lineEnd + 1 - position;
                line = scanned;
                continue;
            }
            long literal = literalAt(lineEnd);
            if (literal == Head.NO_LITERAL || stopAtLiteral) {
                int responseEnd = withoutCarriageReturn(lineEnd);
                var response = new Response(buffer, position, responseEnd, continued, budget);
                position = lineEnd + 1;
                return new Head(response, literal);
            }
            long whole = lineEnd + 1 - position + literal;
            if (whole > maxResponse) {
                throw tooLarge();
            }
            scanned = (int) whole;
            line = scanned;
            quotes.resume();
            if (end - position < scanned) {
                fill(scanned - (end - position));
            }
        }
    }

    /**
     * Whether the line feed is part of a quoted string in a FETCH response. Throws when the lines
     * joined so far turn out to contain misplaced quotation marks: the beginning of the next
     * response is unknown then.
     */
    private boolean endsWithinQuotes(int line, int lineEnd, boolean continued) throws IOException {
        if (!startsFetch()) {
            return false;
        }
        if (continued && mayBeTagged(line, lineEnd)) {
            throw new IOException("a quoted string does not end");
        }
        quotes.scan(buffer, line, lineEnd + 1);
        if (continued && quotes.misplaced()) {
            throw new IOException("a quoted string ends where none can");
        }
        return quotes.open();
    }

    /** Whether the response begins like {@code * 7 FETCH}. */
    private boolean startsFetch() {
        int i = position;
        if (end - i < 5 || buffer[i] != '*' || buffer[i + 1] != ' ') {
            return false;
        }
        for (i += 2; i < end && isDigit(buffer[i]); i++) {}
        return i > position + 2 && i + 1 < end && buffer[i] == ' ' && (buffer[i + 1] | 0x20) == 'f';
    }

    /** Whether the line may be a tagged response of ours, such as {@code P7 OK}. */
    private boolean mayBeTagged(int line, int lineEnd) {
        int i = line;
        if (buffer[i] != TAG) {
            return false;
        }
        for (i++; i < lineEnd && isDigit(buffer[i]); i++) {}
        return i > line + 1 && i < lineEnd && buffer[i] == ' ';
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** Reads octets of a literal; blocks until there is at least one. */
    public int readLiteral(byte[] target, int offset, int length) throws IOException {
        if (position < end) {
            int count = Math.min(length, end - position);
            System.arraycopy(buffer, position, target, offset, count);
            position += count;
            return count;
        }
        answered();
        int count = socket.getInputStream().read(target, offset, length);
        if (count < 0) {
            throw new EOFException("the mail server closed the connection");
        }
        return count;
    }

    public void write(byte[] octets, int offset, int length) {
        if (outEnd + length > out.length) {
            out = Arrays.copyOf(out, Math.max(512, Integer.highestOneBit(outEnd + length) * 2));
        }
        System.arraycopy(octets, offset, out, outEnd, length);
        outEnd += length;
    }

    public void flush() throws IOException {
        followSocket();
        unanswered |= outEnd > 0;
        socket.getOutputStream().write(out, 0, outEnd);
        out = EMPTY;
        outEnd = 0;
    }

    /** Sends octets directly; the output buffer must have been flushed. */
    public void send(byte[] octets, int offset, int length) throws IOException {
        unanswered = true;
        socket.getOutputStream().write(octets, offset, length);
    }

    /** Releases the input buffer unless it contains unread octets. */
    public void releaseBuffer() {
        if (position == end) {
            buffer = EMPTY;
            budget.buffer(0);
            position = 0;
            end = 0;
        }
    }

    /** Whether there is unread input or a known end of the stream; does not block. */
    public boolean readable() throws IOException {
        if (position < end || socket.getInputStream().available() > 0) {
            return true;
        }
        return socket.isClosed() || socket.isInputShutdown();
    }

    /**
     * Like {@link #readable}, but also detects an end of the stream that only a read can find.
     * Waits a moment for it.
     */
    public boolean readableOrEnded() throws IOException {
        if (readable()) {
            return true;
        }
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            if (buffer.length == 0) {
                buffer = new byte[BUFFER];
                position = 0;
                end = 0;
            }
            int count = socket.getInputStream().read(buffer, end, buffer.length - end);
            end += Math.max(0, count);
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } finally {
            releaseBuffer();
            if (!socket.isClosed()) {
                socket.setSoTimeout(timeout);
            }
        }
    }

    /**
     * Waits for input, and has only a small buffer meanwhile; false when none came in this time.
     */
    public boolean awaitInput(Duration time) throws IOException {
        if (position < end) {
            return true;
        }
        releaseBuffer();
        answered();
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(Math.clamp(time.toMillis(), 1, Integer.MAX_VALUE));
        try {
            buffer = new byte[WAITING_BUFFER];
            int count = socket.getInputStream().read(buffer, 0, buffer.length);
            if (count < 0) {
                throw new EOFException("the mail server closed the connection");
            }
            end = count;
            budget.received(count);
            return true;
        } catch (SocketTimeoutException _) {
            releaseBuffer();
            return false;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(timeout);
            }
        }
    }

    private void followSocket() throws IOException {
        var current = sockets.get();
        if (current != socket) {
            // Octets in the clear after STARTTLS may have been injected (CVE-2011-0411).
            if (position < end) {
                throw new IOException("octets in the clear after STARTTLS");
            }
            socket = current;
        }
    }

    private int indexOfLineFeed(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int withoutCarriageReturn(int lineEnd) {
        return lineEnd > position && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    }

    /**
     * The length of the literal {@code {123}} or {@code ~{123}} at the line's end, or NO_LITERAL.
     */
    private long literalAt(int lineEnd) {
        int i = withoutCarriageReturn(lineEnd) - 1;
        if (i < position || buffer[i] != '}') {
            return Head.NO_LITERAL;
        }
        i--;
        if (i >= position && buffer[i] == '+') {
            i--;
        }
        long value = 0;
        long unit = 1;
        int digits = 0;
        for (;
                i >= position && buffer[i] >= '0' && buffer[i] <= '9' && digits < 18;
                i--, digits++) {
            value += unit * (buffer[i] - '0');
            unit *= 10;
        }
        return digits > 0 && i >= position && buffer[i] == '{' ? value : Head.NO_LITERAL;
    }

    /** Reads at least this many more octets, and grows the buffer as they come. */
    private void fill(int octets) throws IOException {
        if (end - position + octets > maxResponse) {
            throw tooLarge();
        }
        answered();
        for (int missing = octets; missing > 0; ) {
            if (end == buffer.length) {
                makeRoom();
            }
            int count = socket.getInputStream().read(buffer, end, buffer.length - end);
            if (count < 0) {
                throw new EOFException("the mail server closed the connection");
            }
            end += count;
            missing -= count;
            budget.received(count);
        }
    }

    private AnswerTooLarge tooLarge() {
        return new AnswerTooLarge("a response of more than %d octets".formatted(maxResponse));
    }

    /**
     * Moves the unread octets to the beginning, of a larger buffer when they fill half of this one:
     * a long line is not moved at every read then.
     */
    private void makeRoom() {
        int held = end - position;
        int size = Math.max(BUFFER, buffer.length);
        if (held > size / 2) {
            size = Math.min(maxResponse, size * 2);
        } else if (held == 0 && size > BUFFER * 4) {
            size = BUFFER;
        }
        var target = buffer;
        if (size != buffer.length) {
            budget.buffer(buffer.length + size); // both exist while they are copied
            target = new byte[size];
        }
        System.arraycopy(buffer, position, target, 0, held);
        buffer = target;
        budget.buffer(size);
        position = 0;
        end = held;
    }
}
