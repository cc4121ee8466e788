package postern.mailbox;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.mailbox.directory.MailboxResolver;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Creates, renames, moves, subscribes and deletes mailboxes. */
@Component
final class MailboxChanges {

    private final ImapConnections connections;
    private final MailboxResolver resolver;

    MailboxChanges(ImapConnections connections, MailboxResolver resolver) {
        this.connections = connections;
        this.resolver = resolver;
    }

    Mailbox create(Account account, MailboxRequest wanted) {
        var role = wanted.checkedRole();
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var hierarchy = MailboxHierarchy.of(connection, Set.of());
            var name = name(account, connection, hierarchy, wanted, role);
            requireFree(hierarchy, name);
            if (role != null) {
                requireAvailable(connection, hierarchy, name, role);
            }
            connection.create(name, role);
            if (!Boolean.FALSE.equals(wanted.subscribed())) {
                subscribeIfPossible(connection, name);
            }
            return Mailboxes.tell(connection, name);
        } finally {
            resolver.forget(account);
        }
    }

    private static MailboxName name(
            Account account,
            ImapConnection connection,
            MailboxHierarchy hierarchy,
            MailboxRequest wanted,
            @Nullable MailboxRole role) {
        var naming = new MailboxNaming(hierarchy, connection.capabilities());
        if (wanted.path() != null) {
            return naming.ofPath(wanted.path());
        }
        var name = wanted.name() != null || role == null ? wanted.name() : usualName(role);
        if (name == null) {
            throw InvalidRequest.at("/name", "is missing");
        }
        return wanted.parentId() == null
                ? naming.atTop(name)
                : naming.below(hierarchy.get(account, wanted.parentId()), name);
    }

    private static String usualName(MailboxRole role) {
        return MailboxRoles.usualName(role)
                .orElseThrow(() -> InvalidRequest.at("/name", "is missing: the role has no name"));
    }

    /**
     * Requires that no mailbox has this name. A name that is only a level in the names of others is
     * free.
     */
    private static void requireFree(MailboxHierarchy hierarchy, MailboxName name) {
        if (hierarchy.find(name).filter(ListedMailbox::selectable).isPresent()) {
            throw new ImapException.MailboxExists(null);
        }
    }

    private static void requireAvailable(
            ImapConnection connection,
            MailboxHierarchy hierarchy,
            MailboxName name,
            MailboxRole role) {
        if (hierarchy.find(role).isPresent()) {
            throw new ProblemException(
                    ProblemCode.MAILBOX_EXISTS, "another mailbox has the role " + role.id());
        }
        if (!connection.capabilities().createSpecialUse() && !hierarchy.suggests(name, role)) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "on this mail server a mailbox has a role by its name alone, and this name does"
                            + " not suggest the role "
                            + role.id());
        }
    }

    /** Errors are ignored: the mailbox exists, and the response says whether it is subscribed. */
    private static void subscribeIfPossible(ImapConnection connection, MailboxName name) {
        try {
            connection.subscribe(List.of(name));
        } catch (ImapException.NotPossible | ImapException.PermissionDenied _) {
            // Dovecot has no subscriptions in some namespaces.
        }
    }

    /** Renames first, so that the new name is subscribed. */
    Mailbox update(Account account, MailboxId id, MailboxPatch patch) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var hierarchy = MailboxHierarchy.of(connection, Set.of());
            var mailbox = hierarchy.get(account, id);
            var name =
                    patch.renames()
                            ? renamed(account, connection, hierarchy, mailbox, patch)
                            : null;
            var renamed = List.<RenamedMailbox>of();
            if (name != null && !name.equals(mailbox.name())) {
                var renaming = new MailboxRenaming(connection, hierarchy, mailbox, name);
                renaming.run();
                renamed = renaming.renamed();
            }
            var now = name == null ? mailbox.name() : name;
            if (Boolean.TRUE.equals(patch.subscribed())) {
                connection.subscribe(List.of(now));
            } else if (Boolean.FALSE.equals(patch.subscribed())) {
                connection.unsubscribe(List.of(now));
            }
            return Mailboxes.tell(connection, now).renamed(renamed);
        } finally {
            resolver.forget(account);
        }
    }

    private static MailboxName renamed(
            Account account,
            ImapConnection connection,
            MailboxHierarchy hierarchy,
            ListedMailbox mailbox,
            MailboxPatch patch) {
        var naming = new MailboxNaming(hierarchy, connection.capabilities());
        var level = MailboxHierarchy.lastLevel(mailbox);
        var name = patch.name() == null ? level : patch.name();
        if (!patch.moved()) {
            return name.equals(level) ? mailbox.name() : naming.beside(mailbox, name);
        }
        if (patch.parentId() == null) {
            return naming.atTop(name);
        }
        var parent = hierarchy.get(account, patch.parentId());
        if (parent == mailbox || hierarchy.below(mailbox).contains(parent)) {
            throw InvalidRequest.at("/parentId", "is the mailbox itself, or below it");
        }
        return naming.below(parent, name);
    }

    void delete(Account account, MailboxId id, boolean withChildren, boolean withMessages) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            boolean counted = !withMessages && connection.capabilities().listStatus();
            var items = counted ? EnumSet.of(ListItem.COUNTS) : EnumSet.noneOf(ListItem.class);
            var hierarchy = MailboxHierarchy.of(connection, items);
            new MailboxDeletion(connection, hierarchy, hierarchy.get(account, id))
                    .run(withChildren, withMessages);
        } finally {
            resolver.forget(account);
        }
    }
}
