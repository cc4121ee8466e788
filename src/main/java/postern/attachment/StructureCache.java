package postern.attachment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.cache.MeasuredCache;
import postern.imap.ImapException;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.message.part.PartFinder;
import postern.message.part.PartLocation;

/**
 * Caches the structure of messages, so that a second download needs no FETCH. Keys contain no
 * credentials: the mail server has just let the caller select the mailbox, on the caller's own
 * connection.
 */
@Component
class StructureCache implements MeasuredCache {

    /** Approximate memory of a structure besides its nodes: key, Caffeine's node. */
    private static final int OVERHEAD = 500;

    /** Approximate memory of a node of the MIME tree, with its parameters. */
    private static final int NODE = 600;

    private final Cache<Key, Structure> structures;

    StructureCache(DownloadProperties properties) {
        structures =
                Caffeine.newBuilder()
                        .maximumWeight(properties.structureCacheSize().toBytes())
                        .weigher(
                                (Key _, Structure structure) -> OVERHEAD + NODE * structure.nodes())
                        .recordStats()
                        .build();
    }

    @Override
    public String cacheName() {
        return "message-structures";
    }

    @Override
    public Cache<?, ?> cache() {
        return structures;
    }

    /**
     * @param mailboxId distinguishes mailboxes with the same name and UIDVALIDITY, if the server
     *     has MAILBOXID
     */
    private record Key(
            AccountKey account, @Nullable String mailboxId, MessageRef message, String path) {

        Key withPath(String path) {
            return new Key(account, mailboxId, message, path);
        }
    }

    /**
     * A message's MIME tree and its size in octets as the server reports it, or {@link
     * StoredFile#UNKNOWN}.
     *
     * @param locations of the parts that the mail server does not know
     */
    record Structure(BodyPart body, long size, int nodes, Map<String, PartLocation> locations) {

        /** Where the part's octets are; null when the mail server knows the part by its id. */
        @Nullable PartLocation location(BodyPart part) {
            return locations.get(part.partId());
        }
    }

    /**
     * Throws MessageNotFound when the message is gone.
     *
     * @param path the part that is wanted: attached messages that contain it are parsed
     */
    Structure of(Account account, MessageRef message, String path, SelectedMailbox mailbox) {
        var plain = new Key(AccountKey.ofCached(account), mailbox.state().mailboxId(), message, "");
        var known = structures.getIfPresent(plain);
        if (known != null && !PartFinder.opensMore(known.body(), path)) {
            return known;
        }
        var key = plain.withPath(path);
        var opened = structures.getIfPresent(key);
        if (opened != null) {
            return opened;
        }
        var own = PartFinder.fetch(mailbox, message.uid(), path, FetchItem.SIZE);
        var fetched = own.message();
        var structure = structure(own);
        if (!fetched.degraded()) {
            structures.put(own.alongPath() ? key : plain, structure);
        }
        return structure;
    }

    private static Structure structure(PartFinder own) {
        var fetched = own.message();
        var body = fetched.bodyStructure();
        if (body == null) {
            throw new ImapException.PartNotFound();
        }
        var locations = new HashMap<String, PartLocation>();
        for (var part : body.walk().toList()) {
            var location = part.partId().isEmpty() ? null : own.place(part.partId());
            if (location != null) {
                locations.put(part.partId(), location);
            }
        }
        var size = Objects.requireNonNullElse(fetched.size(), StoredFile.UNKNOWN);
        return new Structure(body, size, (int) body.walk().count(), Map.copyOf(locations));
    }
}
