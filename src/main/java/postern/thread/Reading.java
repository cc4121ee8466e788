package postern.thread;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;

/**
 * What is to be read of some conversations: the newest messages of each, and of all others whether
 * they are read.
 */
final class Reading {

    /** So many messages of a thread, the newest of each mailbox, describe it in a list. */
    private static final int DESCRIBED = 50;

    private final Map<MailboxName, List<Placed>> described;
    private final Map<MailboxName, List<Placed>> all;
    private final Members members;

    /** For a list; the oldest message is always read, for the id takes its Message-ID. */
    Reading(List<Conversation> conversations, Members members) {
        var newest = new ArrayList<Placed>();
        var messages = new ArrayList<Placed>();
        for (var conversation : conversations) {
            newest.addAll(conversation.newest(DESCRIBED));
            newest.add(conversation.messages().getFirst());
            messages.addAll(conversation.messages());
        }
        this.described = Conversation.byMailbox(newest);
        this.all = Conversation.byMailbox(messages);
        this.members = members;
    }

    /** For one of them. */
    Reading(Conversation conversation, int most, Members members) {
        this.described = Conversation.byMailbox(conversation.newest(most));
        this.all = conversation.byMailbox();
        this.members = members;
    }

    List<MailboxName> mailboxes() {
        return List.copyOf(described.keySet());
    }

    /**
     * Reads in this mailbox. Of one that has been numbered anew none of these is there any more.
     */
    Members in(SelectedMailbox mailbox) {
        var here = described.getOrDefault(mailbox.name(), List.of());
        if (!here.isEmpty()
                && here.getFirst().ref().uidValidity() == mailbox.state().uidValidity()) {
            var uids = uids(here);
            var rest = uids(all.getOrDefault(mailbox.name(), List.of()));
            rest.removeAll(uids);
            members.read(mailbox, uids, rest);
        }
        return members;
    }

    private static Set<Long> uids(List<Placed> messages) {
        var uids = new HashSet<Long>();
        messages.forEach(placed -> uids.add(placed.ref().uid()));
        return uids;
    }
}
