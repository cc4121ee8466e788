package postern.thread;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxStatus;

/** The cached conversations of a mailbox under one UIDVALIDITY. */
final class KnownMailbox {

    /** The index is rebuilt when it has more messages than twice those in the mailbox plus this. */
    private static final int GONE = 10_000;

    private final @Nullable String mailboxId;
    private volatile @Nullable ReferenceIndex index;
    private volatile @Nullable ReferenceIndex names;
    private volatile boolean unnamed;
    private volatile @Nullable Conversations byServer;
    private volatile @Nullable Conversations byReferences;
    private volatile long uidNext;

    /**
     * @param mailboxId the server's permanent id of the mailbox (RFC 8474); null when it has none
     */
    KnownMailbox(@Nullable String mailboxId) {
        this.mailboxId = mailboxId;
    }

    @Nullable String mailboxId() {
        return mailboxId;
    }

    /** According to the server's THREAD command, or to its thread ids, see {@link #names}. */
    @Nullable Conversations byServer() {
        return byServer;
    }

    void byServer(Conversations conversations) {
        byServer = conversations;
    }

    /** An index by the server's thread ids; null when these are not known yet. */
    @Nullable ReferenceIndex names(Uids present) {
        var known = names;
        return known != null && fit(known, present) ? known : null;
    }

    void byNames(ReferenceIndex index, Conversations conversations) {
        names = index;
        byServer = conversations;
    }

    /** Whether the mail server has no thread ids although it announces them. */
    boolean unnamed() {
        return unnamed;
    }

    void foundUnnamed() {
        unnamed = true;
    }

    /** According to References and In-Reply-To. */
    @Nullable Conversations byReferences() {
        return byReferences;
    }

    void byReferences(Conversations conversations) {
        byReferences = conversations;
    }

    /** An index that contains, or will contain, all messages above this UID. */
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

    /** The index; it is current if {@link #upToDate}. */
    @Nullable ReferenceIndex index() {
        return index;
    }

    /** Remembers UIDNEXT as it was before the index was updated. */
    void counted(MailboxStatus status) {
        uidNext = status.uidNext() == null ? 0 : status.uidNext();
    }

    /**
     * Whether nothing was added or expunged since: a new message would increase UIDNEXT, an
     * expunged one would decrease the number of messages.
     */
    boolean upToDate(MailboxStatus status) {
        var conversations = byReferences;
        return conversations != null
                && uidNext > 0
                && Objects.equals(uidNext, status.uidNext())
                && Objects.equals((long) conversations.uids().count(), status.messages());
    }

    /** Approximate heap use. */
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
