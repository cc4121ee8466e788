package postern.session;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;

/** The roles that a user gives to mailboxes when logging in. */
@Component
final class AssignedRoles {

    private static final String AT = "/roles/";

    /** More octets of names would make the session token too long for the headers of a request. */
    private static final int LONGEST_NAMES = 1_000;

    private final ImapConnections connections;

    AssignedRoles(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * By the role's id, the mailbox's name on the wire; or its identity, where only the mail server
     * can tell the name: {@link #located}.
     */
    static Map<String, String> of(@Nullable Map<String, MailboxId> wanted) {
        var roles = new HashMap<String, String>();
        if (wanted != null) {
            wanted.forEach((role, id) -> {
                var name = name(role, id);
                if (roles.containsValue(name)) {
                    throw InvalidRequest.at(pointer(role), "is a mailbox with another role");
                }
                roles.put(role, name);
            });
        }
        if (roles.values().stream().mapToInt(String::length).sum() > LONGEST_NAMES) {
            throw InvalidRequest.at("/roles", "are of mailboxes with names too long for a token");
        }
        return roles;
    }

    /** The roles by their ids, for the caller; null when there are none. */
    static @Nullable Map<String, MailboxId> told(Account account) {
        var roles = new TreeMap<String, MailboxId>();
        account.roles()
                .forEach((role, mailbox) -> {
                    if (account.limits().reaches(mailbox)) {
                        roles.put(role, MailboxId.of(new MailboxName(mailbox)));
                    }
                });
        return roles.isEmpty() ? null : roles;
    }

    private static String name(String role, MailboxId id) {
        var known = MailboxRole.ofId(role).orElse(null);
        if (known == null) {
            throw InvalidRequest.at(pointer(role), "is not a role");
        }
        if (known == MailboxRole.INBOX) {
            throw InvalidRequest.at(pointer(role), "is the role of INBOX");
        }
        if (!(id instanceof MailboxId.ByName(var name))) {
            throw InvalidRequest.at(pointer(role), "must be the id of a mailbox, and not a role");
        }
        if (name.inbox()) {
            throw InvalidRequest.at(pointer(role), "is INBOX, which has its own role");
        }
        return name.identity();
    }

    private static String pointer(String role) {
        return AT + role.replace("~", "~0").replace("/", "~1");
    }

    /**
     * The account with the names of the mailboxes, which must exist. The credential has been
     * checked.
     */
    Account located(Account account) {
        if (account.roles().isEmpty()) {
            return account;
        }
        var names = new HashMap<String, String>();
        try (var connection = connections.borrow(account.withRoles(Map.of()), Lane.INTERACTIVE)) {
            for (var mailbox : connection.list(false)) {
                if (mailbox.selectable()) {
                    names.put(mailbox.name().wire(), mailbox.name().wire());
                    names.put(mailbox.name().identity(), mailbox.name().wire());
                }
            }
        }
        var roles = new HashMap<String, String>();
        account.roles()
                .forEach((role, identity) -> {
                    var name = names.get(identity);
                    if (name == null || roles.containsValue(name)) {
                        throw InvalidRequest.at(pointer(role), "is not a mailbox of this account");
                    }
                    roles.put(role, name);
                });
        return account.withRoles(roles);
    }
}
