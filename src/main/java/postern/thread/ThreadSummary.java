package postern.thread;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.Keywords;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/// A thread as a list shows it.
///
/// @param subject That of its oldest message, without what replies put in front of it; absent where
///   it has none.
/// @param participants Who wrote its messages, the first one first; at most 50.
/// @param totalMessages How many messages it has.
/// @param unreadMessages How many of them lack `$seen`.
/// @param receivedAt When its newest message arrived in the mailbox that is listed.
/// @param keywords `$seen` when all of its messages have it; any other keyword when one of them has
///   it.
/// @param hasAttachment Whether one of its messages has a file.
/// @param preview The beginning of the newest message's text in one line.
/// @param messageIds Its messages, the oldest first; of a long one the first and the newest 50 of
///   each mailbox.
/// @param mailboxIds The mailboxes that its messages are in.
record ThreadSummary(
        ThreadId id,
        @Schema(example = ThreadOverview.SUBJECT_EXAMPLE) @Nullable String subject,
        List<EmailAddress> participants,
        int totalMessages,
        int unreadMessages,
        @Nullable Instant receivedAt,
        Keywords keywords,
        boolean hasAttachment,
        @Nullable String preview,
        List<MessageId> messageIds,
        List<MailboxId> mailboxIds) {

    /**
     * Null when all of its messages are expunged meanwhile.
     *
     * @param byName whether the server's thread id can be used to find its messages
     */
    static @Nullable ThreadSummary of(
            Conversation conversation, MailboxName listed, ThreadMembers members, boolean byName) {
        var portrait = ThreadOverview.of(conversation, members);
        var here = conversation.in(listed);
        var newest = members.of(here);
        if (portrait == null || newest.isEmpty()) {
            return null;
        }
        var last = newest.getLast().metadata();
        return new ThreadSummary(
                id(here.getFirst(), members, byName),
                portrait.subject(),
                portrait.participants(),
                portrait.totalMessages(),
                portrait.unreadMessages(),
                last.receivedAt(),
                portrait.keywords(),
                portrait.hasAttachment(),
                last.preview(),
                portrait.members().stream().map(member -> MessageId.of(member.ref())).toList(),
                conversation.byMailbox().keySet().stream().map(MailboxId::of).toList());
    }

    /**
     * Contains the server's thread id; without one, the Message-ID of the oldest message, which the
     * other messages refer to.
     */
    private static ThreadId id(ThreadEntry oldest, ThreadMembers members, boolean byName) {
        var member = members.get(oldest.ref());
        if (byName && member != null && member.metadata().threadId() != null) {
            return ThreadId.ofServer(member.metadata().threadId());
        }
        return ThreadId.of(oldest.ref(), member == null ? oldest.id() : member.id());
    }
}
