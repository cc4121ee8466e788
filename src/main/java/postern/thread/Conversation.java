package postern.thread;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.imap.MailboxName;

/**
 * Messages that belong together.
 *
 * @param newest the UID of the newest one in the mailbox that is listed, when the list began
 * @param messages of each mailbox in ascending UIDs
 */
record Conversation(long newest, List<ThreadEntry> messages) {

    /** Those in this mailbox, in ascending UIDs. */
    List<ThreadEntry> in(MailboxName mailbox) {
        return messages.stream().filter(it -> it.ref().mailbox().equals(mailbox)).toList();
    }

    /** The newest of each mailbox. */
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

    /** The first of each Message-ID. */
    Map<Long, ThreadEntry> byId() {
        var ids = new HashMap<Long, ThreadEntry>();
        messages.forEach(placed -> ids.putIfAbsent(placed.id(), placed));
        return ids;
    }
}
