package postern.thread;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;

/** Finds the messages of a thread by the mail server's thread id (RFC 8474, Gmail). */
@Component
class ServerThreads {

    /** Upper bound on the newest messages read of each mailbox; older ones are only counted. */
    private static final int MOST = 1_000;

    /** The number of headers of older messages that are fetched at once. */
    private static final int CHUNK = 500;

    private static final FetchItems NAME = FetchItems.of(FetchItem.THREAD_ID);
    private static final FetchItems HEADER = FetchItems.of().with(ReferenceHeader.SECTION);

    /** The number of threads in one SEARCH, so that servers accept the length of the line. */
    private static final int AT_ONCE = 50;

    private final ImapConnections connections;

    ServerThreads(ImapConnections connections) {
        this.connections = connections;
    }

    /** Whether the mail server announces thread ids. */
    boolean mayKnow(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return connection.capabilities().threadIds();
        }
    }

    /** The server's thread id of a message; null when the message is gone or has none. */
    @Nullable String nameOf(Account account, MessageRef message) {
        if (!mayKnow(account)) {
            return null;
        }
        try (var mailbox =
                connections.select(account, message, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var found = mailbox.fetch(UidSet.of(message.uid()), NAME);
            return found.isEmpty() ? null : found.getFirst().threadId();
        }
    }

    /**
     * The messages of a thread.
     *
     * @param missed mailboxes that could not be searched
     */
    record Found(Conversation conversation, List<MailboxName> missed) {}

    /**
     * Searches all mailboxes except trash and junk, and those too if the others have no message of
     * the thread, and reads the messages found. Empty when the server has no thread ids.
     *
     * @param first a mailbox that is searched in any case; null for none
     */
    Found find(
            Account account, String threadId, @Nullable MailboxName first, ThreadMembers members) {
        if (!mayKnow(account)) {
            return new Found(new Conversation(0, List.of()), List.of());
        }
        var listed = listed(account);
        var kept = new LinkedHashSet<MailboxName>();
        if (first != null) {
            kept.add(first);
        }
        if (account.limits().reaches(MailboxName.INBOX.wire())) {
            kept.add(MailboxName.INBOX);
        }
        kept.addAll(others(listed, MailboxName.INBOX));
        var missed = new LinkedHashSet<MailboxName>();
        var found = find(account, List.copyOf(kept), threadId, members, missed);
        if (found.isEmpty()) {
            var thrownAway = listed.stream().filter(ListedMailbox::selectable);
            var names = thrownAway.map(ListedMailbox::name).filter(it -> !kept.contains(it));
            found = find(account, names.toList(), threadId, members, missed);
        }
        var conversation = new Conversation(0, ThreadEntry.withoutCopies(found));
        return new Found(conversation, List.copyOf(missed));
    }

    private List<ThreadEntry> find(
            Account account,
            List<MailboxName> mailboxes,
            String threadId,
            ThreadMembers members,
            Set<MailboxName> missed) {
        var found = new ArrayList<ThreadEntry>();
        var outcomes =
                connections.each(
                        account,
                        mailboxes,
                        Access.READ_ONLY,
                        mailbox -> find(mailbox, threadId, members));
        for (var outcome : outcomes) {
            missed(outcome, missed);
            if (outcome instanceof MailboxOutcome.Done<List<ThreadEntry>>(var _, var placed)) {
                found.addAll(placed);
            }
        }
        return found;
    }

    /**
     * Adds the messages that the other mailboxes of the account, except trash and junk, have of
     * these threads: one flush searches all of them, then the thread ids of the results are
     * fetched. Returns the mailboxes that could not be searched.
     */
    List<MailboxName> complete(Account account, MailboxName listed, NamedThreads threads) {
        var missed = new LinkedHashSet<MailboxName>();
        var visits = new ArrayList<ExamineRequest>();
        var names = List.copyOf(threads.names());
        for (var mailbox : names.isEmpty() ? List.<MailboxName>of() : others(account, listed)) {
            for (int from = 0; from < names.size(); from += AT_ONCE) {
                var chunk = names.subList(from, Math.min(names.size(), from + AT_ONCE));
                visits.add(ExamineRequest.search(mailbox, anyOf(chunk)));
            }
        }
        var fetches = new ArrayList<ExamineRequest>();
        var uidValidities = new ArrayList<Long>();
        for (var outcome : connections.visit(account, visits)) {
            if (outcome instanceof MailboxOutcome.Done<ExaminedMailbox>(var mailbox, var visited)
                    && !visited.found().isEmpty()) {
                var requests = NamedThreads.requests(visited.found());
                fetches.add(ExamineRequest.fetch(mailbox, requests));
                uidValidities.add(visited.state().uidValidity());
            }
            missed(outcome, missed);
        }
        var accountTag = AccountTag.of(account);
        var outcomes = connections.visit(account, fetches);
        for (int i = 0; i < fetches.size(); i++) {
            // when it was refused or its UIDVALIDITY changed, the mailbox was replaced meanwhile
            if (outcomes.get(i)
                            instanceof
                            MailboxOutcome.Done<ExaminedMailbox>(var mailbox, var visited)
                    && visited.state().uidValidity() == uidValidities.get(i)) {
                long uidValidity = visited.state().uidValidity();
                visited.fetched()
                        .forEach(fetched ->
                                threads.add(
                                        uid ->
                                                new MessageRef(
                                                        mailbox, uidValidity, uid, accountTag),
                                        fetched));
            }
            missed(outcomes.get(i), missed);
        }
        return List.copyOf(missed);
    }

    /** A mailbox that was deleted or is not permitted does not count as missed. */
    private static void missed(MailboxOutcome<?> outcome, Set<MailboxName> missed) {
        if (outcome instanceof MailboxOutcome.Refused<?>(var mailbox, var reason)
                && !(reason instanceof ImapException.MailboxNotFound)
                && !(reason instanceof ImapException.PermissionDenied)) {
            missed.add(mailbox);
        }
    }

    /** A balanced tree of ORs, to keep the nesting depth small. */
    private static SearchTerm anyOf(List<String> names) {
        if (names.size() == 1) {
            return new SearchTerm.InThread(names.getFirst());
        }
        int half = names.size() / 2;
        return new SearchTerm.Or(
                anyOf(names.subList(0, half)), anyOf(names.subList(half, names.size())));
    }

    private List<MailboxName> others(Account account, MailboxName first) {
        return others(listed(account), first);
    }

    private static List<MailboxName> others(List<ListedMailbox> listed, MailboxName first) {
        return AccountMailboxes.others(listed, first).map(ListedMailbox::name).toList();
    }

    private List<ListedMailbox> listed(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return connection.list(false);
        }
    }

    private static List<ThreadEntry> find(
            SelectedMailbox mailbox, String threadId, ThreadMembers members) {
        var all = mailbox.search(new SearchTerm.InThread(threadId)).stream().boxed().toList();
        if (all.isEmpty()) {
            return List.of();
        }
        int rest = Math.max(0, all.size() - MOST);
        var older = all.subList(0, rest);
        var newest = all.subList(rest, all.size());
        var found = new ArrayList<>(counted(mailbox, older));
        var refs = newest.stream().map(mailbox::message).toList();
        members.read(mailbox, newest, older);
        members.preview(mailbox, refs);
        for (var ref : refs) {
            var member = members.get(ref);
            if (member != null) {
                found.add(ThreadEntry.of(member.ref(), member.id()));
            }
        }
        return found;
    }

    /** Fetches Message-IDs, so that copies in several mailboxes count once. */
    private static List<ThreadEntry> counted(SelectedMailbox mailbox, List<Long> uids) {
        var found = new ArrayList<ThreadEntry>();
        for (int from = 0; from < uids.size(); from += CHUNK) {
            var chunk = uids.subList(from, Math.min(uids.size(), from + CHUNK));
            for (var message : mailbox.fetch(UidSet.of(chunk), HEADER)) {
                found.add(
                        ThreadEntry.of(
                                mailbox.message(message.uid()),
                                ThreadedMailbox.header(message).messageId()));
            }
        }
        return found;
    }
}
