package postern.message;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.SortedWalk;

/** Finds one page of a mailbox's list in the sort order of the request. */
final class SortedListing {

    /** Upper bound on repeated sorts when other clients expunge the messages that were found. */
    private static final int TRIES = 10;

    private final SelectedMailbox mailbox;
    private final MetadataCache cache;
    private final MailboxEpoch epoch;
    private final MessageQuery query;
    private final MessageSort sort;

    SortedListing(
            SelectedMailbox mailbox,
            MetadataCache cache,
            MailboxEpoch epoch,
            MessageQuery query,
            MessageSort sort) {
        this.mailbox = mailbox;
        this.cache = cache;
        this.epoch = epoch;
        this.query = query;
        this.sort = sort;
    }

    ListPage after(SortedWalk.@Nullable Position position, MetadataLoader loader) {
        var walk = new SortedWalk(mailbox, cache, epoch, sort, this::matching);
        var term = new SearchTerm.And(query.filter().terms());
        for (int tries = 1; ; tries++) {
            var slice = page(walk.from(term, position, query.limit() + 1), loader);
            if (!slice.messages().isEmpty() || !slice.more()) {
                return slice;
            }
            // All messages of the page were expunged after the sort; there may be more after them.
            if (tries == TRIES) {
                throw new ImapException.MailboxInUse(null);
            }
        }
    }

    private ListPage page(List<Long> uids, MetadataLoader loader) {
        var page = uids.subList(0, Math.min(uids.size(), query.limit()));
        var fetched = new HashMap<Long, FetchedMessage>();
        loader.fetch(UidSet.of(page)).forEach(message -> fetched.put(message.uid(), message));
        var messages = new ArrayList<FetchedMessage>();
        for (long uid : page) {
            var message = fetched.get(uid);
            if (message != null && loader.of(uid) != null) {
                messages.add(message);
            }
        }
        return new ListPage(messages, uids.size() > page.size());
    }

    private UidSet matching(UidSet candidates) {
        var filter = query.filter();
        if (!filter.exact()) {
            return candidates;
        }
        var loader = new MetadataLoader(mailbox, cache, epoch, Set.of(FetchItem.INTERNAL_DATE));
        loader.complete(candidates);
        return UidSet.of(
                candidates.stream()
                        .filter(uid -> {
                            var known = loader.of(uid);
                            return known != null && filter.accepts(known);
                        })
                        .toArray());
    }
}
