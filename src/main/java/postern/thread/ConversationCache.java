package postern.thread;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.cache.MeasuredCache;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;

/**
 * Caches the conversations of mailboxes in memory, so that a second page fetches only new messages.
 */
@Component
class ConversationCache implements MeasuredCache {

    private static final Duration IDLE = Duration.ofHours(1);

    private final LoginHashes logins;
    private final Cache<Key, KnownMailbox> known;

    private record Key(String account, MailboxName mailbox, long uidValidity) {}

    ConversationCache(ThreadProperties properties, LoginHashes logins) {
        this.logins = logins;
        this.known =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((Key key, KnownMailbox of) ->
                                200 + key.mailbox().wire().length() + of.octets())
                        .recordStats()
                        .expireAfterAccess(IDLE)
                        .build();
    }

    @Override
    public String cacheName() {
        return "conversations";
    }

    @Override
    public Cache<?, ?> cache() {
        return known;
    }

    /**
     * The cached conversations of a selected mailbox; empty when a different mailbox has that name
     * now.
     */
    KnownMailbox get(Account account, SelectedMailbox mailbox) {
        var state = mailbox.state();
        var found = known.getIfPresent(key(account, mailbox.name(), state.uidValidity()));
        return found == null || !Objects.equals(found.mailboxId(), state.mailboxId())
                ? new KnownMailbox(state.mailboxId())
                : found;
    }

    /**
     * The cached conversations of a mailbox with this UIDVALIDITY, from STATUS; null when there are
     * none.
     */
    @Nullable KnownMailbox get(Account account, MailboxName mailbox, long uidValidity) {
        return known.getIfPresent(key(account, mailbox, uidValidity));
    }

    /** Stores it, with its current weight. */
    void put(Account account, SelectedMailbox mailbox, KnownMailbox of) {
        known.put(key(account, mailbox.name(), mailbox.state().uidValidity()), of);
    }

    private Key key(Account account, MailboxName mailbox, long uidValidity) {
        return new Key(logins.of(account), mailbox, uidValidity);
    }
}
