package postern.imap.pool;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;
import postern.imap.Access;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;

/**
 * A connection of the pool, or a slot reserved for one. Guarded as described in {@link
 * ConnectionPool}.
 */
final class PoolEntry {

    /** The state of an entry; {@link ConnectionPool} shows the transitions. */
    enum State {
        CONNECTING,
        IDLE,
        LENT,
        CLOSING,
        EVICTED,
        GONE;

        /** Whether it counts against the limits per server and in total. */
        boolean takesSlot() {
            return this != EVICTED && this != GONE;
        }
    }

    private final AccountPool account;
    private CredentialFingerprint fingerprint;
    private State state = State.CONNECTING;
    private @Nullable Lane lane;
    private @Nullable PoolableConnection connection;
    private @Nullable Access access;
    private final Set<MailboxName> lostNames = new HashSet<>();
    private boolean hasPlace;
    private boolean retired;
    private boolean idledBefore;
    private long expires;
    private long since;
    private long idleSince;

    /** A slot for a connection that is being opened for a borrower of this lane. */
    PoolEntry(AccountPool account, CredentialFingerprint fingerprint, Lane lane) {
        this.account = account;
        this.fingerprint = fingerprint;
        this.lane = lane;
    }

    /** Whether it is counted among the connections of its account in all replicas. */
    boolean hasPlace() {
        return hasPlace;
    }

    void takePlace() {
        hasPlace = true;
    }

    AccountPool account() {
        return account;
    }

    ImapServer server() {
        return account.key().server();
    }

    State state() {
        return state;
    }

    boolean is(State which) {
        return state == which;
    }

    CredentialFingerprint fingerprint() {
        return fingerprint;
    }

    /** Whether it was opened with this very credential. */
    boolean openedWith(CredentialFingerprint credential) {
        return fingerprint.equals(credential);
    }

    /** Whether a borrower with this credential may use it. */
    boolean opensFor(CredentialFingerprint credential) {
        return fingerprint.sameFamily(credential);
    }

    /** Whether it is lent to this lane, or is being opened for it. */
    boolean servesLane(Lane which) {
        return lane == which;
    }

    /** Whether a borrower of this lane may use it; only while the entry is not being opened. */
    boolean suits(Lane borrower) {
        return borrower == Lane.SYNC
                ? connection().syncsQuickly()
                : !connection().reportsVanished();
    }

    PoolableConnection connection() {
        return Objects.requireNonNull(connection);
    }

    /** The mailbox that is selected on it. */
    @Nullable MailboxSelection selection() {
        var mailbox = connection().selected();
        return mailbox == null ? null : new MailboxSelection(mailbox, access);
    }

    /** Whether this mailbox, or one below it, is selected; only while the entry is not lent. */
    boolean hasSelected(MailboxName mailbox) {
        var open = connection().selected();
        return open != null && open.wire().startsWith(mailbox.wire());
    }

    /** Whether the selected mailbox was renamed or deleted while the entry was lent. */
    boolean hasSelectedLostName() {
        return lostNames.stream().anyMatch(this::hasSelected);
    }

    /** Records that the mailbox is renamed or deleted while the entry is lent. */
    void nameLost(MailboxName mailbox) {
        lostNames.add(mailbox);
    }

    boolean retired() {
        return retired;
    }

    /** Whether it was idle before it was lent, so that the server may have closed it since. */
    boolean idledBefore() {
        return idledBefore;
    }

    /** How long it has been in its state. */
    long age(long now) {
        return now - since;
    }

    /** The time since it last became idle, also while it is lent. */
    long sinceIdle(long now) {
        return now - idleSince;
    }

    boolean expired(long now) {
        return now - expires >= 0;
    }

    void opened(PoolableConnection fresh, CredentialFingerprint credential, long expiry) {
        connection = fresh;
        fingerprint = credential;
        access = null;
        expires = expiry;
        idledBefore = false;
    }

    void selected(Access how) {
        access = how;
    }

    void retire() {
        retired = true;
    }

    /** The waiter timed out or was served by another connection. */
    void abandon() {
        lane = null;
    }

    void lentTo(Lane borrower) {
        lostNames.clear();
        lane = borrower;
    }

    void changeState(State next, long now) {
        state = next;
        since = now;
        if (next != State.LENT) {
            lane = null;
        }
        if (next == State.IDLE) {
            idledBefore = true;
            idleSince = now;
        }
    }
}
