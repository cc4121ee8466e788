package postern.mailbox;

import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.web.Roles;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mailboxes of an account as they stand to one another. */
final class Hierarchy {

    private final Map<MailboxName, ListedMailbox> mailboxes = new LinkedHashMap<>();
    private final Roles roles;

    Hierarchy(List<ListedMailbox> listed) {
        listed.forEach(mailbox -> mailboxes.putIfAbsent(mailbox.name(), mailbox));
        roles = Roles.of(mailboxes.values());
    }

    Optional<ListedMailbox> find(MailboxName name) {
        return Optional.ofNullable(mailboxes.get(name));
    }

    Optional<ListedMailbox> find(MailboxRole role) {
        return roles.mailbox(role).flatMap(this::find);
    }

    Optional<MailboxRole> role(ListedMailbox mailbox) {
        return roles.role(mailbox.name());
    }

    /** INBOX, those with a role, the others by name. */
    List<ListedMailbox> sorted() {
        return mailboxes.values().stream()
                .sorted(
                        Comparator.comparing(this::rank)
                                .thenComparing(
                                        mailbox -> mailbox.name().decoded(),
                                        String.CASE_INSENSITIVE_ORDER)
                                .thenComparing(mailbox -> mailbox.name().wire()))
                .toList();
    }

    private int rank(ListedMailbox mailbox) {
        return role(mailbox).map(MailboxRole::ordinal).orElse(MailboxRole.values().length);
    }

    /**
     * The nearest mailbox above that is listed: servers leave out levels that are nothing but a
     * name.
     */
    Optional<MailboxName> parent(ListedMailbox mailbox) {
        if (mailbox.delimiter() == null) {
            return Optional.empty();
        }
        var name = withoutTrailing(mailbox.name().wire(), mailbox.delimiter());
        for (int end = name.lastIndexOf(mailbox.delimiter());
                end > 0;
                end = name.lastIndexOf(mailbox.delimiter(), end - 1)) {
            var above = new MailboxName(name.substring(0, end));
            if (mailboxes.containsKey(above)) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    static String lastLevel(ListedMailbox mailbox) {
        var path = mailbox.name().decoded();
        if (mailbox.delimiter() == null) {
            return path;
        }
        var name = withoutTrailing(path, mailbox.delimiter());
        return name.substring(name.lastIndexOf(mailbox.delimiter()) + 1);
    }

    /** Some servers end a name that only holds others with the delimiter. */
    private static String withoutTrailing(String name, char delimiter) {
        boolean trailing = name.length() > 1 && name.charAt(name.length() - 1) == delimiter;
        return trailing ? name.substring(0, name.length() - 1) : name;
    }
}
