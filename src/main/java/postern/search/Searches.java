package postern.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Capabilities;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.mailbox.directory.MailboxResolver;
import postern.message.metadata.MetadataCache;

/** Searches one, several or all mailboxes of an account. */
@Component
final class Searches {

    private static final Set<MailboxRole> SET_ASIDE = Set.of(MailboxRole.TRASH, MailboxRole.JUNK);

    /** Views, which show messages of other mailboxes again. */
    private static final Set<MailboxRole> VIEWS =
            Set.of(MailboxRole.FLAGGED, MailboxRole.IMPORTANT);

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MetadataCache cache;
    private final MatchingMessages matching;
    private final FoundContents contents;

    /** The mailboxes to search, and the server's capabilities. */
    private record Scope(List<MailboxName> mailboxes, Capabilities capabilities) {}

    Searches(
            ImapConnections connections,
            MailboxResolver mailboxes,
            MetadataCache cache,
            MatchingMessages matching,
            FoundContents contents) {
        this.contents = contents;
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.cache = cache;
        this.matching = matching;
    }

    SearchPage search(Account account, SearchQuery query) {
        SearchCursor.of(query.cursor(), query); // a bad one is told before anything is sent
        return search(account, query, scope(account, query));
    }

    /** The mailboxes that such a search goes to now. */
    List<MailboxName> searched(Account account, SearchQuery query) {
        return scope(account, query).mailboxes();
    }

    /** Searches some of the mailboxes. */
    SearchPage search(Account account, SearchQuery query, Collection<MailboxName> some) {
        return search(account, query, new Scope(List.copyOf(some), capabilities(account)));
    }

    private SearchPage search(Account account, SearchQuery query, Scope scope) {
        var cursor = SearchCursor.of(query.cursor(), query);
        query.criteria().requirePossible(scope.capabilities());
        if (scope.mailboxes().isEmpty()) {
            return new SearchPage(List.of(), null, 0L, null, null);
        }
        var context =
                new SearchContext(connections, cache, account, query, cursor, scope.capabilities());
        var page = new MergedSearch(context, matching).in(scope.mailboxes());
        return query.wantsContent() ? contents.addTo(page, account, query) : page;
    }

    private Scope scope(Account account, SearchQuery query) {
        var ids = query.mailboxIds();
        if (ids != null) {
            var names = new LinkedHashSet<MailboxName>();
            ids.forEach(id -> names.add(mailboxes.resolve(account, id)));
            return new Scope(List.copyOf(names), capabilities(account));
        }
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var listed = connection.list(false);
            var names = everywhere(account, listed, query);
            return new Scope(names, connection.capabilities());
        }
    }

    private Capabilities capabilities(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return connection.capabilities();
        }
    }

    /**
     * A token that reaches only some mailboxes may see a message in a view alone, and one that
     * reaches only the trash is for the trash.
     */
    private static List<MailboxName> everywhere(
            Account account, List<ListedMailbox> listed, SearchQuery query) {
        var roles = MailboxRoles.of(listed);
        var all = roles.mailbox(MailboxRole.ALL);
        var names = new ArrayList<MailboxName>();
        for (var mailbox : listed) {
            var role = roles.role(mailbox.name()).orElse(null);
            boolean setAside = role != null && SET_ASIDE.contains(role);
            boolean wanted =
                    setAside
                            ? query.includeTrashAndJunk()
                            : all.isPresent()
                                    ? all.get().equals(mailbox.name())
                                    : role == null
                                            || !VIEWS.contains(role)
                                            || !account.limits().reachesAll();
            if (wanted && mailbox.selectable()) {
                names.add(mailbox.name());
            }
        }
        return names.isEmpty() && !account.limits().reachesAll()
                ? listed.stream()
                        .filter(ListedMailbox::selectable)
                        .map(ListedMailbox::name)
                        .toList()
                : names;
    }
}
