package postern.message.sync;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.message.sync.MailboxState.StoredSnapshot;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/** Keeps snapshots: small ones in the state itself, larger ones in the shared state. */
@Component
final class Snapshots {

    /** So that a state with its snapshot still fits into a URL. */
    static final int MOST_IN_TOKEN = 1024;

    private final SharedState shared;
    private final SyncProperties properties;

    Snapshots(SharedState shared, SyncProperties properties) {
        this.shared = shared;
        this.properties = properties;
    }

    StoredSnapshot store(Account account, MailboxSnapshot snapshot) {
        var octets = snapshot.octets();
        if (octets.length <= MOST_IN_TOKEN && snapshot.fitsIntoToken()) {
            return new StoredSnapshot(octets, null);
        }
        var digest = StoredSnapshot.digest(octets);
        shared.put(SharedArea.SNAPSHOTS, key(account, digest), octets, lifetime());
        return new StoredSnapshot(null, digest);
    }

    /** Null where it is lost. */
    @Nullable MailboxSnapshot load(Account account, @Nullable StoredSnapshot stored) {
        if (stored == null) {
            return null;
        }
        try {
            if (stored.octets() != null) {
                return MailboxSnapshot.ofToken(stored.octets());
            }
            var octets = octets(account, requireNonNull(stored.digest()));
            return octets == null ? null : MailboxSnapshot.read(octets);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private byte @Nullable [] octets(Account account, byte[] digest) {
        var octets = shared.get(SharedArea.SNAPSHOTS, key(account, digest));
        return octets != null && Arrays.equals(StoredSnapshot.digest(octets), digest)
                ? octets
                : null;
    }

    /** An account finds its own snapshots alone. */
    private static String key(Account account, byte[] digest) {
        return AccountKey.of(account).sharedName(Base64.getEncoder().encodeToString(digest));
    }

    private Duration lifetime() {
        return properties.snapshotLifetime();
    }
}
