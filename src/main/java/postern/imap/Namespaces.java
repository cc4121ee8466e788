package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The namespaces of the user, of other users and shared ones (RFC 2342). */
public record Namespaces(
        List<Namespace> personal, List<Namespace> otherUsers, List<Namespace> shared) {

    /** One namespace: its prefix in wire form, and its hierarchy delimiter. */
    public record Namespace(String prefix, @Nullable Character delimiter) {}
}
