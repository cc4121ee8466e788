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
    /** What apps have subscribed to, with the credentials to look with; encrypted. */
    SUBSCRIPTIONS(DataSize.ofMegabytes(64)),
    /** How far each subscription has been told; encrypted. */
    SUBSCRIPTION_PROGRESS(DataSize.ofMegabytes(64)),
    /** Which subscriptions a login has. */
    SUBSCRIPTION_OWNERS(DataSize.ofMegabytes(8)),
    /** Which logins have subscriptions, in some lists. */
    SUBSCRIPTION_INDEX(DataSize.ofMegabytes(4)),
    /** Which replica watches for the subscriptions of a login. */
    SUBSCRIPTION_LEASES(DataSize.ofMegabytes(4));

    private final DataSize most;

    SharedArea(DataSize most) {
        this.most = most;
    }

    DataSize most() {
        return most;
    }
}
