package postern.imap.client.command;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;

/**
 * Tracks which extension items of FETCH the server supports on this connection. A server may
 * announce an extension and yet refuse a whole FETCH because of its item; the FETCH is then
 * repeated without the item. An extension that has worked once on this connection is not suspected.
 */
public final class FetchExtras {

    private final Set<String> supported = new HashSet<>();
    private boolean headerFieldsMissing;

    /** Whether to ask once more for header fields that the server left out. */
    public boolean headerFieldsSupported() {
        return !headerFieldsMissing;
    }

    public void noteHeaderFieldsMissing() {
        headerFieldsMissing = true;
    }

    /** Records the extensions that worked. */
    public void noteSupported(Collection<FetchCommand> fetches) {
        for (var fetch : fetches) {
            if (fetch.ok()) {
                supported.addAll(fetch.extensions());
            }
        }
    }

    /**
     * The extension to drop after these commands were refused, preferably one that the server
     * names; null where no extension is the cause.
     */
    public @Nullable String suspect(Collection<FetchCommand> fetches) {
        return fetches.stream()
                .filter(FetchExtras::refused)
                .flatMap(fetch -> fetch.extensions().stream())
                .filter(extension -> !supported.contains(extension))
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
