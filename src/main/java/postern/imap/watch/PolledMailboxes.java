package postern.imap.watch;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.Namespaces;

/**
 * What is known of the mailboxes of an account that the server does not report by itself: their
 * counters, and which name each has. All but {@link #unknown} is for one thread.
 */
final class PolledMailboxes {

    /** More mailboxes than this are asked for by one LIST, where the server has LIST-STATUS. */
    private static final int MOST_BY_THEMSELVES = 3;

    /**
     * For each further 50 mailboxes that need a STATUS of their own, the pause is longer by one.
     */
    private static final int STATUS_AT_ONCE = 50;

    private final Counters counters = new Counters();
    private final Consumer<MailboxName> changed;
    private final Runnable restructured;
    private volatile Map<String, MailboxName> byIdentity = Map.of();
    private Map<String, MailboxName> byWire = Map.of();
    private int requested = 1;

    /**
     * @param changed hears of mailboxes that may have changed
     * @param restructured hears when there are other mailboxes, or other names, than before
     */
    PolledMailboxes(Consumer<MailboxName> changed, Runnable restructured) {
        this.changed = changed;
        this.restructured = restructured;
    }

    /** That mailbox with the name that it has now, as far as is known. */
    MailboxName current(MailboxName mailbox) {
        return mailbox.id() == null
                ? mailbox
                : byIdentity.getOrDefault(mailbox.identity(), mailbox);
    }

    /** The mailbox that has this name, with its id where it has one. */
    MailboxName named(MailboxName mailbox) {
        return byWire.getOrDefault(mailbox.wire(), mailbox);
    }

    /** Those of these that were not there at the last look; none where there was no look. */
    List<MailboxName> unknown(List<MailboxName> mailboxes) {
        var known = byIdentity;
        return known.isEmpty()
                ? List.of()
                : mailboxes.stream().filter(it -> !known.containsKey(it.identity())).toList();
    }

    /** How long to wait between two polls: longer where each asks for many mailboxes. */
    Duration pause(Duration poll) {
        return poll.multipliedBy((requested + STATUS_AT_ONCE - 1) / STATUS_AT_ONCE);
    }

    /** Learns the names of all mailboxes. */
    void list(ImapConnection connection) {
        learn(connection.list(Set.of()));
    }

    /** Those that somebody listens to and no namespace of the user's own contains. */
    Set<MailboxName> notReported(Wanted plan, Namespaces namespaces) {
        var prefixes = new HashSet<String>();
        namespaces.otherUsers().forEach(it -> prefixes.add(it.prefix()));
        namespaces.shared().forEach(it -> prefixes.add(it.prefix()));
        prefixes.remove("");
        var outside = new LinkedHashSet<MailboxName>();
        if (!prefixes.isEmpty()) {
            var all = plan.everything() ? byWire.values() : plan.all();
            for (var mailbox : all) {
                if (prefixes.stream().anyMatch(current(mailbox).wire()::startsWith)) {
                    outside.add(mailbox);
                }
            }
        }
        return outside;
    }

    /** Asks for the counters of all that are listened to, but for one. */
    void ask(ImapConnection connection, Wanted plan, @Nullable MailboxName except) {
        var mailboxes = except == null ? plan.all() : plan.others();
        if (!byList(plan, connection.capabilities())) {
            ask(connection, mailboxes);
            counters.keepOnly(
                    mailboxes.stream().map(MailboxName::identity).collect(Collectors.toSet()));
        } else if (plan.everything() || !mailboxes.isEmpty()) {
            var listed = connection.list(Set.of(ListItem.COUNTS));
            requested = connection.capabilities().listStatus() ? 1 : listed.size();
            learn(listed);
            compare(plan, mailboxes, except, listed);
        } else {
            list(connection);
        }
    }

    /** Asks for the counters of these. */
    void ask(ImapConnection connection, Collection<MailboxName> mailboxes) {
        requested = Math.max(1, mailboxes.size());
        for (var mailbox : mailboxes) {
            compare(mailbox, status(connection, current(mailbox)));
        }
    }

    /** A name may belong to another mailbox meanwhile: only a list says which one has an id. */
    private static boolean byList(Wanted plan, Capabilities capabilities) {
        return plan.everything()
                || capabilities.listStatus()
                        && (plan.others().size() > MOST_BY_THEMSELVES
                                || capabilities.mailboxIds()
                                        && plan.all().stream().anyMatch(it -> it.id() != null));
    }

    private void compare(
            Wanted plan,
            Collection<MailboxName> mailboxes,
            @Nullable MailboxName except,
            List<ListedMailbox> listed) {
        var asked = new HashSet<String>();
        for (var mailbox : listed) {
            var name = mailbox.name();
            if (mailbox.selectable()
                    && (except == null || !except.same(name))
                    && (plan.everything() || mailboxes.stream().anyMatch(name::same))) {
                asked.add(name.identity());
                compare(name, mailbox.status());
            }
        }
        for (var mailbox : mailboxes) {
            if (listed.stream().noneMatch(it -> it.name().same(mailbox))) {
                asked.add(mailbox.identity());
                compare(mailbox, null);
            }
        }
        counters.keepOnly(asked);
    }

    private void compare(MailboxName mailbox, @Nullable MailboxStatus status) {
        if (counters.mayHaveChanged(mailbox, status)) {
            changed.accept(mailbox);
        }
    }

    private static @Nullable MailboxStatus status(ImapConnection connection, MailboxName mailbox) {
        try {
            return connection.status(mailbox);
        } catch (ImapException.MailboxNotFound
                | ImapException.PermissionDenied
                | ImapException.NotPossible _) {
            return null;
        }
    }

    private void learn(List<ListedMailbox> listed) {
        var identities = new HashMap<String, MailboxName>();
        var names = new HashMap<String, MailboxName>();
        for (var mailbox : listed) {
            if (mailbox.selectable()) {
                identities.put(mailbox.name().identity(), mailbox.name());
                names.put(mailbox.name().wire(), mailbox.name());
            }
        }
        boolean first = byIdentity.isEmpty();
        // names are equal by what they are called, and keys by their ids
        boolean same = byIdentity.equals(identities);
        byIdentity = identities;
        byWire = names;
        if (!first && !same) {
            restructured.run();
        }
    }
}
