package postern.mailbox;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.imap.Namespaces;
import postern.imap.Namespaces.Namespace;
import postern.mailbox.directory.MailboxResolver;
import postern.web.id.MailboxId;

/** The tree of an account's mailboxes. */
final class MailboxHierarchy {

    private final Map<MailboxName, ListedMailbox> mailboxes = new LinkedHashMap<>();
    private final Namespaces namespaces;
    private final MailboxRoles roles;

    MailboxHierarchy(List<ListedMailbox> listed, Namespaces namespaces) {
        listed.forEach(mailbox -> mailboxes.putIfAbsent(mailbox.name(), mailbox));
        this.namespaces = namespaces;
        roles =
                MailboxRoles.of(
                        mailboxes.values().stream()
                                .filter(it ->
                                        it.roleAssigned()
                                                || namespace(it) == NamespaceKind.PERSONAL)
                                .toList());
    }

    /** Lists the mailboxes and namespaces in one round trip. */
    static MailboxHierarchy of(ImapConnection connection, Set<ListItem> items) {
        var listed = connection.list(items);
        return new MailboxHierarchy(listed, connection.namespaces());
    }

    /** Throws a 404 {@code mailbox-not-found} if there is none, or what the resolver throws. */
    ListedMailbox get(Account account, MailboxId id) {
        return switch (id) {
            case MailboxId.ByRole(var role) ->
                    roles.mailbox(role)
                            .flatMap(this::find)
                            .orElseThrow(() -> MailboxResolver.noneHas(account, role));
            case MailboxId.ByName(var wanted) -> {
                var name = wanted.id() == null ? wanted : named(wanted.id());
                ImapException.OutOfScope.require(account, name);
                yield find(name).orElseThrow(() -> new ImapException.MailboxNotFound(null));
            }
        };
    }

    private MailboxName named(String id) {
        return mailboxes.keySet().stream()
                .filter(name -> id.equals(name.id()))
                .findFirst()
                .orElseThrow(() -> new ImapException.MailboxNotFound(null));
    }

    Optional<ListedMailbox> find(MailboxName name) {
        return Optional.ofNullable(mailboxes.get(name));
    }

    Optional<ListedMailbox> find(MailboxRole role) {
        return roles.mailbox(role).flatMap(this::find);
    }

    int size() {
        return mailboxes.size();
    }

    Optional<MailboxRole> role(ListedMailbox mailbox) {
        return roles.role(mailbox.name());
    }

    /** Whether a mailbox would get the role by this name alone. */
    boolean suggests(MailboxName name, MailboxRole role) {
        var more = new LinkedHashMap<>(mailboxes);
        more.put(name, new ListedMailbox(name, topDelimiter(), Set.of(), null, null, null));
        return MailboxRoles.of(more.values()).mailbox(role).filter(name::equals).isPresent();
    }

    /** INBOX first, then mailboxes with a role, then the others by name. */
    List<ListedMailbox> sorted() {
        return mailboxes.values().stream()
                .sorted(
                        Comparator.comparingInt(this::rank)
                                .thenComparing(
                                        mailbox -> mailbox.name().decoded(),
                                        String.CASE_INSENSITIVE_ORDER)
                                .thenComparing(mailbox -> mailbox.name().wire()))
                .toList();
    }

    private int rank(ListedMailbox mailbox) {
        return role(mailbox).map(MailboxRole::ordinal).orElse(MailboxRole.values().length);
    }

    NamespaceKind namespace(ListedMailbox mailbox) {
        int personal = longestPrefix(namespaces.personal(), mailbox);
        int others = longestPrefix(namespaces.otherUsers(), mailbox);
        int shared = longestPrefix(namespaces.shared(), mailbox);
        if (others > personal && others >= shared) {
            return NamespaceKind.OTHER_USERS;
        }
        return shared > personal ? NamespaceKind.SHARED : NamespaceKind.PERSONAL;
    }

    private static int longestPrefix(List<Namespace> group, ListedMailbox mailbox) {
        return group.stream()
                .map(Namespace::prefix)
                .filter(prefix -> within(prefix, mailbox))
                .mapToInt(String::length)
                .max()
                .orElse(-1);
    }

    /**
     * Whether the mailbox is in the namespace or is its root: {@code shared} for {@code shared/}.
     */
    private static boolean within(String prefix, ListedMailbox mailbox) {
        var name = mailbox.name().wire();
        return name.startsWith(prefix) || (name + mailbox.delimiter()).equals(prefix);
    }

    /**
     * The nearest listed ancestor, since servers omit levels that are not mailboxes. The prefix of
     * the personal namespace is not a parent.
     */
    Optional<MailboxName> parent(ListedMailbox mailbox) {
        if (mailbox.delimiter() == null) {
            return Optional.empty();
        }
        var name = withoutTrailing(mailbox.name().wire(), mailbox.delimiter());
        int top = Math.max(1, longestPrefix(namespaces.personal(), mailbox));
        for (int end = name.lastIndexOf(mailbox.delimiter());
                end >= top;
                end = name.lastIndexOf(mailbox.delimiter(), end - 1)) {
            var above = new MailboxName(name.substring(0, end));
            var parent = mailboxes.get(above);
            if (parent != null) {
                return Optional.of(parent.name());
            }
        }
        return Optional.empty();
    }

    /** All descendants, the deepest first. */
    List<ListedMailbox> below(ListedMailbox mailbox) {
        var above = prefixBelow(mailbox);
        if (above == null || personalPrefix().equals(above)) {
            return List.of(); // a mailbox at the top level is no child
        }
        return mailboxes.values().stream()
                .filter(it -> it.name().wire().startsWith(above) && it != mailbox)
                .sorted(
                        Comparator.comparingInt((ListedMailbox it) -> it.name().wire().length())
                                .reversed())
                .toList();
    }

    /** The prefix of its children's names; null if it cannot have children. */
    @Nullable String prefixBelow(ListedMailbox mailbox) {
        return mailbox.delimiter() == null || mailbox.attributes().contains("\\noinferiors")
                ? null
                : withoutTrailing(mailbox.name().wire(), mailbox.delimiter()) + mailbox.delimiter();
    }

    /** The prefix of the personal namespace, usually empty. */
    String personalPrefix() {
        return namespaces.personal().isEmpty() ? "" : namespaces.personal().getFirst().prefix();
    }

    /** The hierarchy delimiter of the personal namespace; null if it has none. */
    @Nullable Character topDelimiter() {
        return namespaces.personal().stream()
                .findFirst()
                .map(Namespace::delimiter)
                .or(() ->
                        mailboxes.values().stream()
                                .map(ListedMailbox::delimiter)
                                .filter(Objects::nonNull)
                                .findFirst())
                .orElse(null);
    }

    static String lastLevel(ListedMailbox mailbox) {
        var path = mailbox.name().decoded();
        if (mailbox.delimiter() == null) {
            return path;
        }
        var name = withoutTrailing(path, mailbox.delimiter());
        return name.substring(name.lastIndexOf(mailbox.delimiter()) + 1);
    }

    /** Some servers add a trailing delimiter to the name of a level that is not a mailbox. */
    private static String withoutTrailing(String name, char delimiter) {
        boolean trailing = name.length() > 1 && name.charAt(name.length() - 1) == delimiter;
        return trailing ? name.substring(0, name.length() - 1) : name;
    }
}
