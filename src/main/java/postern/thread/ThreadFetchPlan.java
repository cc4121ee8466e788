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
 * What is to be read of some conversations: the newest messages of each, and of all others whether
 * they are read.
 */
final class ThreadFetchPlan {

    /** So many messages of a thread, the newest of each mailbox, describe it in a list. */
    private static final int DESCRIBED = 50;

    private final Map<MailboxName, List<ThreadEntry>> described;
    private final Map<MailboxName, List<ThreadEntry>> all;
    private final ThreadMembers members;

    /** Those whose beginning is shown: of a list's threads the newest message alone. */
    private final Function<MailboxName, List<ThreadEntry>> shown;

    /**
     * For a list of this mailbox; the oldest message is always read, for the id takes its
     * Message-ID.
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

    /** For one of them. */
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
     * Reads in this mailbox. Of one that has been numbered anew none of these is there any more.
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

    /** By arrival, and so after they were read. */
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
