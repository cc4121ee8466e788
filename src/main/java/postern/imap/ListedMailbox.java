package postern.imap;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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

    /** The attribute of a mailbox whose role the user has told; no server sends it. */
    private static final String ASSIGNED = "assigned";

    /** The attribute of a mailbox whose name suggests no role; no server sends it. */
    private static final String SETTLED = "settled";

    /**
     * With the role that it has among all mailboxes of the account, or none. In a list of some
     * mailboxes its name alone could suggest another one.
     */
    ListedMailbox settled(Optional<MailboxRole> role) {
        var others = others(_ -> true);
        role.filter(it -> it != MailboxRole.INBOX).ifPresent(it -> others.add(wire(it)));
        others.add(SETTLED);
        return with(others);
    }

    /** Whether it has no other role than its attributes say. */
    boolean roleSettled() {
        return attributes.contains(SETTLED);
    }

    /** Without the role, which another mailbox has. */
    public ListedMailbox without(MailboxRole role) {
        return with(others(its -> its == role));
    }

    /** With this role and no other, because the user says so. */
    public ListedMailbox assigned(MailboxRole role) {
        var others = others(_ -> true);
        others.add(wire(role));
        others.add(ASSIGNED);
        return with(others);
    }

    private static String wire(MailboxRole role) {
        return role.attribute().toLowerCase(Locale.ROOT);
    }

    /** The attributes that are no such role. */
    private Set<String> others(Predicate<MailboxRole> which) {
        var others = new HashSet<>(attributes);
        others.removeIf(it -> MailboxRole.ofAttribute(it).filter(which).isPresent());
        return others;
    }

    private ListedMailbox with(Set<String> others) {
        return new ListedMailbox(name, delimiter, others, subscribed, status, rights);
    }

    public boolean roleAssigned() {
        return attributes.contains(ASSIGNED);
    }

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
