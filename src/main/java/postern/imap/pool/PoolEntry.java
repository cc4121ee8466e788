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
 * A connection of the pool, or the place held for one. What guards its fields is told at {@link
 * ConnectionPool}.
 */
final class PoolEntry {

    /** Where an entry stands; {@link ConnectionPool} tells how it gets there. */
    enum State {
        CONNECTING,
        IDLE,
        LENT,
        CLOSING,
        EVICTED,
        GONE;

        /** Whether it takes a place per server and in all. */
        boolean takesRoom() {
            return this != EVICTED && this != GONE;
        }
    }

    private final AccountPool account;
    private final CredentialFingerprint fingerprint;
    private State state = State.CONNECTING;
    private @Nullable Lane lane;
    private @Nullable PoolableConnection connection;
    private @Nullable Access access;
    private final Set<MailboxName> unnamed = new HashSet<>();
    private boolean retired;
    private boolean idledBefore;
    private long expires;
    private long since;
    private long quietSince;

    /** A place for a connection that is being opened for a borrower of this lane. */
    PoolEntry(AccountPool account, CredentialFingerprint fingerprint, Lane lane) {
        this.account = account;
        this.fingerprint = fingerprint;
        this.lane = lane;
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

    boolean openedWith(CredentialFingerprint credential) {
        return fingerprint.equals(credential);
    }

    /** The lane it is lent to, or is being opened for. */
    boolean servesLane(Lane which) {
        return lane == which;
    }

    PoolableConnection connection() {
        return Objects.requireNonNull(connection);
    }

    /** The mailbox that is open on it. */
    @Nullable MailboxSelection selection() {
        var mailbox = connection().selected();
        return mailbox == null ? null : new MailboxSelection(mailbox, access);
    }

    /** Whether this mailbox, or one below it, is open on it; only while it is nobody's. */
    boolean isOn(MailboxName mailbox) {
        var open = connection().selected();
        return open != null && open.wire().startsWith(mailbox.wire());
    }

    /** Whether the mailbox that is open on it lost its name while it was lent. */
    boolean isOnUnnamed() {
        return unnamed.stream().anyMatch(this::isOn);
    }

    /** That mailbox loses its name while this is lent. */
    void unname(MailboxName mailbox) {
        unnamed.add(mailbox);
    }

    boolean retired() {
        return retired;
    }

    /** Whether it was idle before it was lent, so that the server may have left it since. */
    boolean idledBefore() {
        return idledBefore;
    }

    /** How long it is in its state. */
    long age(long now) {
        return now - since;
    }

    /** How long ago it became idle before it was lent. */
    long quiet(long now) {
        return now - quietSince;
    }

    boolean expired(long now) {
        return now - expires >= 0;
    }

    void opened(PoolableConnection fresh, long expiry) {
        connection = fresh;
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

    /** Whoever it was being opened for needs it no more. */
    void forNobody() {
        lane = null;
    }

    void lentTo(Lane borrower) {
        unnamed.clear();
        lane = borrower;
    }

    void become(State next, long now) {
        state = next;
        since = now;
        if (next != State.LENT) {
            lane = null;
        }
        if (next == State.IDLE) {
            idledBefore = true;
            quietSince = now;
        }
    }
}
