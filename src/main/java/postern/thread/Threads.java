package postern.thread;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.mailbox.directory.MailboxResolver;
import postern.message.metadata.MetadataCache;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.ThreadId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Lists and reads threads. */
@Component
class Threads {

    /** Upper bound on the messages read per thread. */
    private static final int MOST = 1_000;

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final ConversationCache cache;
    private final AccountMailboxes accounts;
    private final ServerThreads serverThreads;
    private final MetadataCache facts;

    Threads(
            ImapConnections connections,
            MailboxResolver mailboxes,
            ConversationCache cache,
            AccountMailboxes accounts,
            ServerThreads serverThreads,
            MetadataCache facts) {
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.cache = cache;
        this.accounts = accounts;
        this.serverThreads = serverThreads;
        this.facts = facts;
    }

    /** A page of a mailbox's threads, from the newest or from a cursor on. */
    ThreadPage list(
            Account account, MailboxId mailboxId, @Nullable Cursor cursor, ThreadQuery query) {
        var anchor = ThreadListPosition.of(cursor);
        var name = mailboxes.resolve(account, mailboxId);
        return switch (query.scope()) {
            case MAILBOX -> listOfMailbox(account, name, anchor, query);
            case ACCOUNT -> listOfAccount(account, name, anchor, query);
        };
    }

