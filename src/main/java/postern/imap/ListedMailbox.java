package postern.imap;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox as LIST tells it (RFC 9051 §7.3.1).
 *
 * @param delimiter between the levels of the name; null where the names are flat
 * @param attributes in lower case, such as {@code \noselect}
 * @param subscribed whether the user subscribed to it; null when the server was not asked
 * @param status its counters, when they were asked for and the mailbox can be selected
 * @param rights what the user may do with it, when that was asked for and the server has ACL
 */
public record ListedMailbox(
        MailboxName name,
        @Nullable Character delimiter,
        Set<String> attributes,
        @Nullable Boolean subscribed,
        @Nullable MailboxStatus status,
        @Nullable Rights rights) {

    public ListedMailbox(
            MailboxName name,
            @Nullable Character delimiter,
            Set<String> attributes,
            @Nullable Boolean subscribed,
            @Nullable MailboxStatus status) {
        this(name, delimiter, attributes, subscribed, status, null);
    }

    public boolean selectable() {
        return !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent");
    }

    /**
     * Its role by SPECIAL-USE (RFC 6154), or INBOX. It may have several; it is the same one each
     * time and in every process.
     */
    public Optional<MailboxRole> role() {
        return name.inbox()
                ? Optional.of(MailboxRole.INBOX)
                : attributes.stream()
                        .flatMap(a -> MailboxRole.ofAttribute(a).stream())
                        .min(Comparator.naturalOrder());
    }
}
