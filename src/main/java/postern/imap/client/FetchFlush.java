package postern.imap.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.client.command.Command;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.SelectionState;
import postern.imap.client.command.SimpleCommand;
import postern.imap.message.FetchListener;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;

/**
 * A NOOP and several FETCHes in one flush. It is repeated without an item that the server announced
 * but refuses.
 */
final class FetchFlush {

    private final CommandChannel channel;
    private final SelectionState selection;
    // Null for a request that names no messages.
    private final List<@Nullable FetchCommand> fetches = new ArrayList<>();
    private long messagesBefore;

    FetchFlush(CommandChannel channel, SelectionState selection) {
        this.channel = channel;
        this.selection = selection;
    }

    /** The answers in the order of the requests. */
    List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener) {
        var extras = channel.state().fetchExtras();
        var with = channel.capabilities();
        var commands = exchange(requests, with, listener);
        var suspect = extras.suspect(commands);
        while (suspect != null && channel.usable()) {
            with = with.without(suspect);
            commands = exchange(requests, with, listener);
            var next = extras.suspect(commands);
            if (next == null && commands.stream().allMatch(Command::ok)) {
                channel.giveUp(suspect);
            }
            suspect = next;
        }
        extras.noteSupported(commands);
        var answers = new ArrayList<List<FetchedMessage>>();
        for (var fetch : fetches) {
            answers.add(
                    fetch == null
                            ? List.of()
                            : FetchAnswer.of(channel, selection, fetch, messagesBefore));
        }
        return new StandInMessages(channel).removedFrom(answers);
    }

    private List<FetchCommand> exchange(
            List<FetchRequest> requests, Capabilities with, FetchListener listener) {
        messagesBefore = selection.state().messages();
        fetches.clear();
        var sent = new ArrayList<FetchCommand>();
        for (var request : requests) {
            var clamped = clamped(request);
            var fetch = clamped == null ? null : new FetchCommand(clamped, with, listener);
            fetches.add(fetch);
            if (fetch != null) {
                sent.add(fetch);
            }
        }
        var noop = SimpleCommand.noop();
        var commands = CommandChannel.commands(noop);
        commands.addAll(sent);
        if (channel.capabilities().showsWhatIsGone() && !selection.name().inbox()) {
            commands.add(status());
        }
        channel.exchange(commands);
        requireMailbox(commands);
        noop.throwUnlessOk();
        return sent;
    }

    /** Courier continues to show a mailbox that another client has deleted; only STATUS fails. */
    private Command status() {
        return new SimpleCommand(
                "STATUS",
                line -> line.words("STATUS ").mailbox(selection.name()).words(" (UIDVALIDITY)"));
    }

    /**
     * Closes the connection when its selected mailbox was deleted or renamed: what the server says
     * of it afterwards is useless, and may be about another mailbox of the same name.
     */
    private void requireMailbox(List<Command> commands) {
        if (channel.state().mailboxLost() || commands.stream().anyMatch(Command::missesMailbox)) {
            channel.abort();
            throw new ImapException.ConnectionLost("the mailbox that was open is no more", null);
        }
    }

    /** The request, limited to the known sequence numbers; null when no message is left. */
    private @Nullable FetchRequest clamped(FetchRequest request) {
        return switch (request.messages()) {
            case FetchRequest.ByUid(var uids) -> uids.isEmpty() ? null : request;
            case FetchRequest.BySequenceNumber(long first, long last) -> {
                if (first > messagesBefore) {
                    yield null;
                }
                yield last == FetchRequest.BySequenceNumber.END
                        ? request
                        : FetchRequest.places(
                                first, Math.min(last, messagesBefore), request.items());
            }
        };
    }
}
