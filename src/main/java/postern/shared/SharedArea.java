package postern.shared;

import java.util.Locale;
import org.springframework.util.unit.DataSize;

/**
 * What a shared value is for. Each area has its own bound, so that a flood of one kind does not
 * drive out another.
 */
public enum SharedArea {
    /**
     * Sessions that were ended before they expired. The owner of a narrowed one is the login that
     * it was narrowed from; a login has none, so that it finds room where narrowed ones do not.
     */
    REVOKED_SESSIONS(48, Traits.MIRRORED),
    /** Refresh tokens and the access tokens that were got with them, encrypted. */
    GRANTS(64, Traits.NEEDED),
    /** Which grants a user has. */
    GRANT_OWNERS(16, Traits.NEEDED),
    /** Who refreshes a grant at the moment. */
    GRANT_LOCKS(2, Traits.NEEDED),
    /** OAuth clients of the operator whose authorization server wants no requests at present. */
    PAUSED_CLIENTS(1, Traits.MISSED),
    /** Access tokens that a mail server has refused. */
    REFUSED_TOKENS(4, Traits.MISSED),
    /** Drafts that are being sent, where the mailbox itself cannot tell. */
    SUBMISSIONS(4, Traits.NEEDED),
    /** Drafts that were sent, and may not be where they were. */
    SENT_DRAFTS(2, Traits.MISSED),
    /** Which messages a mailbox had: UIDs and hashes of flags. */
    SNAPSHOTS(64, Traits.NEEDED),
    /** States of mailboxes that are too long for the id of an event. */
    EVENT_STATES(16, Traits.NEEDED),
    /** Requests with an {@code Idempotency-Key} and their answers, encrypted. */
    REQUESTS(64, Traits.LOSSLESS),
    /** How many requests and failed logins were counted, of whom. */
    BUDGETS(1, Traits.MISSED),
    /** How many connections to its mail server an account has in each replica. */
    CONNECTIONS(1, Traits.MISSED),
    /** What apps have subscribed to, with the credentials to look with; encrypted. */
    SUBSCRIPTIONS(64, Traits.NEEDED),
    /** How far each subscription has been told; encrypted. */
    SUBSCRIPTION_PROGRESS(64, Traits.NEEDED),
    /** Which subscriptions a login has. */
    SUBSCRIPTION_OWNERS(8, Traits.NEEDED),
    /** Which logins have subscriptions, in some lists. */
    SUBSCRIPTION_INDEX(4, Traits.NEEDED),
    /** Which replica watches for the subscriptions of a login. */
    SUBSCRIPTION_LEASES(4, Traits.NEEDED);

    /** What holds for all values of an area. */
    private enum Traits {
        /**
         * While the store is away each replica reads what it has seen; nothing is written. A value
         * is never replaced, so that replicas may be told of values in any order, and never lost:
         * where there is no room, the store counts as away.
         */
        MIRRORED,
        /** While the store is away a request fails before it has changed anything. */
        NEEDED,
        /** Needed, and never lost before its time: new values are refused where all is full. */
        LOSSLESS,
        /** Values may be absent: that costs something, and endangers nothing. */
        MISSED
    }

    private final DataSize most;
    private final Traits traits;

    SharedArea(long megabytes, Traits traits) {
        this.most = DataSize.ofMegabytes(megabytes);
        this.traits = traits;
    }

    DataSize most() {
        return most;
    }

    /**
     * Whether no value is lost before its lifetime is over: new ones are refused with {@link
     * SharedStateFull} where there is no room.
     */
    public boolean lossless() {
        return traits == Traits.LOSSLESS;
    }

    /** Whether each replica knows its values while the store cannot be reached. */
    boolean mirrored() {
        return traits == Traits.MIRRORED;
    }

    /** How many owners may use up its memory; one has no more than this part of it. */
    int owners() {
        return mirrored() ? 32 : 4;
    }

    /** Whether its values may be absent while the store cannot be reached. */
    boolean maybeMissed() {
        return traits == Traits.MISSED;
    }

    /** The area as a word, such as {@code grant-locks}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
