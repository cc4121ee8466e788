package postern.imap.client.command;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;

/**
 * The items of a FETCH that belong to an extension. A server may announce the extension and refuse
 * the whole FETCH for the sake of its item; then the same FETCH is sent without. Items that a
 * server has told once on this connection are never the reason.
 */
public final class FetchExtras {

    private final Set<String> told = new HashSet<>();
    private boolean withoutFields;

    /** Whether the server tells header fields when it is asked for them once more. */
    public boolean fields() {
        return !withoutFields;
    }

    public void withoutFields() {
        withoutFields = true;
    }

    /** Notes which extensions the server has answered. */
    public void learn(Collection<FetchCommand> fetches) {
        for (var fetch : fetches) {
            if (fetch.ok()) {
                told.addAll(fetch.extensions());
            }
        }
    }

    /**
     * The extension to do without when these have been refused, the one that the server names
     * first; null where none of them was refused for the sake of an extension.
     */
    public @Nullable String suspect(Collection<FetchCommand> fetches) {
        return fetches.stream()
                .filter(FetchExtras::refused)
                .flatMap(fetch -> fetch.extensions().stream())
                .filter(extension -> !told.contains(extension))
                .findFirst()
                .orElse(null);
    }

    private static boolean refused(FetchCommand fetch) {
        return switch (fetch.failure()) {
            case ImapException.ProtocolError _, ImapException.NotPossible _ -> true;
            case null, default -> false;
        };
    }
}
