package postern.thread;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.imap.MailboxName;

/**
 * A conversation.
 *
 * @param newest the UID of its newest message in the listed mailbox when the first page was made
 * @param messages of each mailbox in ascending UIDs
 */
record Conversation(long newest, List<ThreadEntry> messages) {

    /** The messages in this mailbox, in ascending UIDs. */
    List<ThreadEntry> in(MailboxName mailbox) {
        return messages.stream().filter(it -> it.ref().mailbox().equals(mailbox)).toList();
    }

    /** The newest messages of each mailbox. */
    List<ThreadEntry> newest(int most) {
        var newest = new ArrayList<ThreadEntry>();
        for (var of : byMailbox().values()) {
            newest.addAll(of.subList(Math.max(0, of.size() - most), of.size()));
        }
        return newest;
    }

    Map<MailboxName, List<ThreadEntry>> byMailbox() {
        return byMailbox(messages);
    }

    static Map<MailboxName, List<ThreadEntry>> byMailbox(List<ThreadEntry> messages) {
        var mailboxes = new LinkedHashMap<MailboxName, List<ThreadEntry>>();
        for (var placed : messages) {
            mailboxes.computeIfAbsent(placed.ref().mailbox(), _ -> new ArrayList<>()).add(placed);
        }
        return mailboxes;
    }

    /** The first message with each Message-ID. */
    Map<Long, ThreadEntry> byId() {
        var ids = new HashMap<Long, ThreadEntry>();
        messages.forEach(placed -> ids.putIfAbsent(placed.id(), placed));
        return ids;
    }
}
