package postern.thread;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.Keywords;

/**
 * Summary of a conversation, made of its messages.
 *
 * @param members the messages that were read, oldest first; never empty
 */
record ThreadOverview(
        List<ThreadMember> members,
        @Nullable String subject,
        List<EmailAddress> participants,
        int totalMessages,
        int unreadMessages,
        Keywords keywords,
        boolean hasAttachment) {

    // Descriptions in the contract that lists and single threads share.
    static final String SUBJECT_EXAMPLE = "Lunch on Friday";

    private static final int MOST_PARTICIPANTS = 50;

    /** Null when all of its messages are expunged. */
    static @Nullable ThreadOverview of(Conversation conversation, ThreadMembers members) {
        var read = members.of(conversation.messages());
        if (read.isEmpty()) {
            return null;
        }
        int unread =
                (int)
                        conversation.messages().stream()
                                .filter(placed -> members.unread(placed.ref()))
                                .count();
        return new ThreadOverview(
                read,
                ThreadSubject.of(read.getFirst().metadata().header().subject()),
                participants(read),
                conversation.messages().size(),
                unread,
                keywords(read, unread),
                read.stream().anyMatch(member -> member.metadata().parts().hasAttachment()));
    }

    private static List<EmailAddress> participants(List<ThreadMember> members) {
        Map<String, EmailAddress> byEmail = new LinkedHashMap<>();
        for (var member : members) {
            for (var from : member.metadata().addresses().from()) {
                byEmail.merge(
                        from.email().isEmpty()
                                ? "" + from.name()
                                : from.email().toLowerCase(Locale.ROOT),
                        from,
                        (known, now) -> known.name() == null ? now : known);
            }
        }
        return byEmail.values().stream().limit(MOST_PARTICIPANTS).toList();
    }

    private static Keywords keywords(List<ThreadMember> members, int unread) {
        var any = new HashSet<Flag>();
        boolean unknown = false;
        for (var member : members) {
            unknown |= member.flags() == null;
            any.addAll(member.flags() == null ? Set.of() : member.flags());
        }
        if (unread > 0 || unknown) {
            any.remove(Flag.SEEN);
        }
        return Keywords.of(any);
    }
}
