package postern.imap.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.deadline.Deadlines;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.RequestTime;
import postern.imap.client.command.Command;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.UidResultCommand;
import postern.imap.client.wire.AnswerTooLarge;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.ConnectionProperties;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.ServerRefusals;
import postern.imap.client.wire.TrackedSockets;
import postern.imap.client.wire.Wire;
import postern.trace.RequestTrace;
import postern.trace.Step;

/**
 * Sends commands and reads their responses. All commands of an exchange are sent in one flush; then
 * responses are read until each command has ended. Any failure in between leaves the connection in
 * an unknown state, and it is closed at once.
 */
final class CommandChannel {

    /** While we do not read, the server may stop reading, too; so each flush is kept small. */
    static final int FLUSH_OCTETS = 16 * 1024;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final Wire wire;
    private final TrackedSockets sockets;
    private final ConnectionProperties properties;
    private final Deadlines deadlines;
    private final MeterRegistry meters;
    private final ConnectionState state;
    private final WireLog log = new WireLog();
    private final ResponseDispatcher responses;
    private List<Command> introduction;
    private boolean literalsAccepted;
    private volatile boolean aborted;
    private volatile boolean timedOut;

    /**
     * @param introduction is sent together with the first commands, so that it costs no round trip
     */
    CommandChannel(
            Wire wire,
            TrackedSockets sockets,
            ConnectionProperties properties,
            Deadlines deadlines,
            MeterRegistry meters,
            ConnectionState state,
            List<Command> introduction) {
        this.wire = wire;
        this.sockets = sockets;
        this.properties = properties;
        this.deadlines = deadlines;
        this.meters = meters;
        this.state = state;
        this.responses = new ResponseDispatcher(state, log);
        this.introduction = introduction;
    }

    ConnectionState state() {
        return state;
    }

    ResponseDispatcher responses() {
        return responses;
    }

    Wire wire() {
        return wire;
    }

    WireLog log() {
        return log;
    }

    ConnectionProperties properties() {
        return properties;
    }

    Capabilities capabilities() {
        return state.capabilities();
    }

    void giveUp(String capability) {
        state.giveUp(capability);
    }

    /** Whether commands can be sent. */
    boolean open() {
        return !aborted && !responses.ended();
    }

    /** Whether the connection can be used again. */
    boolean usable() {
        return open() && !state.mailboxLost();
    }

    boolean timedOut() {
        return timedOut;
    }

    void abort() {
        aborted = true;
        sockets.close();
    }

    /** Sends the commands in one flush, and throws the first failure. */
    void run(Command... commands) {
        exchange(List.of(commands));
        for (var command : commands) {
            command.throwUnlessOk();
        }
    }

    /** Sends the commands in one flush and reads until each has ended, with any tagged response. */
    void exchange(List<Command> commands) {
        exchange(properties.commandTimeout(), commands);
    }

    /**
     * Like {@link #exchange}, in several flushes where the commands are long. The commands of a
     * group are sent in the same flush; each search has the time of a command.
     */
    void exchangeInFlushes(List<? extends List<? extends Command>> groups) {
        var flush = new ArrayList<Command>();
        int octets = 0;
        long searches = 0;
        for (var group : groups) {
            if (octets >= FLUSH_OCTETS) {
                exchange(properties.commandTimeout().multipliedBy(searches), flush);
                flush = new ArrayList<>();
                octets = 0;
                searches = 0;
            }
            octets += octets(group);
            searches +=
                    Math.max(1, group.stream().filter(UidResultCommand.class::isInstance).count());
            flush.addAll(group);
        }
        exchange(properties.commandTimeout().multipliedBy(searches), flush);
    }

    int octets(List<? extends Command> commands) {
        return commands.stream().mapToInt(command -> line(command).octets().length).sum();
    }

    private CommandLine line(Command command) {
        var line = new CommandLine(capabilities());
        command.write(line);
        return line;
    }

    private void exchange(Duration time, List<Command> commands) {
        sendAndRead(time, commands);
        requireLiteralsAccepted(commands);
    }

    /**
     * A command that changes something has its time even when that of the request is over, as it
     * may be the second step of a change.
     */
    private void sendAndRead(Duration time, List<Command> commands) {
        boolean changes = commands.stream().anyMatch(Command::changes);
        var limit = changes ? time : RequestTime.limit(time);
        try (var _ = RequestTime.start()) {
            guarded(
                    limit,
                    commands,
                    _ -> {
                        for (var command : commands) {
                            send(command);
                        }
                        readUntilAllEnded();
                    });
        }
    }

