package postern.imap.client;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.command.StreamCommand;
import postern.imap.message.SectionStream;

/** A literal that is read from the connection, or a quoted string that is in memory. */
final class LiteralStream extends SectionStream {

    // About as much as is in transit anyway: reading it is cheaper than a new connection and login.
    private static final long DRAINED_AT_MOST = 256 * 1024;

    private final @Nullable ClientConnection connection;
    private final @Nullable StreamCommand command;
    private final byte[] here;
    private final long length;
    private long position;
    private boolean finished;
    private boolean closed;

    LiteralStream(ClientConnection connection, StreamCommand command, long length) {
        this.connection = connection;
        this.command = command;
        this.here = new byte[0];
        this.length = length;
    }

    LiteralStream(byte[] octets) {
        this.connection = null;
        this.command = null;
        this.here = octets;
        this.length = octets.length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int size) {
        Objects.checkFromIndexSize(offset, size, target.length);
        if (size == 0) {
            return 0;
        }
        if (closed) {
            return -1;
        }
        if (position >= length) {
            end();
            return -1;
        }
        int wanted = (int) Math.min(size, length - position);
        int some =
                connection == null
                        ? readHere(target, offset, wanted)
                        : readWire(connection, target, offset, wanted);
        position += some;
        if (position == length) {
            end();
        }
        return some;
    }

    /**
     * Reads the tagged response before the last octets are returned, and throws ProtocolError when
     * the section turns out to be another message's.
     */
    private void end() {
        if (connection == null || command == null || finished) {
            return;
        }
        finished = true;
        try {
            connection.finishLiteral(command);
        } catch (ImapException e) {
            if (!command.certain()) {
                throw e;
            }
        }
        command.throwIfOfAnother();
    }

    private int readHere(byte[] target, int offset, int wanted) {
        System.arraycopy(here, (int) position, target, offset, wanted);
        return wanted;
    }

    private static int readWire(
            ClientConnection connection, byte[] target, int offset, int wanted) {
        try {
            return connection.wire().readLiteral(target, offset, wanted);
        } catch (IOException e) {
            throw connection.streamFailed(e);
        }
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (connection != null && !finished && connection.usable()) {
            finish(connection);
        }
        closed = true;
    }

    private void finish(ClientConnection connection) {
        if (length - position > DRAINED_AT_MOST) {
            connection.abort();
            return;
        }
        try {
            var rest = new byte[8 * 1024];
            while (read(rest, 0, rest.length) >= 0) {}
        } catch (ImapException _) {
            // The connection is closed now, and the caller does not need the result.
        }
    }
}
