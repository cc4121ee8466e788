package postern.imap.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.command.StreamCommand;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.message.SectionStream;
import postern.trace.Step;

/** A literal that is read from the connection while its FETCH is in progress. */
final class LiteralStream extends SectionStream {

    // About as much as is in transit anyway: reading it is cheaper than a new connection and login.
    private static final long DRAINED_AT_MOST = 256 * 1024;

    private final CommandChannel channel;
    private final StreamCommand command;
    private final long length;
    private final Duration toFirstOctet;
    private long position;
    private boolean finished;
    private boolean counted;
    private boolean closed;

    /** The literal that an answer has begun with. */
    private record Begun(long length, Duration toFirstOctet) {}

    private LiteralStream(CommandChannel channel, StreamCommand command, Begun begun) {
        this.channel = channel;
        this.command = command;
        this.length = begun.length();
        this.toFirstOctet = begun.toFirstOctet();
    }

    /**
     * Sends the command. The section is streamed, unless the server sends it as a quoted string;
     * throws when it sends none.
     */
    static SectionStream open(CommandChannel channel, StreamCommand command) {
        var begun = sendAndReadHead(channel, command);
        if (begun != null) {
            return new LiteralStream(channel, command, begun);
        }
        command.throwUnlessOk();
        return new QuotedSection(command.octets());
    }

    /** Reads up to the literal of the answer; null when the command has ended without one. */
    private static @Nullable Begun sendAndReadHead(CommandChannel channel, StreamCommand command) {
        var found = new Begun[1];
        channel.guarded(
                channel.properties().commandTimeout(),
                List.of(command),
                _ -> {
                    long started = System.nanoTime();
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
                            found[0] = new Begun(head.literal(), Step.since(started));
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
            channel.abort();
            count("lost");
            throw channel.lost(e);
        }
    }

    private void count(String outcome) {
        if (!counted) {
            counted = true;
            channel.record(command, outcome, toFirstOctet);
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
        } finally {
            count(command.outcome());
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
        count("begun"); // it was given up
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
