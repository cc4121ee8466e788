package postern.imap.client;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.command.StreamCommand;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Wire;
import postern.imap.message.SectionStream;

/** A literal that is read from the connection while its FETCH is in progress. */
final class LiteralStream extends SectionStream {

    // About as much as is in transit anyway: reading it is cheaper than a new connection and login.
    private static final long DRAINED_AT_MOST = 256 * 1024;

    private final CommandChannel channel;
    private final StreamCommand command;
    private final long length;
    private long position;
    private boolean finished;
    private boolean closed;

    private LiteralStream(CommandChannel channel, StreamCommand command, long length) {
        this.channel = channel;
        this.command = command;
        this.length = length;
    }

    /**
     * Sends the command. The section is streamed, unless the server sends it as a quoted string;
     * throws when it sends none.
     */
    static SectionStream open(CommandChannel channel, StreamCommand command) {
        var head = sendAndReadHead(channel, command);
        if (head != null) {
            return new LiteralStream(channel, command, head.literal());
        }
        command.throwUnlessOk();
        return new QuotedSection(command.octets());
    }

    /** Reads up to the literal of the answer; null when the command has ended without one. */
    private static Wire.@Nullable Head sendAndReadHead(
            CommandChannel channel, StreamCommand command) {
        var found = new Wire.Head[1];
        channel.guarded(
                channel.properties().commandTimeout(),
                List.of(command),
                _ -> {
                    channel.send(command);
                    channel.wire().flush();
                    while (!channel.responses().allEnded() && found[0] == null) {
                        var head = channel.wire().readHead();
                        if (head.openLiteral()) {
                            channel.log().receivedHead(head.response(), head.literal());
                            if (!command.answeredBy(head.response())) {
                                throw new MalformedResponse("a literal that nobody asked for");
                            }
                            channel.readTimeout(channel.properties().readTimeout());
                            found[0] = head;
                        } else {
                            channel.responses().dispatch(head.response());
                        }
                    }
                });
        return found[0];
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
        int count = readWire(target, offset, (int) Math.min(size, length - position));
        position += count;
        if (position == length) {
            end();
        }
        return count;
    }

    private int readWire(byte[] target, int offset, int size) {
        try {
            return channel.wire().readLiteral(target, offset, size);
        } catch (IOException e) {
            channel.lostWithin(command);
            throw channel.lost(e);
        }
    }

    /**
     * Reads the tagged response before the last octets are returned, and throws ProtocolError when
     * the section turns out to be another message's.
     */
    private void end() {
        if (finished) {
            return;
        }
        finished = true;
        try {
            readRest();
        } catch (ImapException e) {
            if (!command.uidConfirmed()) {
                throw e;
            }
        }
        command.throwIfOfAnotherMessage();
    }

    /** Reads the rest of the response after the literal, and the tagged response. */
    private void readRest() {
        var commandTimeout = channel.properties().commandTimeout();
        channel.guarded(
                commandTimeout,
                List.of(),
                _ -> {
                    channel.readTimeout(commandTimeout);
                    command.takeRest(channel.wire().readRest());
                    channel.readUntilAllEnded();
                });
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
        if (!finished && channel.usable()) {
            drain();
        }
        closed = true;
    }

    private void drain() {
        if (length - position > DRAINED_AT_MOST) {
            channel.abort();
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
