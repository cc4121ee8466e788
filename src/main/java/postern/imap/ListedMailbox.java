package postern.imap;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox as returned by LIST (RFC 9051 §7.3.1).
 *
 * @param delimiter the hierarchy delimiter; null where the names are flat
 * @param attributes in lower case, such as {@code \noselect}
 * @param subscribed whether the user subscribed to it; null when the server was not asked
 * @param status its counters, when they were requested and the mailbox can be selected
 * @param rights the user's rights, when they were requested and the server has ACL
 */
public record ListedMailbox(
        MailboxName name,
        @Nullable Character delimiter,
        Set<String> attributes,
        @Nullable Boolean subscribed,
        @Nullable MailboxStatus status,
        @Nullable Rights rights) {

    public boolean selectable() {
        return !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent");
    }

    /**
     * Its role by SPECIAL-USE (RFC 6154), or INBOX. Of several roles the choice is always the same,
     * in every process.
     */
    public Optional<MailboxRole> role() {
        return name.inbox()
                ? Optional.of(MailboxRole.INBOX)
                : attributes.stream()
                        .flatMap(a -> MailboxRole.ofAttribute(a).stream())
                        .min(Comparator.naturalOrder());
    }
}
