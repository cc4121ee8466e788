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
record Conversation(long newest, List<Placed> messages) {

    /** Those in this mailbox, in ascending UIDs. */
    List<Placed> in(MailboxName mailbox) {
        return messages.stream().filter(it -> it.ref().mailbox().equals(mailbox)).toList();
    }

    /** The newest of each mailbox. */
    List<Placed> newest(int most) {
        var newest = new ArrayList<Placed>();
        for (var of : byMailbox().values()) {
            newest.addAll(of.subList(Math.max(0, of.size() - most), of.size()));
        }
        return newest;
    }

    Map<MailboxName, List<Placed>> byMailbox() {
        return byMailbox(messages);
    }

    static Map<MailboxName, List<Placed>> byMailbox(List<Placed> messages) {
        var mailboxes = new LinkedHashMap<MailboxName, List<Placed>>();
        for (var placed : messages) {
            mailboxes.computeIfAbsent(placed.ref().mailbox(), _ -> new ArrayList<>()).add(placed);
        }
        return mailboxes;
    }

    /** The first of each Message-ID. */
    Map<Long, Placed> byId() {
        var ids = new HashMap<Long, Placed>();
        messages.forEach(placed -> ids.putIfAbsent(placed.id(), placed));
        return ids;
    }
}
