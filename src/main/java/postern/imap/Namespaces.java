package postern.imap;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The namespaces of the user, of other users and shared ones (RFC 2342). */
public record Namespaces(
        List<Namespace> personal, List<Namespace> otherUsers, List<Namespace> shared) {

    private static final int OVERHEAD = 100;

    /** One namespace: its prefix in wire form, and its hierarchy delimiter. */
    public record Namespace(String prefix, @Nullable Character delimiter) {

        /** The root of the namespace belongs to it: {@code shared} for {@code shared/}. */
        private boolean holds(String name) {
            return name.startsWith(prefix) || (name + delimiter).equals(prefix);
        }
    }

    /** Whether the mailbox is one of the user's own: the longest prefix of its name counts. */
    public boolean own(MailboxName mailbox) {
        int foreign = Math.max(longest(otherUsers, mailbox), longest(shared, mailbox));
        return longest(personal, mailbox) >= foreign;
    }

    /** Approximately, for bounds of memory. */
    public int octets() {
        return Stream.of(personal, otherUsers, shared)
                .flatMap(List::stream)
                .mapToInt(it -> OVERHEAD + it.prefix.length())
                .sum();
    }

    private static int longest(List<Namespace> namespaces, MailboxName mailbox) {
        return namespaces.stream()
                .filter(it -> it.holds(mailbox.wire()))
                .mapToInt(it -> it.prefix.length())
                .max()
                .orElse(-1);
    }
}
