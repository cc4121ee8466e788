package postern.thread;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.Keywords;
import postern.message.metadata.MessageSummary;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/// A thread with its messages.
///
/// @param subject That of its oldest message, without what replies put in front of it; absent where
///   it has none.
/// @param participants Who wrote its messages, the first one first; at most 50.
/// @param totalMessages How many messages it has.
/// @param unreadMessages How many of them lack `$seen`.
/// @param keywords `$seen` when all of its messages have it; any other keyword when one of them has
///   it.
/// @param hasAttachment Whether one of its messages has a file.
/// @param messages The oldest first; of a very long thread the newest 1000.
/// @param partialMailboxes Mailboxes of which only the newest messages, or none, were looked at for
///   those that belong to a thread, because the account has too many mailboxes or the mail server
///   refused; absent when all were looked at whole.
@Schema(name = "MailThread")
record ThreadDetail(
        ThreadId id,
        @Schema(example = ThreadOverview.SUBJECT_EXAMPLE) @Nullable String subject,
        List<EmailAddress> participants,
        int totalMessages,
        int unreadMessages,
        Keywords keywords,
        boolean hasAttachment,
        List<ThreadMessage> messages,
        @Nullable List<MailboxId> partialMailboxes) {

    static ThreadDetail of(
            ThreadId id,
            Conversation conversation,
            ThreadOverview portrait,
            List<ThreadMember> shown,
            List<MailboxName> partial) {
        return new ThreadDetail(
                id,
                portrait.subject(),
                portrait.participants(),
                portrait.totalMessages(),
                portrait.unreadMessages(),
                portrait.keywords(),
                portrait.hasAttachment(),
                messages(conversation, shown),
                ThreadPage.partial(partial));
    }

    private static List<ThreadMessage> messages(
            Conversation conversation, List<ThreadMember> shown) {
        var copies = new HashMap<MessageRef, List<MessageRef>>();
        conversation.messages().forEach(placed -> copies.put(placed.ref(), placed.copies()));
        var parents = parents(shown);
        var messages = new ArrayList<ThreadMessage>();
        for (var member : shown) {
            var parent = parents.get(member.ref());
            messages.add(
                    new ThreadMessage(
                            MessageSummary.of(member.ref(), member.flags(), member.metadata()),
                            parent == null ? null : MessageId.of(parent),
                            ids(copies.getOrDefault(member.ref(), List.of()))));
        }
        return messages;
    }

    private static @Nullable List<MessageId> ids(List<MessageRef> refs) {
        return refs.isEmpty() ? null : refs.stream().map(MessageId::of).toList();
    }

    /**
     * Maps each message to its nearest reference within the thread. If messages claim to answer
     * each other, the cycle is broken: the older one stays above.
     */
    static Map<MessageRef, MessageRef> parents(List<ThreadMember> members) {
        var byId = new HashMap<Long, MessageRef>();
        for (var member : members) {
            if (member.id() != MessageIdHash.NONE) {
                byId.putIfAbsent(member.id(), member.ref());
            }
        }
        var parents = new HashMap<MessageRef, MessageRef>();
        for (var member : members) {
            var parent = nearest(member, byId, parents);
            if (parent != null) {
                parents.put(member.ref(), parent);
            }
        }
        return parents;
    }

    private static @Nullable MessageRef nearest(
            ThreadMember member, Map<Long, MessageRef> byId, Map<MessageRef, MessageRef> parents) {
        long[] references = member.header() == null ? new long[0] : member.header().references();
        for (int i = references.length - 1; i >= 0; i--) {
            var candidate = byId.get(references[i]);
            if (candidate != null && !isAbove(member.ref(), candidate, parents)) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether one is the other or one of its ancestors. */
    private static boolean isAbove(
            MessageRef one, MessageRef other, Map<MessageRef, MessageRef> parents) {
        for (var at = other; at != null; at = parents.get(at)) {
            if (at.equals(one)) {
                return true;
            }
        }
        return false;
    }
}
