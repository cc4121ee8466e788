package postern.thread;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.imap.MailboxStatus;
import postern.imap.SelectedMailbox;

/**
 * Indexes the references of all messages of an account. One LIST with STATUS shows which mailboxes
 * have changed; only these are opened.
 */
@Component
class AccountMailboxes {

    /** Searched first for the rest of a conversation, and preferred among copies of a message. */
    private static final List<MailboxRole> FIRST =
            List.of(
                    MailboxRole.INBOX,
                    MailboxRole.SENT,
                    MailboxRole.ARCHIVE,
                    MailboxRole.ALL,
                    MailboxRole.DRAFTS);

    private static final List<MailboxRole> NEVER = List.of(MailboxRole.TRASH, MailboxRole.JUNK);

    private final ImapConnections connections;
    private final ConversationCache cache;
    private final ThreadProperties properties;

    AccountMailboxes(
            ImapConnections connections, ConversationCache cache, ThreadProperties properties) {
        this.connections = connections;
        this.cache = cache;
        this.properties = properties;
    }

    /**
     * This mailbox with all of its messages, then the others. The caller must not hold a connection
     * of the account.
     */
    IndexedAccount indexed(Account account, MailboxName first) {
        var passedOver = new ArrayList<MailboxName>();
        var wanted = wanted(account, first, passedOver);
        var known = new HashMap<MailboxName, IndexedMailbox>();
        wanted.values().forEach(mailbox -> addKnown(account, mailbox, known));
        var changed = wanted.keySet().stream().filter(name -> !known.containsKey(name)).toList();
        var outcomes =
                connections.each(
                        account,
                        changed,
                        Access.READ_ONLY,
                        mailbox ->
                                read(account, mailbox, requireNonNull(wanted.get(mailbox.name()))));
        for (var outcome : outcomes) {
            switch (outcome) {
                case MailboxOutcome.Done<IndexedMailbox>(var name, var indexed) ->
                        known.put(name, indexed);
                case MailboxOutcome.Refused<IndexedMailbox>(var name, var reason) -> {
                    // any other mailbox may be deleted or not permitted; otherwise it is reported
                    // as partial
                    if (name.equals(first)) {
                        throw reason;
                    }
                    if (!(reason instanceof ImapException.MailboxNotFound)
                            && !(reason instanceof ImapException.PermissionDenied)) {
                        passedOver.add(name);
                    }
                }
            }
        }
        var indexed =
                wanted.keySet().stream()
                        .map(known::get)
                        .filter(Objects::nonNull)
                        .<IndexedMailbox>map(Objects::requireNonNull)
                        .toList();
        var cut = indexed.stream().filter(IndexedMailbox::partial).map(IndexedMailbox::name);
        return new IndexedAccount(indexed, Stream.concat(cut, passedOver.stream()).toList());
    }

    /**
     * A mailbox to index.
     *
     * @param most upper bound on its newest messages
     */
    private record Wanted(MailboxName name, @Nullable MailboxStatus status, int most) {}

    private Map<MailboxName, Wanted> wanted(
            Account account, MailboxName first, List<MailboxName> passedOver) {
        var listed = listed(account);
        var wanted = new LinkedHashMap<MailboxName, Wanted>();
        wanted.put(first, new Wanted(first, status(listed, first), Integer.MAX_VALUE));
        int left = properties.accountMessages();
        for (var mailbox : others(listed, first).toList()) {
            var status = mailbox.status();
            var messages = status == null ? null : status.messages();
            if (messages != null && messages == 0) {
                continue;
            }
            if (left > 0) {
                int most = messages == null ? left : (int) Math.min(left, messages);
                wanted.put(mailbox.name(), new Wanted(mailbox.name(), status, most));
                left -= messages == null ? 0 : most;
            } else {
                passedOver.add(mailbox.name());
            }
        }
        return wanted;
    }

    private List<ListedMailbox> listed(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return connection.list(true);
        }
    }

    /** The other mailboxes to search for a conversation; trash and junk are left out. */
    static Stream<ListedMailbox> others(List<ListedMailbox> listed, MailboxName first) {
        var roles = MailboxRoles.of(listed);
        return listed.stream()
                .filter(ListedMailbox::selectable)
                .filter(mailbox -> !mailbox.name().equals(first))
                .filter(mailbox -> !thrownAway(roles.role(mailbox.name())))
                .sorted(
                        Comparator.<ListedMailbox>comparingInt(mailbox -> rank(roles, mailbox))
                                .thenComparing(mailbox -> mailbox.name().wire()));
    }

    /** Whether mailboxes of this role are excluded from conversations. */
    static boolean thrownAway(Optional<MailboxRole> role) {
        return role.filter(NEVER::contains).isPresent();
    }

    private static int rank(MailboxRoles roles, ListedMailbox mailbox) {
        int rank = roles.role(mailbox.name()).map(FIRST::indexOf).orElse(-1);
        return rank < 0 ? FIRST.size() : rank;
    }

    private static @Nullable MailboxStatus status(List<ListedMailbox> listed, MailboxName name) {
        for (var mailbox : listed) {
            if (mailbox.name().equals(name)) {
                return mailbox.status();
            }
        }
        return null;
    }

    private IndexedMailbox read(Account account, SelectedMailbox mailbox, Wanted wanted) {
        long uidValidity = mailbox.state().uidValidity();
        var found = cache.get(account, mailbox);
        var conversations = new ThreadedMailbox(mailbox, found).ofNewest(wanted.most);
        var status = wanted.status;
        if (status != null && Objects.equals(status.uidValidity(), uidValidity)) {
            found.counted(status);
        }
        cache.put(account, mailbox, found);
        var index = requireNonNull(found.index());
        return new IndexedMailbox(
                mailbox.accountTag(), wanted.name, uidValidity, conversations, index);
    }

    private void addKnown(Account account, Wanted wanted, Map<MailboxName, IndexedMailbox> known) {
        var status = wanted.status;
        if (status == null || status.uidValidity() == null || status.messages() == null) {
            return;
        }
        var found = cache.get(account, wanted.name, status.uidValidity());
        if (found == null) {
            return;
        }
        var conversations = found.byReferences();
        var index = found.index();
        if (conversations != null
                && index != null
                && index.lastSeen() >= conversations.uids().last()
                && (index.floor() == 0 || wanted.most < status.messages())
                && found.upToDate(status)) {
            known.put(
                    wanted.name,
                    new IndexedMailbox(
                            AccountTag.of(account),
                            wanted.name,
                            status.uidValidity(),
                            conversations,
                            index));
        }
    }
}
