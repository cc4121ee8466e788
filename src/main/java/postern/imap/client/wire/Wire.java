package postern.imap.client.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The octets of a connection: cuts what comes in into responses and collects what goes out until it
 * is flushed. A response is a line with its literals in it, all in one piece. The buffer is given
 * up while the connection rests.
 */
public final class Wire {

    /** What the tags of commands begin with. */
    public static final char TAG = 'P';

    private static final int BUFFER = 32 * 1024;
    private static final byte[] NOTHING = {};

    private final Supplier<Socket> sockets;
    private final int maxResponse;
    private Socket socket;
    private byte[] buffer = NOTHING;
    private int position;
    private int end;
    private byte[] out = NOTHING;
    private int outEnd;
    private final QuoteTracker quotes = new QuoteTracker();

    /**
     * @param sockets gives the socket in use, which changes once at STARTTLS
     * @param maxResponse the largest response held in memory, in octets
     */
    public Wire(Supplier<Socket> sockets, int maxResponse) {
        this.sockets = sockets;
        this.maxResponse = maxResponse;
        this.socket = sockets.get();
    }

    /** Blocks until the next response is whole. It stays valid until the next call. */
    public Response read() throws IOException {
        skipBlankLines();
        return read(false).response();
    }

    /** The same of what stands behind a literal that has been read. */
    public Response readRest() throws IOException {
        return read(false).response();
    }

    /** A response, up to the end or to the octets of a literal that is still on the wire. */
    public record Head(Response response, long literal) {

        static final long NO_LITERAL = -1;

        public boolean openLiteral() {
            return literal != NO_LITERAL;
        }
    }

    /**
     * Reads up to the first literal; its octets are then for {@link #readLiteral}, and the rest for
     * another call.
     */
    public Head readHead() throws IOException {
        skipBlankLines();
        return read(true);
    }

    /** Some servers put them between responses. */
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
        int scanned = 0; // how far there is no line end, or only some that are passed over
        int line = 0; // where the line begins, or what stands of it behind a literal
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
                var response = new Response(buffer, position, responseEnd, continued);
                position = lineEnd + 1;
                return new Head(response, literal);
            }
            long whole = lineEnd + 1 - position + literal;
            if (whole > maxResponse) {
                throw new IOException("a response of more than %d octets".formatted(maxResponse));
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
     * Whether the line feed is not the end of a FETCH response but part of a string in it. Throws
     * when the strings of the lines that were put together so are none: then nobody can tell any
     * more where a response begins.
     */
    private boolean endsWithinQuotes(int line, int lineEnd, boolean continued) throws IOException {
        if (!fetched()) {
            return false;
        }
        if (continued && tagged(line, lineEnd)) {
            throw new IOException("a quoted string does not end");
        }
        quotes.scan(buffer, line, lineEnd + 1);
        if (continued && quotes.misplaced()) {
            throw new IOException("a quoted string ends where none can");
        }
        return quotes.open();
    }

    /** Whether the response begins like {@code * 7 FETCH}. */
    private boolean fetched() {
        int i = position;
        if (end - i < 5 || buffer[i] != '*' || buffer[i + 1] != ' ') {
            return false;
        }
        for (i += 2; i < end && digit(buffer[i]); i++) {}
        return i > position + 2 && i + 1 < end && buffer[i] == ' ' && (buffer[i + 1] | 0x20) == 'f';
    }

    /** Whether the line may be the end of one of our commands, such as {@code P7 OK}. */
    private boolean tagged(int line, int lineEnd) {
        int i = line;
        if (buffer[i] != TAG) {
            return false;
        }
        for (i++; i < lineEnd && digit(buffer[i]); i++) {}
        return i > line + 1 && i < lineEnd && buffer[i] == ' ';
    }

    private static boolean digit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** Reads octets of an open literal; blocks until there is at least one. */
    public int readLiteral(byte[] target, int offset, int length) throws IOException {
        if (position < end) {
            int some = Math.min(length, end - position);
            System.arraycopy(buffer, position, target, offset, some);
            position += some;
            return some;
        }
        int some = socket.getInputStream().read(target, offset, length);
        if (some < 0) {
            throw new EOFException("the mail server closed the connection");
        }
        return some;
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
        socket.getOutputStream().write(out, 0, outEnd);
        out = NOTHING;
        outEnd = 0;
    }

    /** Sends octets past the buffer, which must have been flushed. */
    public void send(byte[] octets, int offset, int length) throws IOException {
        socket.getOutputStream().write(octets, offset, length);
    }

    /** Gives the buffer up unless something in it has not been read. */
    public void rest() {
        if (position == end) {
            buffer = NOTHING;
            position = 0;
            end = 0;
        }
    }

    /** Whether there are octets to read, or an end of stream, without blocking. */
    public boolean readable() throws IOException {
        if (position < end || socket.getInputStream().available() > 0) {
            return true;
        }
        return socket.isClosed() || socket.isInputShutdown();
    }

    /**
     * The same, where the end of the stream may lie behind nothing at all. It waits a moment, since
     * sockets tell of an end only to those that read.
     */
    public boolean readableOrEnded() throws IOException {
        if (readable()) {
            return true;
        }
        int patience = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            if (buffer.length == 0) {
                buffer = new byte[BUFFER];
                position = 0;
                end = 0;
            }
            int some = socket.getInputStream().read(buffer, end, buffer.length - end);
            end += Math.max(0, some);
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } finally {
            rest();
            if (!socket.isClosed()) {
                socket.setSoTimeout(patience);
            }
        }
    }

    private void followSocket() throws IOException {
        var current = sockets.get();
        if (current != socket) {
            // What came in the clear after STARTTLS was said by somebody else (CVE-2011-0411).
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

    /** The length in {@code {123}} or {@code ~{123}} at the line's end, or NO_LITERAL. */
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

    /** Reads at least so many more octets, making room for them. */
    private void fill(int octets) throws IOException {
        int held = end - position;
        if (held + octets > maxResponse) {
            throw new IOException("a response of more than %d octets".formatted(maxResponse));
        }
        if (position + held + octets > buffer.length) {
            makeRoom(held, octets);
        }
        int wanted = end + octets;
        while (end < wanted) {
            int some = socket.getInputStream().read(buffer, end, buffer.length - end);
            if (some < 0) {
                throw new EOFException("the mail server closed the connection");
            }
            end += some;
        }
    }

    private void makeRoom(int held, int octets) {
        int size = Math.max(BUFFER, buffer.length);
        while (size < held + octets) {
            size = Math.min(maxResponse, size * 2);
        }
        // A line that fills the buffer to the brim is moved once, not at every read.
        if (size == buffer.length && held > size / 2) {
            size = Math.min(maxResponse, size * 2);
        }
        if (position == end && size > BUFFER * 4) {
            size = Math.max(BUFFER, Integer.highestOneBit(octets) * 2);
        }
        var target = size == buffer.length ? buffer : new byte[size];
        System.arraycopy(buffer, position, target, 0, held);
        buffer = target;
        position = 0;
        end = held;
    }
}
