package postern.thread;

import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.message.metadata.MessageMetadata;

/**
 * A message of a conversation, with its metadata.
 *
 * @param flags null when the server's response could not be parsed
 */
record ThreadMember(
        MessageRef ref,
        @Nullable Set<Flag> flags,
        MessageMetadata metadata,
        @Nullable ReferenceHeader header) {

    /** By arrival; messages of the same second by their order in the mailboxes. */
    static final Comparator<ThreadMember> OLDEST_FIRST =
            Comparator.comparing(ThreadMember::receivedAt)
                    .thenComparing(member -> member.ref.mailbox().wire())
                    .thenComparingLong(member -> member.ref.uid());

    ThreadMember with(MessageMetadata richer) {
        return new ThreadMember(ref, flags, richer, header);
    }

    private Instant receivedAt() {
        return metadata.receivedAt() == null ? Instant.EPOCH : metadata.receivedAt();
    }

    /** The hash of its Message-ID. */
    long id() {
        var id = metadata.header().internetMessageId();
        return id == null ? MessageIdHash.NONE : MessageIdHash.of(id);
    }

    /** False when the flags are unknown. */
    boolean unread() {
        return flags != null && !flags.contains(Flag.SEEN);
    }
}
