package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/**
 * The NOOP before a search. It is needed because servers search only the messages that they have
 * reported with EXISTS, and those that are expunged and not yet reported with EXPUNGE. It records
 * how many had been reported when the search started.
 *
 * <p>Dovecot notices what others do only after it has answered a whole flush, and ends the NOOP
 * after the search as well. The numbers are then taken when the search is answered.
 */
public final class NoopBeforeSearch extends Command {

    private final SelectionState selection;
    private @Nullable Long arrived;
    private long expunged;

    public NoopBeforeSearch(SelectionState selection) {
        super("NOOP");
        this.selection = selection;
    }

    @Override
    public void write(CommandLine line) {
        line.words("NOOP");
    }

    /** Never takes the response: the search after it needs it. */
    @Override
    public boolean take(Response response) {
        if (response.skipWord("SEARCH")
                || response.skipWord("SORT")
                || response.skipWord("ESEARCH")) {
            recordReported();
        }
        return false;
    }

    @Override
    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        recordReported();
    }

    private void recordReported() {
        if (arrived == null) {
            arrived = selection.arrived();
            expunged = selection.expunged();
        }
    }

    /** Whether messages were reported that the search did not see, or saw and are gone. */
    public boolean missedChanges() {
        return arrived != null
                && (selection.arrived() > arrived || selection.expunged() > expunged);
    }
}
