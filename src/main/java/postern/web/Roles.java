package postern.web;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;

/**
 * Which mailbox has which role: by SPECIAL-USE (RFC 6154), else by the usual names. A role belongs
 * to one mailbox and a mailbox has one role.
 */
public final class Roles {

    /** What mail programs call them, the most usual first. */
    private static final Map<MailboxRole, List<String>> USUAL_NAMES =
            new EnumMap<>(
                    Map.of(
                            MailboxRole.DRAFTS,
                            List.of("drafts", "draft"),
                            MailboxRole.SENT,
                            List.of("sent", "sent items", "sent messages", "sent mail"),
                            MailboxRole.TRASH,
                            List.of("trash", "deleted items", "deleted messages", "bin"),
                            MailboxRole.JUNK,
                            List.of("junk", "spam", "junk e-mail", "junk email", "junk mail"),
                            MailboxRole.ARCHIVE,
                            List.of("archive", "archives")));

    private final Map<MailboxRole, MailboxName> mailboxes = new EnumMap<>(MailboxRole.class);

    public static Roles of(Collection<ListedMailbox> listed) {
        var roles = new Roles();
        listed.forEach(roles::assignBySpecialUse);
        USUAL_NAMES.forEach((role, names) -> roles.assignByName(role, names, listed));
        return roles;
    }

    private Roles() {}

    public Optional<MailboxName> mailbox(MailboxRole role) {
        return Optional.ofNullable(mailboxes.get(role));
    }

    public Optional<MailboxRole> role(MailboxName mailbox) {
        return mailboxes.entrySet().stream()
                .filter(entry -> entry.getValue().equals(mailbox))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void assignBySpecialUse(ListedMailbox mailbox) {
        if (mailbox.selectable()) {
            mailbox.role().ifPresent(role -> mailboxes.putIfAbsent(role, mailbox.name()));
        }
    }

    private void assignByName(
            MailboxRole role, List<String> names, Collection<ListedMailbox> listed) {
        if (mailboxes.containsKey(role)) {
            return;
        }
        for (var name : names) {
            for (var mailbox : listed) {
                if (mailbox.selectable()
                        && name.equals(usualName(mailbox))
                        && !mailboxes.containsValue(mailbox.name())) {
                    mailboxes.put(role, mailbox.name());
                    return;
                }
            }
        }
    }

    /** The name without INBOX in front, below which some servers keep everything. */
    private static String usualName(ListedMailbox mailbox) {
        var name = mailbox.name().decoded().toLowerCase(Locale.ROOT);
        int inbox = "inbox".length();
        boolean below =
                mailbox.delimiter() != null
                        && name.startsWith("inbox")
                        && name.indexOf(mailbox.delimiter()) == inbox;
        return below ? name.substring(inbox + 1) : name;
    }
}
