package postern.thread;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;

/**
 * What to fetch of some conversations: the newest messages of each, and whether the other ones are
 * read.
 */
final class ThreadFetchPlan {

    /**
     * Upper bound on the newest messages of each mailbox that are fetched for a thread in a list.
     */
    private static final int DESCRIBED = 50;

    private final Map<MailboxName, List<ThreadEntry>> described;
    private final Map<MailboxName, List<ThreadEntry>> all;
    private final ThreadMembers members;

    /** The messages that need a preview: in a list, only the newest message of each thread. */
    private final Function<MailboxName, List<ThreadEntry>> shown;

    /**
     * For a list of this mailbox. The oldest message is always fetched, because the thread id
     * contains its Message-ID.
     */
    ThreadFetchPlan(List<Conversation> conversations, MailboxName listed, ThreadMembers members) {
        var newest = new ArrayList<ThreadEntry>();
        var messages = new ArrayList<ThreadEntry>();
        for (var conversation : conversations) {
            newest.addAll(conversation.newest(DESCRIBED));
            newest.add(conversation.messages().getFirst());
            messages.addAll(conversation.messages());
        }
        this.described = Conversation.byMailbox(newest);
        this.all = Conversation.byMailbox(messages);
        this.members = members;
        this.shown = mailbox -> mailbox.equals(listed) ? newest(conversations, listed) : List.of();
    }

    /** For one conversation. */
    ThreadFetchPlan(Conversation conversation, int most, ThreadMembers members) {
        this.described = Conversation.byMailbox(conversation.newest(most));
        this.all = conversation.byMailbox();
        this.members = members;
        this.shown = mailbox -> described.getOrDefault(mailbox, List.of());
    }

    List<MailboxName> mailboxes() {
        return List.copyOf(described.keySet());
    }

    /**
     * Fetches from this mailbox; nothing when its UIDVALIDITY has changed, because all messages are
     * gone.
     */
    ThreadMembers in(SelectedMailbox mailbox) {
        var here = described.getOrDefault(mailbox.name(), List.of());
        if (!here.isEmpty()
                && here.getFirst().ref().uidValidity() == mailbox.state().uidValidity()) {
            var uids = uids(here);
            var rest = uids(all.getOrDefault(mailbox.name(), List.of()));
            rest.removeAll(uids);
            members.read(mailbox, uids, rest);
            members.preview(
                    mailbox, shown.apply(mailbox.name()).stream().map(ThreadEntry::ref).toList());
        }
        return members;
    }

    /** By arrival, so it can only be evaluated after they were fetched. */
    private List<ThreadEntry> newest(List<Conversation> conversations, MailboxName listed) {
        return conversations.stream()
                .map(conversation -> members.of(conversation.in(listed)))
                .filter(here -> !here.isEmpty())
                .map(here -> ThreadEntry.of(here.getLast().ref(), here.getLast().id()))
                .toList();
    }

    private static Set<Long> uids(List<ThreadEntry> messages) {
        var uids = new HashSet<Long>();
        messages.forEach(placed -> uids.add(placed.ref().uid()));
        return uids;
    }
}
