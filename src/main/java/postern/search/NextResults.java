package postern.search;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItems;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.SortValue;
import postern.message.metadata.SortedWalk;
import postern.message.metadata.SortedWalk.Hit;

/**
 * Loads the results of each mailbox that come next, one more than fit on a page, with the sort
 * values that are needed to merge them.
 */
final class NextResults {

    /** Stands for the sort value of a message that needs no merge. */
    static final SortValue UNKNOWN = new SortValue(0, "");

    private final SearchContext search;
    private final SearchedMailboxes mailboxes;
    private final MatchingMessages matching;

    /**
     * The next messages of a mailbox.
     *
     * @param more whether there may be more after them
     */
    private record Walked(List<Hit> hits, boolean more) {}

    NextResults(SearchContext search, SearchedMailboxes mailboxes, MatchingMessages matching) {
        this.search = search;
        this.mailboxes = mailboxes;
        this.matching = matching;
    }

    /** Loads those of the only mailbox, which needs no sort values. */
    void load(SelectedMailbox mailbox, MailboxResults only) {
        only.load(withoutValues(uids(mailbox, only)), false);
    }

    /** Loads those of several mailboxes. */
    void load(List<MailboxResults> sources) {
        var walks = new ArrayList<MailboxResults>();
        var next = new LinkedHashMap<MailboxResults, List<Long>>();
        for (var source : sources) {
            long start = start(source);
            if (start < 0) {
                walks.add(source);
            } else {
                next.put(source, uids(source.sorted(), start));
            }
        }
        if (next.size() == 1 && walks.isEmpty() && startsAtUid(sources.getFirst())) {
            next.forEach((source, uids) -> source.load(withoutValues(uids), false));
        } else {
            walks.addAll(loadByUid(next));
        }
        walk(walks);
    }

    /** Returns the mailboxes that have too many new messages, to be fetched chunk by chunk. */
    private List<MailboxResults> loadByUid(SequencedMap<MailboxResults, List<Long>> next) {
        var tooNew = new ArrayList<MailboxResults>();
        var metadata = metadata(next);
        next.forEach((source, uids) -> {
            if (source.dropped()) {
                return;
            }
            var hits = hits(uids, metadata.getOrDefault(source, Map.of()));
            var passed = passed(source, hits);
            boolean more = more(source, uids);
            if (passed.size() == hits.size() || !more) {
                source.load(passed, more);
            } else {
                tooNew.add(source);
            }
        });
        return tooNew;
    }

    /** The index in the server's order at which to continue; -1 when only a walk can find it. */
    private long start(MailboxResults source) {
        if (!source.sortedByServer() || !search.query().criteria().exact()) {
            return -1;
        }
        var cursor = search.cursor();
        var last = cursor == null ? null : cursor.lastShown(source.mailbox());
        if (last == null) {
            return 0; // skips messages that arrived since the first page
        }
        long index = source.sorted().indexOf(last.uid());
        return index < 0 ? -1 : index + 1;
    }

    /** Whether the start is known by UID, so that no sort values are needed. */
    private boolean startsAtUid(MailboxResults source) {
        var cursor = search.cursor();
        return cursor == null || cursor.lastShown(source.mailbox()) != null;
    }

    private List<Long> uids(SortedUids sorted, long start) {
        var uids = new ArrayList<Long>();
        long end = Math.min(sorted.size(), start + search.query().limit() + 1);
        for (long i = start; i < end; i++) {
            uids.add(sorted.at(i));
        }
        return uids;
    }

    private static boolean more(MailboxResults source, List<Long> uids) {
        return !uids.isEmpty() && source.sorted().at(source.sorted().size() - 1) != uids.getLast();
    }

    private static List<Hit> withoutValues(List<Long> uids) {
        return uids.stream().map(uid -> new Hit(uid, UNKNOWN)).toList();
    }