    /**
     * Checks whether the server has read the literals as such. A server that refuses a command
     * before it has read a non-synchronizing literal may read the literal's octets as commands, and
     * answer these, too. After a refusal a NOOP shows whether requests and responses still match;
     * if not, the connection is closed. If the server has never accepted such a literal, it does
     * not support them.
     */
    void requireLiteralsAccepted(List<? extends Command> commands) {
        boolean refused = commands.stream().anyMatch(it -> it.sendsLiteralAtOnce() && it.refused());
        if (refused && !inStep()) {
            if (mayHaveRefusedLiteral(commands)) {
                throw refusedLiteral();
            }
            abort();
        }
        literalsAccepted |= commands.stream().anyMatch(it -> it.sendsLiteralAtOnce() && it.ended());
    }

    private boolean mayHaveRefusedLiteral(List<? extends Command> commands) {
        return !literalsAccepted
                && commands.stream().anyMatch(it -> it.sendsLiteralAtOnce() && it.misunderstood());
    }

    private boolean inStep() {
        var noop = SimpleCommand.noop();
        try {
            sendAndRead(properties.commandTimeout(), List.of(noop));
        } catch (ImapException _) {
            return false;
        }
        return open() && noop.ok();
    }

    private ImapException refusedLiteral() {
        giveUp(RefusedCapabilities.LITERAL_PLUS);
        giveUp(RefusedCapabilities.LITERAL_MINUS);
        abort();
        return ImapException.ConnectionLost.ofRefusedLiteral();
    }

    /** The input and output of an exchange, which may restart its deadline. */
    interface Exchange {
        void run(Deadlines.Deadline deadline) throws IOException;
    }

    /**
     * Runs the exchange of these commands under a deadline, and closes the connection when it
     * fails.
     */
    void guarded(Duration time, List<? extends Command> commands, Exchange exchange) {
        if (!open()) {
            throw new ImapException.ConnectionLost("the connection is closed", null);
        }
        noopBeforeUnseenUids(commands);
        long started = System.nanoTime();
        int trips = wire.trips();
        var introduced = introduction;
        boolean done = false;
        responses.begin(List.copyOf(commands));
        wire.restartBudget();
        try (var deadline = deadlines.in(time, this::expire)) {
            readUnsolicited();
            introduce();
            exchange.run(deadline);
            if (responses.loginDead()) {
                throw deadLogin();
            }
            wire.releaseBuffer();
            done = open();
        } catch (IOException e) {
            throw unfinished(commands, lost(e));
        } catch (AnswerTooLarge e) {
            throw unfinished(commands, tooLarge(e));
        } catch (ImapException.ConnectionLimit e) {
            throw unfinished(commands, e);
        } catch (MalformedResponse e) {
            throw unfinished(
                    commands,
                    new ImapException.ProtocolError(
                            "the mail server's answer cannot be read", null, e));
        } finally {
            if (!done) {
                abort();
                wire.discard();
            }
            responses.end(done);
            var elapsed = Step.since(started);
            for (var command : commands) {
                if (!streams(command, done)) {
                    record(command, command.outcome(), elapsed);
                }
            }
            var trace = RequestTrace.current();
            if (trace != null) {
                trace(trace, introduced, commands, done, wire.trips() - trips, started, elapsed);
            }
        }
    }

    /** Counts a command, once; one whose answer is streamed when its stream has ended. */
    void record(Command command, String outcome, Duration elapsed) {
        Timer.builder("postern.imap.command")
                .description("Commands to mail servers, by outcome.")
                .tag("command", command.verb())
                .tag("outcome", outcome)
                .register(meters)
                .record(elapsed);
    }

    /** The answer of a command that has not ended is streamed, if nothing failed. */
    private static boolean streams(Command command, boolean done) {
        return done && !command.ended();
    }

    private void trace(
            RequestTrace trace,
            List<Command> introduced,
            List<? extends Command> commands,
            boolean done,
            int trips,
            long started,
            Duration elapsed) {
        var told = new ArrayList<Step.Command>();
        for (var sent : List.of(introduced, commands)) {
            for (var command : sent) {
                var outcome = streams(command, done) ? "begun" : command.outcome();
                told.add(new Step.Command(command.verb(), command.itemNames(), outcome));
            }
        }
        if (!told.isEmpty() || trips > 0) {
            var outcome = done ? "ok" : "lost";
            trace.ended(
                    new Step(Step.Kind.IMAP, state.host(), told, outcome, trips, started, elapsed));
        }
    }

