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

/** A thread in a list. */
@Schema(description = "A thread as a list shows it.")
record ThreadSummary(
        ThreadId id,
        @Schema(description = ThreadOverview.SUBJECT, example = ThreadOverview.SUBJECT_EXAMPLE)
                @Nullable String subject,
        @Schema(description = ThreadOverview.PARTICIPANTS) List<EmailAddress> participants,
        @Schema(description = ThreadOverview.TOTAL_MESSAGES) int totalMessages,
        @Schema(description = ThreadOverview.UNREAD_MESSAGES) int unreadMessages,
        @Schema(description = "When its newest message arrived in the mailbox that is listed.")
                @Nullable Instant receivedAt,
        @Schema(description = ThreadOverview.KEYWORDS) Keywords keywords,
        @Schema(description = ThreadOverview.HAS_ATTACHMENT) boolean hasAttachment,
        @Schema(description = "The beginning of the newest message's text in one line.")
                @Nullable String preview,
        @Schema(
                        description =
                                "Its messages, the oldest first; of a long one the first and the newest 50 of each"
                                        + " mailbox.")
                List<MessageId> messageIds,
        @Schema(description = "The mailboxes that its messages are in.")
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
