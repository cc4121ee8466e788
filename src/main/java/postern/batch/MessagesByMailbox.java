package postern.batch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import postern.imap.MailboxName;
import postern.imap.message.UidSet;
import postern.web.id.MessageId;

/** Messages by mailbox and UIDVALIDITY. */
record MessagesByMailbox(Map<MailboxName, Map<Long, UidSet>> all) {

    static MessagesByMailbox of(List<MessageId> ids) {
        var uids = new LinkedHashMap<MailboxName, Map<Long, List<Long>>>();
        for (var id : ids) {
            var ref = id.ref();
            uids.computeIfAbsent(ref.mailbox(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(ref.uidValidity(), _ -> new ArrayList<>())
                    .add(ref.uid());
        }
        var all = new LinkedHashMap<MailboxName, Map<Long, UidSet>>();
        uids.forEach((mailbox, numberings) ->
                all.put(
                        mailbox,
                        numberings.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                entry -> UidSet.of(entry.getValue())))));
        return new MessagesByMailbox(all);
    }

    int size() {
        return all.size();
    }

    List<MailboxName> mailboxes() {
        return List.copyOf(all.keySet());
    }

    Map<Long, UidSet> in(MailboxName mailbox) {
        return all.getOrDefault(mailbox, Map.of());
    }
}