    private List<Hit> hits(List<Long> uids, Map<Long, MessageMetadata> metadata) {
        var hits = new ArrayList<Hit>();
        for (long uid : uids) {
            var known = metadata.get(uid);
            if (known != null) { // null when expunged
                hits.add(new Hit(uid, search.sort().valueOf(known)));
            }
        }
        return hits;
    }

    private List<Hit> passed(MailboxResults source, List<Hit> hits) {
        var position = startsAtUid(source) ? null : search.position(source.mailbox());
        if (position == null) {
            return hits;
        }
        return hits.stream().filter(hit -> position.after().test(hit, false)).toList();
    }

    /** What the sort needs of these messages, from the cache; the rest is fetched in one flush. */
    private Map<MailboxResults, Map<Long, MessageMetadata>> metadata(
            SequencedMap<MailboxResults, List<Long>> next) {
        var cache = search.cache();
        var items = search.sort().items();
        var metadata = new HashMap<MailboxResults, Map<Long, MessageMetadata>>();
        var requests = new LinkedHashMap<MailboxResults, ExamineRequest>();
        next.forEach((source, uids) -> {
            var cached = new HashMap<Long, MessageMetadata>();
            var unknown = new ArrayList<Long>();
            for (long uid : uids) {
                var known = cache.get(source.epoch(), uid);
                if (known != null && known.knows(items)) {
                    cached.put(uid, known);
                } else {
                    unknown.add(uid);
                }
            }
            metadata.put(source, cached);
            if (!unknown.isEmpty()) {
                var wanted = FetchItems.of(items);
                requests.put(
                        source, ExamineRequest.fetch(source.mailbox(), UidSet.of(unknown), wanted));
            }
        });
        mailboxes.fetch(
                requests,
                (source, answer) -> {
                    for (var message : answer) {
                        var fetched = MessageMetadata.of(message, items);
                        cache.put(source.epoch(), message.uid(), fetched);
                        requireNonNull(metadata.get(source)).put(message.uid(), fetched);
                    }
                });
        return metadata;
    }

    /** Walks one mailbox after the other, where each command depends on the previous answer. */
    private void walk(List<MailboxResults> sources) {
        var byName = new HashMap<MailboxName, MailboxResults>();
        sources.forEach(source -> byName.put(source.mailbox(), source));
        var outcomes =
                search.connections()
                        .each(
                                search.account(),
                                List.copyOf(byName.keySet()),
                                Access.READ_ONLY,
                                mailbox ->
                                        walk(mailbox, requireNonNull(byName.get(mailbox.name()))));
        for (var outcome : outcomes) {
            var source = requireNonNull(byName.get(outcome.mailbox()));
            switch (outcome) {
                case MailboxOutcome.Done<Walked>(var _, var walked) ->
                        source.load(walked.hits(), walked.more());
                case MailboxOutcome.Refused<Walked>(var _, var reason) ->
                        mailboxes.drop(source, reason);
            }
        }
    }

    private Walked walk(SelectedMailbox mailbox, MailboxResults source) {
        mailbox.requireUidValidity(source.epoch().uidValidity());
        var uids = uids(mailbox, source);
        var loader =
                new MetadataLoader(mailbox, search.cache(), source.epoch(), search.sort().items());
        loader.complete(UidSet.of(uids));
        var metadata = new HashMap<Long, MessageMetadata>();
        for (long uid : uids) {
            var known = loader.of(uid);
            if (known != null) {
                metadata.put(uid, known);
            }
        }
        return new Walked(hits(uids, metadata), uids.size() > search.query().limit());
    }

    private List<Long> uids(SelectedMailbox mailbox, MailboxResults source) {
        var query = search.query();
        var walk =
                new SortedWalk(
                        mailbox,
                        search.cache(),
                        source.epoch(),
                        search.sort(),
                        uids -> matching.among(uids, mailbox, search.account(), query.criteria()));
        var position = search.position(source.mailbox());
        int count = query.limit() + 1;
        return source.sortedByServer()
                ? walk.from(source.sorted(), position, count)
                : walk.from(source.found(), position, count);
    }
}
