package postern.shared;

import java.util.Locale;
import org.springframework.util.unit.DataSize;

/**
 * What a shared value is for. Each area has its own bound, so that a flood of one kind does not
 * drive out another.
 */
public enum SharedArea {
    /** Sessions that were ended before they expired. */
    REVOKED_SESSIONS(DataSize.ofMegabytes(24), WithoutStore.MIRRORED),
    /** Narrowed sessions that were ended; those of one login are one value of bounded size. */
    REVOKED_NARROWED_SESSIONS(DataSize.ofMegabytes(24), WithoutStore.MIRRORED),
    /** Refresh tokens and the access tokens that were got with them, encrypted. */
    GRANTS(DataSize.ofMegabytes(64), WithoutStore.NEEDED),
    /** Which grants a user has. */
    GRANT_OWNERS(DataSize.ofMegabytes(16), WithoutStore.NEEDED),
    /** Who refreshes a grant at the moment. */
    GRANT_LOCKS(DataSize.ofMegabytes(2), WithoutStore.NEEDED),
    /** OAuth clients of the operator whose authorization server wants no requests at present. */
    PAUSED_CLIENTS(DataSize.ofMegabytes(1), WithoutStore.MISSED),
    /** Access tokens that a mail server has refused. */
    REFUSED_TOKENS(DataSize.ofMegabytes(4), WithoutStore.MISSED),
    /** Drafts that are being sent, where the mailbox itself cannot tell. */
    SUBMISSIONS(DataSize.ofMegabytes(4), WithoutStore.NEEDED),
    /** Which messages a mailbox had: UIDs and hashes of flags. */
    SNAPSHOTS(DataSize.ofMegabytes(64), WithoutStore.NEEDED),
    /** States of mailboxes that are too long for the id of an event. */
    EVENT_STATES(DataSize.ofMegabytes(16), WithoutStore.NEEDED);

    /** What happens while the store that the replicas share cannot be reached. */
    enum WithoutStore {
        /** Each replica reads what it has seen of it; nothing is written. */
        MIRRORED,
        /** Nothing is read or written: the request fails before it has changed anything. */
        NEEDED,
        /** Values are absent and not kept, which costs something, and endangers nothing. */
        MISSED
    }

    private final DataSize most;
    private final WithoutStore withoutStore;

    SharedArea(DataSize most, WithoutStore withoutStore) {
        this.most = most;
        this.withoutStore = withoutStore;
    }

    WithoutStore withoutStore() {
        return withoutStore;
    }

    /** The area as a word, such as {@code grant-locks}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    DataSize most() {
        return most;
    }
}
