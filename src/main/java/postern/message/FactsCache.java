package postern.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;

/**
 * Keeps the facts of messages in memory, so that a mailbox listed again costs its flags alone.
 *
 * <p>No credential is part of a key: whoever asks for facts has just been told the UID by the mail
 * server, over a connection of its own.
 */
@Component
public class FactsCache {

    /** How long a caller's mail stays in memory after the last look at it. */
    private static final Duration IDLE = Duration.ofHours(1);

    /** What a message costs beside its facts: the key, Caffeine's node, the UID in the index. */
    private static final int OVERHEAD = 250;

    private final Cache<Key, MessageFacts> facts;
    private final ConcurrentMap<Numbering, NavigableSet<Long>> uids = new ConcurrentHashMap<>();

    /**
     * A mailbox for as long as it keeps its numbering.
     *
     * <p>Name and UIDVALIDITY alone do not tell a mailbox from a former one: Cyrus takes the time
     * in seconds for UIDVALIDITY, and a mailbox that is renamed keeps its own.
     */
    public record Numbering(
            ImapServer server,
            String user,
            AccountTag accountTag,
            MailboxName mailbox,
            long uidValidity,
            @Nullable String mailboxId) {

        public static Numbering of(Account account, SelectedMailbox mailbox) {
            return of(account, mailbox.name(), mailbox.state());
        }

        public static Numbering of(Account account, MailboxName mailbox, SelectedState state) {
            return new Numbering(
                    account.server(),
                    account.user(),
                    AccountTag.of(account),
                    mailbox,
                    state.uidValidity(),
                    state.mailboxId());
        }

        /** Reckoned anew for each message of a list; what else there is hardly tells any apart. */
        @Override
        public int hashCode() {
            return 31 * user.hashCode() + Long.hashCode(uidValidity);
        }

        public MessageRef message(long uid) {
            return new MessageRef(mailbox, uidValidity, uid, accountTag);
        }
    }

    private record Key(Numbering numbering, long uid) {}

    FactsCache(MessageProperties properties) {
        facts =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((Key _, MessageFacts of) -> OVERHEAD + of.octets())
                        .expireAfterAccess(IDLE)
                        // Waking another thread for it takes longer than doing it.
                        .executor(Runnable::run)
                        .evictionListener(
                                (@Nullable Key key, @Nullable MessageFacts _, RemovalCause _) ->
                                        forget(key))
                        .build();
    }

    public @Nullable MessageFacts get(Numbering numbering, long uid) {
        return facts.getIfPresent(new Key(numbering, uid));
    }

    /**
     * Keeps what is whole; a message that the server described badly may be described well later.
     */
    public void put(Numbering numbering, long uid, MessageFacts of) {
        if (of.degraded()) {
            return;
        }
        facts.asMap().merge(new Key(numbering, uid), of, FactsCache::richer);
        uids.compute(numbering, (_, set) -> with(uid, set));
    }

    /** Who asks for few fields does not take away what others have learnt. */
    private static MessageFacts richer(MessageFacts before, MessageFacts now) {
        if (before.preview() == null && now.preview() != null) {
            return now.with(before); // the server's was none, and this one has been made since
        }
        if (before.knows(now.items())) {
            return before;
        }
        return now.knows(before.items()) ? now : now.with(before);
    }

    private static NavigableSet<Long> with(long uid, @Nullable NavigableSet<Long> set) {
        var all = set == null ? new ConcurrentSkipListSet<Long>() : set;
        all.add(uid);
        return all;
    }

    /** The highest UID with facts; 0 for none. */
    long highest(Numbering numbering) {
        var known = uids.get(numbering);
        var highest = known == null || known.isEmpty() ? null : known.floor(Long.MAX_VALUE);
        return highest == null ? 0 : highest;
    }

    /** How many UIDs below this one have facts, as far as so many. */
    long countBelow(Numbering numbering, long uid, long most) {
        var known = uids.get(numbering);
        return known == null
                ? 0
                : known.headSet(uid, false).descendingSet().stream().limit(most).count();
    }

    private void forget(@Nullable Key key) {
        if (key != null) {
            uids.computeIfPresent(key.numbering(), (_, set) -> without(key.uid(), set));
        }
    }

    private static @Nullable NavigableSet<Long> without(long uid, NavigableSet<Long> set) {
        set.remove(uid);
        return set.isEmpty() ? null : set;
    }
}
