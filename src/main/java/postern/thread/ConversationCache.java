package postern.thread;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKeys;
import postern.imap.MailboxName;

/**
 * Keeps which messages belong together, in memory, so that a second page asks the mail server for
 * no more than what is new.
 */
@Component
class ConversationCache {

    private static final Duration IDLE = Duration.ofHours(1);

    private final AccountKeys keys;
    private final Cache<Key, KnownMailbox> known;

    private record Key(String account, MailboxName mailbox, long uidValidity) {}

    ConversationCache(ThreadProperties properties, AccountKeys keys) {
        this.keys = keys;
        this.known =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((Key key, KnownMailbox of) ->
                                200 + key.mailbox().wire().length() + of.octets())
                        .expireAfterAccess(IDLE)
                        .build();
    }

    KnownMailbox get(Account account, MailboxName mailbox, long uidValidity) {
        var found = known.getIfPresent(key(account, mailbox, uidValidity));
        return found == null ? new KnownMailbox() : found;
    }

    /** Keeps it, and weighs it anew. */
    void put(Account account, MailboxName mailbox, long uidValidity, KnownMailbox of) {
        known.put(key(account, mailbox, uidValidity), of);
    }

    private Key key(Account account, MailboxName mailbox, long uidValidity) {
        return new Key(keys.of(account), mailbox, uidValidity);
    }
}