    private ThreadPage listOfMailbox(
            Account account, MailboxName name, ThreadListPosition anchor, ThreadQuery query) {
        var members = ThreadMembers.ofLists(account, facts);
        List<Conversation> page;
        @Nullable Cursor next;
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            long uidValidity = mailbox.state().uidValidity();
            anchor.requireSameNumbering(uidValidity);
            var conversations = conversations(account, mailbox);
            var found = below(mailbox, conversations, anchor, query);
            page = found.subList(0, Math.min(found.size(), query.limit()));
            new ThreadFetchPlan(page, name, members).in(mailbox);
            next = next(found, page, uidValidity, anchor, conversations);
        }
        return page(account, page, name, members, next, List.of());
    }

    private static List<Conversation> below(
            SelectedMailbox mailbox,
            Conversations conversations,
            ThreadListPosition anchor,
            ThreadQuery query) {
        var accepted = query.filter().accepted(mailbox, conversations);
        return new ThreadWalk(conversations, anchor)
                .below(
                        query.limit(),
                        (number, newest) ->
                                accepted == null || accepted.get(number)
                                        ? inMailbox(mailbox, conversations, number, newest)
                                        : null);
    }

    private Conversations conversations(Account account, SelectedMailbox mailbox) {
        var known = cache.get(account, mailbox);
        var conversations = new ThreadedMailbox(mailbox, known).conversations();
        cache.put(account, mailbox, known);
        return conversations;
    }

    private static Conversation inMailbox(
            SelectedMailbox mailbox, Conversations conversations, int number, long newest) {
        return new Conversation(
                newest,
                conversations
                        .members(number)
                        .mapToObj(uid -> ThreadEntry.of(mailbox.message(uid), MessageIdHash.NONE))
                        .toList());
    }

    private ThreadPage listOfAccount(
            Account account, MailboxName name, ThreadListPosition anchor, ThreadQuery query) {
        if (serverThreads.mayKnow(account)) {
            var page = listByNames(account, name, anchor, query);
            if (page != null) {
                return page;
            }
        }
        var indexed = accounts.indexed(account, name);
        var first = indexed.first();
        anchor.requireSameNumbering(first.uidValidity());
        var accepted = accepted(account, first, query.filter());
        var everywhere = new AccountConversations(indexed.mailboxes());
        var found =
                new ThreadWalk(first.conversations(), anchor)
                        .below(
                                query.limit(),
                                (_, newest) ->
                                        inAccount(everywhere, first, newest, anchor, accepted));
        var page = found.subList(0, Math.min(found.size(), query.limit()));
        var members = ThreadMembers.ofLists(account, facts);
        read(account, new ThreadFetchPlan(page, name, members));
        var next = next(found, page, first.uidValidity(), anchor, first.conversations());
        return page(account, page, name, members, next, indexed.partial());
    }

    /**
     * A page of threads by the mail server's thread ids, including their messages in other
     * mailboxes; null when the server has none.
     */
    private @Nullable ThreadPage listByNames(
            Account account, MailboxName name, ThreadListPosition anchor, ThreadQuery query) {
        List<Conversation> page;
        NamedThreads threads;
        @Nullable Cursor next;
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            long uidValidity = mailbox.state().uidValidity();
            anchor.requireSameNumbering(uidValidity);
            var known = cache.get(account, mailbox);
            var conversations = new ThreadedMailbox(mailbox, known).byNames();
            cache.put(account, mailbox, known);
            if (conversations == null) {
                return null;
            }
            var found = below(mailbox, conversations, anchor, query);
            page = found.subList(0, Math.min(found.size(), query.limit()));
            next = next(found, page, uidValidity, anchor, conversations);
            threads = NamedThreads.in(mailbox, page);
        }
        var missed = serverThreads.complete(account, name, threads);
        var everywhere = page.stream().map(threads::whole).toList();
        var members = ThreadMembers.ofLists(account, facts);
        read(account, new ThreadFetchPlan(everywhere, name, members));
        return page(account, everywhere, name, members, next, missed);
    }

    private @Nullable BitSet accepted(
            Account account, IndexedMailbox indexed, ThreadFilter filter) {
        if (filter.none()) {
            return null;
        }
        try (var mailbox =
                connections.select(account, indexed.name(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            return filter.accepted(mailbox, indexed.conversations());
        }
    }

    /**
     * Null when the filter rejects it, or when it belongs to a conversation that was listed
     * already: two threads of a mailbox may be connected by a message in another mailbox.
     */
    private static @Nullable Conversation inAccount(
            AccountConversations everywhere,
            IndexedMailbox first,
            long newest,
            ThreadListPosition anchor,
            @Nullable BitSet accepted) {
        var all = everywhere.aroundMessage(newest);
        boolean wanted = accepted == null;
        for (var placed : all) {
            if (placed.ref().mailbox().equals(first.name())) {
                long uid = placed.ref().uid();
                if (uid > newest && uid <= anchor.asOf()) {
                    return null;
                }
                wanted |= accepted != null && accepted.get(first.conversations().of(uid));
            }
        }
        return wanted ? new Conversation(newest, ThreadEntry.withoutCopies(all)) : null;
    }

    /** Reads from several mailboxes at once, as connections are available. */
    private void read(Account account, ThreadFetchPlan reading) {
        // the messages of mailboxes that refuse are treated as gone
        var _ = connections.each(account, reading.mailboxes(), Access.READ_ONLY, reading::in);
    }

    private static @Nullable Cursor next(
            List<Conversation> found,
            List<Conversation> shown,
            long uidValidity,
            ThreadListPosition anchor,
            Conversations conversations) {
        return found.size() > shown.size()
                ? anchor.next(uidValidity, shown.getLast().newest(), conversations)
                : null;
    }

    private ThreadPage page(
            Account account,
            List<Conversation> shown,
            MailboxName listed,
            ThreadMembers members,
            @Nullable Cursor next,
            List<MailboxName> partial) {
        boolean byName = members.named() && !thrownAway(account, listed);
        var lines = new ArrayList<ThreadSummary>();
        for (var conversation : shown) {
            var line = ThreadSummary.of(conversation, listed, members, byName);
            if (line != null) {
                lines.add(line);
            }
        }
        return new ThreadPage(lines, next, ThreadPage.partial(partial));
    }

    private boolean thrownAway(Account account, MailboxName mailbox) {
        return !mailbox.inbox() && AccountMailboxes.thrownAway(mailboxes.role(account, mailbox));
    }

    /**
     * A thread with its messages.
     *
     * @param scope null for the scope for which the id was issued
     */
    ThreadDetail read(Account account, ThreadId id, @Nullable ThreadScope scope) {
        return switch (id) {
            case ThreadId.OfMessage(var ref, long messageId) -> {
                try {
                    yield scope == ThreadScope.ACCOUNT
                            ? readInAccount(account, id, ref, messageId)
                            : readInMailbox(account, id, ref, messageId);
                } catch (ImapException.MessageNotFound _) {
                    throw notFound("there is no such thread");
                }
            }
            case ThreadId.OfServer(var threadId) -> {
                if (scope == ThreadScope.MAILBOX) {
                    throw InvalidRequest.parameter("scope", "must be account for this thread");
                }
                yield readByName(account, id, threadId, null);
            }
        };
    }

    private ThreadDetail readByName(
            Account account, ThreadId id, String name, @Nullable MailboxName first) {
        var members = ThreadMembers.withHeaders(account, facts);
        var found = serverThreads.find(account, name, first, members);
        return detail(id, found.conversation(), members, found.missed());
    }

    private ThreadDetail readInMailbox(
            Account account, ThreadId id, MessageRef ref, long messageId) {
        try (var mailbox = connections.select(account, ref, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var conversations = conversations(account, mailbox);
            int number = conversations.of(ref.uid());
            if (number < 0) {
                number = conversations.of(survivor(account, mailbox, messageId));
            }
            if (number < 0) {
                throw gone();
            }
            var conversation = inMailbox(mailbox, conversations, number, 0);
            var members = ThreadMembers.withHeaders(account, facts);
            new ThreadFetchPlan(conversation, MOST, members).in(mailbox);
            return detail(id, conversation, members, List.of());
        }
    }

    /** The UID of any message in the conversation of that Message-ID; 0 for none. */
    private long survivor(Account account, SelectedMailbox mailbox, long messageId) {
        if (messageId == MessageIdHash.NONE) {
            return 0;
        }
        var known = cache.get(account, mailbox);
        var conversations = new ThreadedMailbox(mailbox, known).byReferences();
        cache.put(account, mailbox, known);
        var index = known.index();
        var found = new ArrayList<Long>();
        if (index != null) {
            index.aroundId(messageId, new HashSet<>(), (_, uid) -> found.add(uid));
        }
        return found.stream().filter(conversations.uids()::contains).findFirst().orElse(0L);
    }

    private ThreadDetail readInAccount(
            Account account, ThreadId id, MessageRef ref, long messageId) {
        var name = serverThreads.nameOf(account, ref);
        if (name != null) {
            return readByName(account, id, name, ref.mailbox());
        }
        var indexed = accounts.indexed(account, ref.mailbox());
        var first = indexed.first();
        if (first.uidValidity() != ref.uidValidity()) {
            throw ref.absence(first.accountTag());
        }
        var everywhere = new AccountConversations(indexed.mailboxes());
        var all =
                first.contains(ref.uid())
                        ? everywhere.aroundMessage(ref.uid())
                        : everywhere.aroundId(messageId);
        if (all.isEmpty()) {
            throw gone();
        }
        var conversation = new Conversation(0, ThreadEntry.withoutCopies(all));
        var members = ThreadMembers.withHeaders(account, facts);
        read(account, new ThreadFetchPlan(conversation, MOST, members));
        return detail(id, conversation, members, indexed.partial());
    }

    private static ThreadDetail detail(
            ThreadId id,
            Conversation conversation,
            ThreadMembers members,
            List<MailboxName> partial) {
        var portrait = ThreadOverview.of(conversation, members);
        if (portrait == null) {
            throw gone();
        }
        var read = portrait.members();
        var shown = read.subList(Math.max(0, read.size() - MOST), read.size());
        return ThreadDetail.of(id, conversation, portrait, shown, partial);
    }

    private static ProblemException gone() {
        return notFound("none of the thread's messages is there any more");
    }

    private static ProblemException notFound(String reason) {
        return new ProblemException(ProblemCode.THREAD_NOT_FOUND, reason);
    }
}
