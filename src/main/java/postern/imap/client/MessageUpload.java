package postern.imap.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import postern.deadline.Deadlines;
import postern.imap.Appended;
import postern.imap.client.command.AppendCommand;
import postern.imap.client.command.Command;

/** Sends messages as the literals of APPEND or REPLACE. */
final class MessageUpload {

    private static final int LARGEST_PIECE = 128 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final long OCTETS_STORED_A_SECOND = 1_000_000;

    private final CommandChannel channel;
    private final ResponseDispatcher responses;
    private final Duration commandTimeout;
    private byte[] buffer = {};

    MessageUpload(CommandChannel channel) {
        this.channel = channel;
        this.responses = channel.responses();
        this.commandTimeout = channel.properties().commandTimeout();
    }

    /** Sends one message; throws when it is not stored. */
    Appended send(AppendCommand command, InputStream content) {
        send(List.of(new PipelinedAppend(command, content)));
        var state = channel.state();
        if (command.missesMailbox() && command.mailbox().equals(state.selected())) {
            state.loseMailbox();
        }
        command.throwUnlessOk();
        return command.appended(state.accountTag());
    }

    /** Sends the messages one after the other, and reads the results at the end. */
    void send(List<PipelinedAppend> appends) {
        var commands = appends.stream().map(PipelinedAppend::command).toList();
        channel.guarded(commandTimeout, commands, deadline -> send(appends, deadline));
        channel.requireLiteralsAccepted(commands);
    }

    private void send(List<PipelinedAppend> appends, Deadlines.Deadline deadline)
            throws IOException {
        long octets = 0;
        buffer = new byte[pieces(appends)];
        for (var append : appends) {
            deadline.restart(commandTimeout);
            // Without LITERAL+ the server sends the continuation request after the result of the
            // previous message, so that waiting for one is waiting for both.
            channel.send(append.command());
            // A NO instead of the continuation request has ended the command.
            if (responses.isPending(append.command())) {
                channel.wire().flush();
                sendLiteral(append, deadline);
            }
            // An early refusal has closed the connection, even if other commands are unanswered.
            if (!channel.open()) {
                return;
            }
            octets += append.command().octets();
        }
        if (!responses.allEnded()) {
            readResults(octets, deadline);
        }
    }

    /** No more than the largest message needs. */
    private static int pieces(List<PipelinedAppend> appends) {
        long largest =
                appends.stream().mapToLong(append -> append.command().octets()).max().orElse(0);
        return (int) Math.min(LARGEST_PIECE, largest);
    }

    /**
     * The deadline applies to sending each piece, not to reading the message from its source.
     * Returns at once when the server ends the command before it has received everything.
     */
    private void sendLiteral(PipelinedAppend append, Deadlines.Deadline deadline)
            throws IOException {
        var command = append.command();
        for (long left = command.octets(); left > 0; ) {
            deadline.close();
            int count = read(append.content(), (int) Math.min(buffer.length, left));
            deadline.restart(commandTimeout);
            if (count == left) {
                // A server discards a literal that lacks octets (RFC 9051 §4.3), but may store one
                // that lacks only the line end after it.
                command.markSent();
            }
            if (!sendPiece(command, count)) {
                return;
            }
            left -= count;
        }
        command.markSent();
        channel.log().sentLiteral(command, command.octets());
        channel.wire().send(LINE_END, 0, LINE_END.length);
    }

    private int read(InputStream content, int atMost) {
        try {
            int count = content.read(buffer, 0, atMost);
            if (count < 0) {
                // The server waits for octets that do not exist; padding would store a message that
                // nobody wrote.
                throw new EOFException("the message is shorter than announced");
            }
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False when the server has ended the command; the connection is closed then. */
    private boolean sendPiece(Command command, int length) throws IOException {
        IOException broken = null;
        try {
            channel.wire().send(buffer, 0, length);
        } catch (IOException e) {
            broken = e;
        }
        // A server that rejects the message may send the reason before it closes the connection.
        while (responses.isPending(command)
                && (broken == null || !channel.timedOut())
                && channel.wire().readable()) {
            channel.read();
        }
        if (!responses.isPending(command)) {
            // The server would read the rest of the literal as commands.
            channel.abort();
            return false;
        }
        if (broken != null) {
            throw broken;
        }
        return true;
    }

    /** Servers process a message when it is complete, which takes longer for larger ones. */
    private void readResults(long octets, Deadlines.Deadline deadline) throws IOException {
        var time = commandTimeout.plusSeconds(octets / OCTETS_STORED_A_SECOND);
        deadline.restart(time);
        channel.readTimeout(time);
        channel.readUntilAllEnded();
        if (channel.open()) {
            channel.readTimeout(commandTimeout);
        }
    }
}
