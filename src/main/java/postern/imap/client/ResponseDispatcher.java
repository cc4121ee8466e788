package postern.imap.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.client.command.Command;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;
import postern.imap.client.wire.Turn;
import postern.imap.client.wire.Wire;

/**
 * Gives each response to the command, the selected mailbox or the connection that it is about (RFC
 * 9051 §7). A command is pending from the time it is sent until its tagged response is read.
 */
final class ResponseDispatcher {

    private final ConnectionState state;
    private final WireLog log;
    private final Turn turn = new Turn();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private List<Command> exchanged = List.of();
    private @Nullable String literalTag;
    private boolean loginDead;
    private long answers;
    private int tags;
    private volatile boolean ended;

    /** A command whose tagged response has not been read yet. */
    private record Pending(String tag, Command command) {}

    ResponseDispatcher(ConnectionState state, WireLog log) {
        this.state = state;
        this.log = log;
    }

    /** Starts an exchange: these commands are told of every EXPUNGE until it ends. */
    void begin(List<Command> commands) {
        exchanged = commands;
    }

    /** Ends the exchange; when it was not completed, no more responses are expected. */
    void end(boolean completed) {
        exchanged = List.of();
        if (!completed) {
            pending.clear();
        }
    }

    /** Gives a tag to a command that is about to be sent. */
    String add(Command command) {
        var tag = Wire.TAG + Integer.toString(tags++);
        pending.add(new Pending(tag, command));
        return tag;
    }

    boolean isPending(Command command) {
        for (var each : pending) {
            if (each.command == command) {
                return true;
            }
        }
        return false;
    }

    boolean allEnded() {
        return pending.isEmpty();
    }

    /** The rest of this command is sent when the server has sent the continuation request. */
    void awaitContinuation(String tag) {
        literalTag = tag;
    }

    /** False when the server has sent the continuation request, or has ended the command. */
    boolean awaitsContinuation() {
        return literalTag != null;
    }

    /** Whether the server will serve no more commands, or must not be trusted to. */
    boolean ended() {
        return ended;
    }

    /** Whether the server accepted the login without serving the connection. */
    boolean loginDead() {
        return loginDead;
    }

    /** How many responses of the server were taken by a command. */
    long answers() {
        return answers;
    }

    void dispatch(Response response) throws IOException {
        log.received(response);
        if (response.skipWord("*")) {
            response.skipSpaces();
            untagged(response);
        } else if (response.skip('+')) {
            literalTag = null;
        } else {
            tagged(response);
        }
    }

    /** Dispatches a response that came while no command was pending. */
    void dispatchUnsolicited(Response response) throws IOException {
        log.received(response);
        boolean tagged = !response.skipWord("*");
        response.skipSpaces();
        int start = response.position();
        if (tagged || response.skipWord("BAD")) {
            throw new IOException("an answer that nobody asked for");
        }
        response.seek(start);
        untagged(response);
    }

    private void untagged(Response response) throws IOException {
        int start = response.position();
        if (response.skipWord("BYE")) {
            ended = true;
            if (pending.stream().noneMatch(p -> p.command.verb().equals("LOGOUT"))) {
                throw new IOException("the mail server said BYE");
            }
            return;
        }
        if (takenAsExpunge(response)) {
            return;
        }
        response.seek(start);
        if (takenByCommand(response)) {
            return;
        }
        response.seek(start);
        var selection = state.selection();
        if (selection != null && selection.take(response)) {
            return;
        }
        response.seek(start);
        var notifications = state.notifications();
        if (notifications != null && notifications.take(response)) {
            return;
        }
        response.seek(start);
        if (response.skipWord("BAD")) {
            endWithoutTag(response);
        } else if (response.skipWord("NO")) {
            // Dovecot sends this when the selected mailbox was renamed or deleted, and continues
            // with its old data.
            if (selection != null && response.rest().contains("Internal error")) {
                state.loseMailbox();
            }
        } else if (response.skipWord("CAPABILITY")) {
            var names = Set.copyOf(Arrays.asList(response.rest().trim().split(" +")));
            state.announced(new Capabilities(names));
        }
    }

    /**
     * Handles a BAD without a tag, which servers send when they cannot parse a command's tag. It
     * ends the pending command if there is only one. The connection is not used again, since a late
     * response could be taken for that of another command.
     */
    private void endWithoutTag(Response response) {
        if (pending.size() != 1) {
            return;
        }
        response.skipSpaces();
        literalTag = null;
        var only = pending.remove();
        only.command.complete(Command.Completion.BAD, response.code(), response.words());
        ended = true;
    }

    private boolean takenByCommand(Response response) {
        int start = response.position();
        boolean taken = false;
        for (var each : pending) {
            if (each.command instanceof SelectCommand && each != pending.peek()) {
                break; // responses before this SELECT has its turn belong to the previous mailbox
            }
            response.seek(start);
            if (takes(each.command, response)) {
                taken = true;
                answers++;
                if (!each.command.sharesResponses()) {
                    break;
                }
            }
        }
        return taken;
    }

    /**
     * A response that the command cannot parse does not affect the following ones, since its end is
     * known.
     */
    private static boolean takes(Command command, Response response) {
        try {
            return command.take(response);
        } catch (MalformedResponse e) {
            if (!command.toleratesMalformed()) {
                throw e;
            }
            command.markUnparsable();
            return true;
        }
    }

    private boolean takenAsExpunge(Response response) {
        int start = response.position();
        long sequenceNumber = response.messageData("EXPUNGE");
        if (sequenceNumber < 0) {
            return false;
        }
        exchanged.forEach(command -> command.expunged(sequenceNumber));
        turn.giveWay(); // each may go through all messages of a FETCH
        response.seek(start);
        var selection = state.selection();
        return selection == null || selection.take(response);
    }

    private void tagged(Response response) {
        var tag = response.word();
        response.skipSpaces();
        for (var each : pending) {
            if (each.tag.equals(tag)) {
                pending.remove(each);
                answers++;
                if (tag.equals(literalTag)) {
                    literalTag = null;
                    each.command.markTruncated();
                }
                complete(each.command, response);
                return;
            }
        }
        throw new MalformedResponse("a tag that nobody waits for");
    }

    private void complete(Command command, Response response) {
        var word = response.word();
        response.skipSpaces();
        var code = response.code();
        var completion =
                switch (word.toUpperCase(Locale.ROOT)) {
                    case "OK" -> Command.Completion.OK;
                    case "NO" -> Command.Completion.NO;
                    case "BAD" -> Command.Completion.BAD;
                    default -> throw new MalformedResponse("OK, NO or BAD expected");
                };
        if (state.selection() != null && code != null && code.name().equals("SERVERBUG")) {
            state.loseMailbox();
        }
        var text = response.words();
        loginDead |= completion != Command.Completion.OK && ServerRefusals.isDeadLogin(text);
        command.complete(completion, code, text);
        if (command instanceof SelectCommand select) {
            selected(select);
        }
    }

    /** After a failed SELECT no mailbox is selected (RFC 9051 §6.3.2). */
    private void selected(SelectCommand select) {
        state.select(select.ok() ? select.selection() : null);
        // From here on, EXPUNGE is not about the messages of earlier commands.
        exchanged = exchanged.subList(exchanged.indexOf(select) + 1, exchanged.size());
    }
}
