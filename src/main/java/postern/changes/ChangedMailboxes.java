package postern.changes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Capabilities;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRoles;
import postern.message.sync.StateComparison;
import postern.web.id.MailboxId;

/** Compares what an app knows of the mailboxes of an account with one list that has counters. */
@Component
public class ChangedMailboxes {

    private final ImapConnections connections;

    ChangedMailboxes(ImapConnections connections) {
        this.connections = connections;
    }

    public AccountChanges since(Account account, Map<String, @Nullable String> states) {
        List<ListedMailbox> listed;
        Capabilities capabilities;
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            listed = connection.list(Set.of(ListItem.COUNTS));
            capabilities = connection.capabilities();
        }
        return new Comparison(account, listed, capabilities.mailboxIds()).of(states);
    }

    /** The comparison of one request. */
    private static final class Comparison {

        private final Account account;
        private final Map<String, ListedMailbox> byIdentity = new LinkedHashMap<>();
        private final MailboxRoles roles;
        private final boolean someHaveNoId;
        private final List<MailboxCounts> changed = new ArrayList<>();
        private final List<MailboxCounts> unknown = new ArrayList<>();
        private final List<MailboxCounts> expired = new ArrayList<>();
        private final List<MailboxRename> renamed = new ArrayList<>();
        private final List<String> vanished = new ArrayList<>();
        private final Set<ListedMailbox> named = new HashSet<>();

        Comparison(Account account, List<ListedMailbox> listed, boolean hasIds) {
            this.account = account;
            this.roles = MailboxRoles.of(listed);
            for (var mailbox : listed) {
                if (mailbox.selectable()) {
                    byIdentity.putIfAbsent(mailbox.name().identity(), mailbox);
                }
            }
            this.someHaveNoId =
                    !hasIds
                            || byIdentity.values().stream()
                                    .map(ListedMailbox::name)
                                    .anyMatch(name -> name.id() == null && !name.inbox());
        }

        AccountChanges of(Map<String, @Nullable String> states) {
            states.forEach(this::compare);
            var appeared =
                    byIdentity.values().stream()
                            .filter(mailbox -> !named.contains(mailbox))
                            .map(AppearedMailbox::of)
                            .toList();
            return new AccountChanges(changed, unknown, expired, appeared, renamed, vanished);
        }

        private void compare(String key, @Nullable String state) {
            var id = parsed(key);
            var name = id == null ? null : name(id);
            var mailbox = name == null ? null : find(name);
            if (mailbox != null) {
                named.add(mailbox);
                if (state != null) {
                    compare(key, state, mailbox);
                }
            } else if (name != null && mayExist(name)) {
                unknown.add(MailboxCounts.of(key, null));
            } else {
                vanished.add(key);
            }
        }

        private void compare(String key, String state, ListedMailbox mailbox) {
            var status = mailbox.status();
            var comparison = StateComparison.of(account, state, mailbox.name(), status);
            var counts = MailboxCounts.of(key, status);
            switch (comparison.verdict()) {
                case CHANGED -> changed.add(counts);
                case UNKNOWN -> unknown.add(counts);
                case EXPIRED -> expired.add(counts);
                case SAME -> {
                    // nothing to tell
                }
            }
            if (comparison.renamed() != null) {
                renamed.add(new MailboxRename(key, mailbox.name().decoded(), comparison.renamed()));
            }
        }

        private @Nullable MailboxName name(MailboxId id) {
            return switch (id) {
                case MailboxId.ByName(var name) -> name;
                case MailboxId.ByRole(var role) -> roles.mailbox(role).orElse(null);
            };
        }

        /** By its name also where it has an id: an older id contains the name. */
        private @Nullable ListedMailbox find(MailboxName name) {
            var found = byIdentity.get(name.identity());
            return found != null || !name.located()
                    ? found
                    : byIdentity.values().stream()
                            .filter(mailbox -> mailbox.name().equals(name))
                            .findFirst()
                            .orElse(null);
        }

        /** Whether it may be a mailbox of the account although the list does not show it. */
        private boolean mayExist(MailboxName name) {
            boolean reachesAll = account.limits().reachesAll();
            return name.located()
                    ? !account.limits().reaches(name.wire())
                    : someHaveNoId || !reachesAll;
        }
    }

    private static @Nullable MailboxId parsed(String id) {
        try {
            return MailboxId.parse(id);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
