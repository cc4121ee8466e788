package postern.thread;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKeys;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;

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

    /** What is known of a mailbox that is open now: nothing, where it is another of that name. */
    KnownMailbox get(Account account, SelectedMailbox mailbox) {
        var state = mailbox.state();
        var found = known.getIfPresent(key(account, mailbox.name(), state.uidValidity()));
        return found == null || !Objects.equals(found.mailboxId(), state.mailboxId())
                ? new KnownMailbox(state.mailboxId())
                : found;
    }

    /** What is known of a mailbox whose counters the server told; null for nothing. */
    @Nullable KnownMailbox get(Account account, MailboxName mailbox, long uidValidity) {
        return known.getIfPresent(key(account, mailbox, uidValidity));
    }

    /** Keeps it, and weighs it anew. */
    void put(Account account, SelectedMailbox mailbox, KnownMailbox of) {
        known.put(key(account, mailbox.name(), mailbox.state().uidValidity()), of);
    }

    private Key key(Account account, MailboxName mailbox, long uidValidity) {
        return new Key(keys.of(account), mailbox, uidValidity);
    }
}