    /**
     * Sends a NOOP first when the commands name UIDs that this connection has not seen, which the
     * caller may know from another connection: Dovecot and Courier report new messages only to a
     * command in a flush of its own. Not needed with a FETCH by sequence numbers, whose caller
     * checks for new messages itself.
     */
    private void noopBeforeUnseenUids(List<? extends Command> commands) {
        var selection = state.selection();
        if (selection == null) {
            return;
        }
        boolean unseen = false;
        for (var command : commands) {
            if (command instanceof SelectCommand) {
                break; // the following commands are for another mailbox
            }
            if (command instanceof FetchCommand fetch && fetch.bySequenceNumber()) {
                return;
            }
            unseen |= selection.mayHaveArrived(line(command).uids());
        }
        if (unseen) {
            run(SimpleCommand.noop());
        }
    }

    /** Closes the connection when a command takes too long; for one that other threads end. */
    Deadlines.Deadline commandDeadline() {
        return deadlines.in(properties.commandTimeout(), this::expire);
    }

    private void expire() {
        timedOut = true;
        abort();
    }

    /**
     * Reads what the server has sent since the last command, so that it is not taken for an answer
     * to the next one: news of the selected mailbox, BYE, or answers to octets that the server took
     * for commands. Then the connection is lost before anything was sent.
     */
    private void readUnsolicited() throws IOException {
        while (responses.allEnded() && wire.readable()) {
            responses.dispatchUnsolicited(wire.read());
        }
    }

    private void introduce() throws IOException {
        var commands = introduction;
        introduction = List.of();
        for (var command : commands) {
            send(command);
        }
    }

    /** The exception for the sender of these commands after the connection has ended. */
    private ImapException unfinished(List<? extends Command> commands, ImapException reason) {
        if (mayHaveRefusedLiteral(commands)) {
            return refusedLiteral();
        }
        return commands.stream().anyMatch(Command::mayHaveChanged)
                ? new ImapException.OutcomeUnknown(reason)
                : reason;
    }

    static ImapException tooLarge(AnswerTooLarge reason) {
        return new ImapException.ProtocolError(
                "the mail server answers with more than the gateway takes", null, reason);
    }

    /** The exception for a failure to read or write. */
    ImapException lost(IOException e) {
        if (responses.loginDead()) {
            return deadLogin();
        }
        if (timedOut || e instanceof SocketTimeoutException) {
            return new ImapException.ServerTimedOut("the mail server did not answer in time", e);
        }
        return new ImapException.ConnectionLost("the connection to the mail server was lost", e);
    }

    private static ImapException deadLogin() {
        return ServerRefusals.bad("LOGIN", null, "authenticated but not connected");
    }

    /**
     * Sends a command. When a literal of its own follows, as with APPEND, the server is ready for
     * it if the command is still pending. Returns the command's tag.
     */
    String send(Command command) throws IOException {
        var line = line(command);
        var octets = line.octets();
        var tag = responses.add(command);
        log.sent(tag, command, octets.length);
        boolean literalFollows = octets.length > 0 && octets[octets.length - 1] == '\n';
        if (line.sendsLiteralAtOnce()) {
            command.markLiteralSentAtOnce();
        }
        write((tag + " ").getBytes(US_ASCII));
        int from = 0;
        for (int stop : line.stops()) {
            wire.write(octets, from, stop - from);
            if (!continuationRequested(tag, command)) {
                return tag;
            }
            from = stop;
        }
        if (!literalFollows) {
            command.markSent();
        }
        wire.write(octets, from, octets.length - from);
        if (!literalFollows) {
            write(LINE_END);
        }
        return tag;
    }

    /** Sends a command; false when the server ended it instead of requesting its continuation. */
    boolean sendAndAwaitContinuation(Command command) throws IOException {
        var tag = send(command);
        return continuationRequested(tag, command);
    }

    private void write(byte[] octets) {
        wire.write(octets, 0, octets.length);
    }

    /**
     * Waits for the continuation request before a literal; false when the server ended the command
     * instead.
     */
    private boolean continuationRequested(String tag, Command command) throws IOException {
        wire.flush();
        responses.awaitContinuation(tag);
        while (responses.awaitsContinuation()) {
            read();
        }
        return responses.isPending(command);
    }

    void readUntilAllEnded() throws IOException {
        wire.flush();
        while (!responses.allEnded()) {
            read();
        }
    }

    /** Reads one response. */
    void read() throws IOException {
        if (aborted) {
            throw new IOException("the connection was closed"); // and its buffer is still full
        }
        responses.dispatch(wire.read());
    }

    /** Sets how long the server may send nothing. */
    void readTimeout(Duration time) throws IOException {
        sockets.readTimeout(time);
    }

    /** The commands that are not null. */
    static List<Command> commands(@Nullable Command... commands) {
        var list = new ArrayList<Command>();
        for (var command : commands) {
            if (command != null) {
                list.add(command);
            }
        }
        return list;
    }
}
