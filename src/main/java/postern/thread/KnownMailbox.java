package postern.thread;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxStatus;

/** What is known of a mailbox's conversations for as long as it keeps its numbering. */
final class KnownMailbox {

    /** So many messages that went are put up with before the index is made anew. */
    private static final int GONE = 10_000;

    private volatile @Nullable ReferenceIndex index;
    private volatile @Nullable Conversations byServer;
    private volatile @Nullable Conversations byReferences;
    private volatile long uidNext;

    /** By the mail server's own THREAD. */
    @Nullable Conversations byServer() {
        return byServer;
    }

    void byServer(Conversations conversations) {
        byServer = conversations;
    }

    /** By what the index knows. */
    @Nullable Conversations byReferences() {
        return byReferences;
    }

    void byReferences(Conversations conversations) {
        byReferences = conversations;
    }

    /** An index that knows all messages above this UID, or is going to. */
    ReferenceIndex index(long floor, Uids present) {
        var known = index;
        if (known != null
                && known.floor() <= floor
                && known.messages() <= 2 * present.count() + GONE) {
            return known;
        }
        var anew = new ReferenceIndex(floor);
        index = anew;
        return anew;
    }

    /** What was indexed when {@link #upToDate}. */
    @Nullable ReferenceIndex index() {
        return index;
    }

    /** Remembers what STATUS said before the index was brought up to date. */
    void counted(MailboxStatus status) {
        uidNext = status.uidNext();
    }

    /**
     * Whether nothing came or went since: what comes takes the next UID, and what goes is missing
     * in the number of messages.
     */
    boolean upToDate(MailboxStatus status) {
        var conversations = byReferences;
        return conversations != null
                && uidNext > 0
                && uidNext == status.uidNext()
                && conversations.uids().count() == status.messages();
    }

    /** What it takes of the heap, roughly. */
    int octets() {
        var references = index;
        return 200
                + (references == null ? 0 : references.octets())
                + octets(byServer)
                + octets(byReferences);
    }

    private static int octets(@Nullable Conversations conversations) {
        return conversations == null ? 0 : conversations.octets();
    }
}
