package postern.imap.client.command;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.FetchParser;
import postern.imap.client.wire.Response;
import postern.imap.message.SearchTerm;

/**
 * A search for threads by a FETCH of all messages' THREADID (RFC 8474), for servers that return
 * THREADID but refuse to search for it.
 */
final class ThreadIdSearch extends SearchCommand {

    private final Set<String> threadIds;

    ThreadIdSearch(SearchTerm term, Capabilities capabilities) {
        super("FETCH", term, capabilities, SearchCharset.UTF_8);
        threadIds = threadIds(term);
    }

    /** Whether the term consists of threads only. */
    static boolean possible(SearchTerm term) {
        return !threadIds(term).isEmpty();
    }

    private static Set<String> threadIds(SearchTerm term) {
        var threadIds = new HashSet<String>();
        return collect(term, threadIds) ? threadIds : Set.of();
    }

    private static boolean collect(SearchTerm term, Set<String> threadIds) {
        return switch (term) {
            case SearchTerm.InThread(var threadId) -> {
                threadIds.add(threadId);
                yield true;
            }
            case SearchTerm.Or(var left, var right) ->
                    collect(left, threadIds) && collect(right, threadIds);
            default -> false;
        };
    }

    @Override
    public void write(CommandLine line) {
        line.words("UID FETCH 1:* (UID THREADID)");
    }

    @Override
    public boolean take(Response response) {
        long sequenceNumber = response.messageData("FETCH");
        if (sequenceNumber < 0) {
            return false;
        }
        var parser = new FetchParser(sequenceNumber);
        parser.read(response, List.of());
        var threadId = parser.message().threadId();
        if (parser.uid() != 0 && threadId != null && threadIds.contains(threadId)) {
            addRange(parser.uid(), parser.uid());
        }
        return true;
    }

    /** Servers may run several FETCHes together. */
    @Override
    public boolean sharesResponses() {
        return true;
    }

    /** In an empty mailbox the server sends no FETCH response. */
    @Override
    boolean answered() {
        return ok();
    }

    @Override
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        return new ImapException.NotPossible("the mail server cannot search for threads", code);
    }
}
