package postern.imap.pool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.cache.MeasuredCache;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;

/**
 * Which name a mailbox with a MAILBOXID had in the latest list of its account. A mailbox that is
 * opened by such a name is compared with the id, so that an old entry does no harm.
 */
@Component
final class LocatedMailboxes implements MeasuredCache {

    private static final Duration UNUSED = Duration.ofHours(1);
    private static final int OVERHEAD = 400;
    private static final int OCTETS_EACH = 250;

    private final Cache<AccountKey, Located> located;

    /**
     * The mailboxes of a list.
     *
     * @param at by System.nanoTime
     */
    private record Located(Map<String, MailboxName> byId, long at) {

        int octets() {
            return OVERHEAD
                    + byId.values().stream()
                            .mapToInt(name -> OCTETS_EACH + name.wire().length())
                            .sum();
        }
    }

    LocatedMailboxes(LocatedMailboxesProperties properties) {
        located =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((AccountKey _, Located mailboxes) -> mailboxes.octets())
                        .expireAfterAccess(UNUSED)
                        .recordStats()
                        .build();
    }

    /** Takes a list of all mailboxes of the account. */
    void listed(Account account, List<ListedMailbox> all) {
        var byId = new HashMap<String, MailboxName>();
        for (var mailbox : all) {
            if (mailbox.name().id() != null) {
                byId.put(mailbox.name().id(), mailbox.name());
            }
        }
        var key = AccountKey.of(account);
        if (byId.isEmpty()) {
            located.invalidate(key);
        } else {
            located.put(key, new Located(Map.copyOf(byId), System.nanoTime()));
        }
    }

    /** Null where it is not known, or was not listed within that time. */
    @Nullable MailboxName find(Account account, String id, Duration age) {
        var known = located.getIfPresent(AccountKey.of(account));
        return known == null || System.nanoTime() - known.at() >= age.toNanos()
                ? null
                : known.byId().get(id);
    }

    /** Called when mailboxes are created, renamed or deleted. */
    void forget(Account account) {
        located.invalidate(AccountKey.of(account));
    }

    @Override
    public String cacheName() {
        return "mailbox-ids";
    }

    @Override
    public Cache<?, ?> cache() {
        return located;
    }
}
