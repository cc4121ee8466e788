package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the mailboxes of the user, of other users and of everybody stand (RFC 2342). */
public record Namespaces(
        List<Namespace> personal, List<Namespace> otherUsers, List<Namespace> shared) {

    /** One namespace: what its names start with, undecoded, and what separates their levels. */
    public record Namespace(String prefix, @Nullable Character delimiter) {}
}
