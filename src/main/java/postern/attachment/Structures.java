package postern.attachment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Objects;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.ImapServer;
import postern.imap.BodyPart;
import postern.imap.FetchItem;
import postern.imap.FetchItems;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.message.PartHeaders;

/**
 * Remembers how messages are built, so that the second download of one needs no look. No credential
 * is part of a key: whoever asks has just been let into the mailbox by the mail server, over a
 * connection of its own.
 */
@Component
class Structures {

    private static final FetchItems ITEMS = FetchItems.of(FetchItem.BODY_STRUCTURE, FetchItem.SIZE);
    private static final long MOST_NODES = 100_000;

    private final Cache<Key, Structure> structures =
            Caffeine.newBuilder()
                    .maximumWeight(MOST_NODES)
                    .weigher((Key _, Structure structure) -> structure.nodes())
                    .build();

    private record Key(ImapServer server, String user, MessageRef message) {}

    /**
     * A message's MIME tree and its size in octets, by the server's word or {@link
     * StoredFile#UNKNOWN}.
     */
    record Structure(BodyPart body, long size, int nodes) {}

    /** Throws MessageNotFound when the message is gone. */
    Structure of(Account account, MessageRef message, SelectedMailbox mailbox) {
        var key = new Key(account.server(), account.user(), message);
        var known = structures.getIfPresent(key);
        if (known != null) {
            return known;
        }
        var fetched = PartHeaders.whole(mailbox, mailbox.fetch(message.uid(), ITEMS));
        var body = Objects.requireNonNull(fetched.bodyStructure());
        var size = Objects.requireNonNullElse(fetched.size(), StoredFile.UNKNOWN);
        var structure = new Structure(body, size, (int) body.walk().count());
        if (!fetched.degraded()) {
            structures.put(key, structure);
        }
        return structure;
    }
}
