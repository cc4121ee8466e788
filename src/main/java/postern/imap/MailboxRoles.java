package postern.imap;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Assigns roles to mailboxes: by SPECIAL-USE (RFC 6154), else by the usual names. A role has at
 * most one mailbox and a mailbox at most one role.
 */
public final class MailboxRoles {

    private final Map<MailboxRole, MailboxName> mailboxes = new EnumMap<>(MailboxRole.class);

    public static MailboxRoles of(Collection<ListedMailbox> listed) {
        var roles = new MailboxRoles();
        listed.forEach(roles::assignBySpecialUse);
        roles.assignByName(listed);
        return roles;
    }

    private MailboxRoles() {}

    /**
     * The mailboxes with the roles that they have among all of them, also where some are left out.
     */
    public static List<ListedMailbox> settled(List<ListedMailbox> all) {
        var roles = of(all);
        return all.stream().map(mailbox -> mailbox.settled(roles.role(mailbox.name()))).toList();
    }

    /** The most usual name of a mailbox with this role, if there is one. */
    public static Optional<String> usualName(MailboxRole role) {
        return UsualMailboxNames.of(role).stream()
                .findFirst()
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    }

    public Optional<MailboxName> mailbox(MailboxRole role) {
        return Optional.ofNullable(mailboxes.get(role));
    }

    public Optional<MailboxRole> role(MailboxName mailbox) {
        return mailboxes.entrySet().stream()
                .filter(entry -> entry.getValue().equals(mailbox))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Approximate heap use. */
    public int octets() {
        return mailboxes.values().stream()
                .mapToInt(mailbox -> 100 + 2 * mailbox.wire().length())
                .sum();
    }

    private void assignBySpecialUse(ListedMailbox mailbox) {
        // A server may list a mailbox twice, with different attributes.
        if (mailbox.selectable() && !mailboxes.containsValue(mailbox.name())) {
            mailbox.role().ifPresent(role -> mailboxes.putIfAbsent(role, mailbox.name()));
        }
    }

    private void assignByName(Collection<ListedMailbox> listed) {
        var byName = new HashMap<String, MailboxName>();
        for (var mailbox : listed) {
            boolean open = mailbox.selectable() && !mailbox.roleSettled();
            if (open && !mailboxes.containsValue(mailbox.name())) {
                UsualMailboxNames.of(mailbox)
                        .ifPresent(name -> byName.putIfAbsent(name, mailbox.name()));
            }
        }
        for (var role : UsualMailboxNames.roles()) {
            if (!mailboxes.containsKey(role)) {
                UsualMailboxNames.of(role).stream()
                        .filter(byName::containsKey)
                        .findFirst()
                        .ifPresent(name -> mailboxes.put(role, byName.get(name)));
            }
        }
    }
}
