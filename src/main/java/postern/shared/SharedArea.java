package postern.shared;

import org.springframework.util.unit.DataSize;

/**
 * What a shared value is for. Each area has its own bound, so that a flood of one kind does not
 * drive out another.
 */
public enum SharedArea {
    /** Sessions that were ended before they expired. */
    REVOKED_SESSIONS(DataSize.ofMegabytes(24)),
    /** Narrowed sessions that were ended; those of one login are one value of bounded size. */
    REVOKED_NARROWED_SESSIONS(DataSize.ofMegabytes(24)),
    /** Refresh tokens and the access tokens that were got with them, encrypted. */
    GRANTS(DataSize.ofMegabytes(64)),
    /** Which grants a user has. */
    GRANT_OWNERS(DataSize.ofMegabytes(16)),
    /** Who refreshes a grant at the moment. */
    GRANT_LOCKS(DataSize.ofMegabytes(2)),
    /** OAuth clients of the operator whose authorization server wants no requests at present. */
    PAUSED_CLIENTS(DataSize.ofMegabytes(1)),
    /** Access tokens that a mail server has refused. */
    REFUSED_TOKENS(DataSize.ofMegabytes(4)),
    /** Drafts that are being sent, where the mailbox itself cannot tell. */
    SUBMISSIONS(DataSize.ofMegabytes(4)),
    /** Which messages a mailbox had: UIDs and hashes of flags. */
    SNAPSHOTS(DataSize.ofMegabytes(64)),
    /** States of mailboxes that are too long for the id of an event. */
    EVENT_STATES(DataSize.ofMegabytes(16)),
    /** Requests with an {@code Idempotency-Key} and their answers, encrypted. */
    REQUESTS(DataSize.ofMegabytes(64), true);

    private final DataSize most;
    private final boolean lossless;

    SharedArea(DataSize most) {
        this(most, false);
    }

    SharedArea(DataSize most, boolean lossless) {
        this.most = most;
        this.lossless = lossless;
    }

    DataSize most() {
        return most;
    }

    /**
     * Whether no value is lost before its lifetime is over: new ones are refused with {@link
     * SharedStateFull} where there is no room.
     */
    public boolean lossless() {
        return lossless;
    }
}
