package postern.message.metadata;

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
import postern.cache.MeasuredCache;

/**
 * Caches the metadata of messages in memory, so that listing a mailbox again fetches only flags.
 *
 * <p>Keys contain no credentials: a caller gets metadata only for UIDs that the mail server has
 * just sent on the caller's own connection.
 */
@Component
public class MetadataCache implements MeasuredCache {

    /** How long metadata stay in memory after the last use. */
    private static final Duration IDLE = Duration.ofHours(1);

    /**
     * Approximate memory per entry besides the metadata: key, Caffeine's node, UID in the index.
     */
    private static final int OVERHEAD = 250;

    private final Cache<Key, MessageMetadata> metadata;
    private final ConcurrentMap<MailboxEpoch, NavigableSet<Long>> uids = new ConcurrentHashMap<>();

    private record Key(MailboxEpoch epoch, long uid) {}

    public MetadataCache(MessageProperties properties) {
        metadata =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((Key _, MessageMetadata of) -> OVERHEAD + of.octets())
                        .recordStats()
                        .expireAfterAccess(IDLE)
                        // Cheaper than handing the maintenance to another thread.
                        .executor(Runnable::run)
                        .evictionListener(
                                (@Nullable Key key, @Nullable MessageMetadata _, RemovalCause _) ->
                                        forget(key))
                        .build();
    }

    @Override
    public String cacheName() {
        return "message-metadata";
    }

    @Override
    public Cache<?, ?> cache() {
        return metadata;
    }

    public @Nullable MessageMetadata get(MailboxEpoch epoch, long uid) {
        return metadata.getIfPresent(new Key(epoch, uid));
    }

    /**
     * Ignores degraded metadata, because the server may describe the message correctly next time.
     */
    public void put(MailboxEpoch epoch, long uid, MessageMetadata of) {
        if (of.degraded()) {
            return;
        }
        metadata.asMap().merge(new Key(epoch, uid), of, MetadataCache::richer);
        uids.compute(epoch, (_, set) -> with(uid, set));
    }

    /** Merges, so that a request for few fields does not discard fields that others have loaded. */
    private static MessageMetadata richer(MessageMetadata before, MessageMetadata now) {
        if (before.preview() == null && now.preview() != null) {
            return now.with(before); // keeps the preview that the gateway has made since
        }
        if (before.parts().files() == null && now.parts().files() != null) {
            return now.with(before);
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

    /** The highest UID with metadata; 0 for none. */
    long highest(MailboxEpoch epoch) {
        var known = uids.get(epoch);
        var highest = known == null || known.isEmpty() ? null : known.floor(Long.MAX_VALUE);
        return highest == null ? 0 : highest;
    }

    /** Counts cached UIDs below this one, up to {@code most}. */
    long countBelow(MailboxEpoch epoch, long uid, long most) {
        var known = uids.get(epoch);
        return known == null
                ? 0
                : known.headSet(uid, false).descendingSet().stream().limit(most).count();
    }

    private void forget(@Nullable Key key) {
        if (key != null) {
            uids.computeIfPresent(key.epoch(), (_, set) -> without(key.uid(), set));
        }
    }

    private static @Nullable NavigableSet<Long> without(long uid, NavigableSet<Long> set) {
        set.remove(uid);
        return set.isEmpty() ? null : set;
    }
}
