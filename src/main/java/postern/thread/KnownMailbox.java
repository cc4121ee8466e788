package postern.thread;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxStatus;

/** What is known of a mailbox's conversations for as long as it keeps its numbering. */
final class KnownMailbox {

    /** So many messages that went are put up with before the index is made anew. */
    private static final int GONE = 10_000;

    private final @Nullable String mailboxId;
    private volatile @Nullable ReferenceIndex index;
    private volatile @Nullable ReferenceIndex names;
    private volatile boolean unnamed;
    private volatile @Nullable Conversations byServer;
    private volatile @Nullable Conversations byReferences;
    private volatile long uidNext;

    /**
     * @param mailboxId what the server calls the mailbox for good; null where it does not say
     */
    KnownMailbox(@Nullable String mailboxId) {
        this.mailboxId = mailboxId;
    }

    @Nullable String mailboxId() {
        return mailboxId;
    }

    /** By the mail server's own THREAD, or by its {@link #names}. */
    @Nullable Conversations byServer() {
        return byServer;
    }

    void byServer(Conversations conversations) {
        byServer = conversations;
    }

    /** Which thread the mail server says each message is in; null when that is not known yet. */
    @Nullable ReferenceIndex names(Uids present) {
        var known = names;
        return known != null && fit(known, present) ? known : null;
    }

    void byNames(ReferenceIndex index, Conversations conversations) {
        names = index;
        byServer = conversations;
    }

    /** Whether the mail server has no names for threads, whatever it announces. */
    boolean unnamed() {
        return unnamed;
    }

    void foundUnnamed() {
        unnamed = true;
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
        if (known != null && known.floor() <= floor && fit(known, present)) {
            return known;
        }
        var anew = new ReferenceIndex(floor);
        index = anew;
        return anew;
    }

    private static boolean fit(ReferenceIndex index, Uids present) {
        return index.messages() <= 2 * present.count() + GONE;
    }

    /** What was indexed when {@link #upToDate}. */
    @Nullable ReferenceIndex index() {
        return index;
    }

    /** Remembers what STATUS said before the index was brought up to date. */
    void counted(MailboxStatus status) {
        uidNext = status.uidNext() == null ? 0 : status.uidNext();
    }

    /**
     * Whether nothing came or went since: what comes takes the next UID, and what goes is missing
     * in the number of messages.
     */
    boolean upToDate(MailboxStatus status) {
        var conversations = byReferences;
        return conversations != null
                && uidNext > 0
                && Objects.equals(uidNext, status.uidNext())
                && Objects.equals((long) conversations.uids().count(), status.messages());
    }

    /** What it takes of the heap, roughly. */
    int octets() {
        return 200 + octets(index) + octets(names) + octets(byServer) + octets(byReferences);
    }

    private static int octets(@Nullable ReferenceIndex index) {
        return index == null ? 0 : index.octets();
    }

    private static int octets(@Nullable Conversations conversations) {
        return conversations == null ? 0 : conversations.octets();
    }
}
