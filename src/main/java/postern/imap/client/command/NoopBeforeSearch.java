package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/**
 * The NOOP before a search: servers search what they have told of. It remembers what that was.
 *
 * <p>Dovecot, which takes in what came only when it has answered all of a flush, ends the NOOP
 * behind the search, too. What was told when the search is answered counts then.
 */
public final class NoopBeforeSearch extends Command {

    private final SelectionState selection;
    private @Nullable Long arrived;

    public NoopBeforeSearch(SelectionState selection) {
        super("NOOP");
        this.selection = selection;
    }

    @Override
    public void write(CommandLine line) {
        line.words("NOOP");
    }

    /** Takes nothing: the search behind this wants its answer. */
    @Override
    public boolean take(Response response) {
        if (response.skipWord("SEARCH")
                || response.skipWord("SORT")
                || response.skipWord("ESEARCH")) {
            remember();
        }
        return false;
    }

    @Override
    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        remember();
    }

    private void remember() {
        if (arrived == null) {
            arrived = selection.arrived();
        }
    }

    /** Whether the server has told since of messages that the search did not see. */
    public boolean missedSome() {
        return arrived != null && selection.arrived() > arrived;
    }
}
