package postern.search;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.FetchItem;
import postern.imap.FetchItems;
import postern.imap.FetchRequest;
import postern.imap.FetchedMessage;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxVisit;
import postern.imap.Outcome;
import postern.imap.SelectedMailbox;
import postern.imap.SortedUids;
import postern.imap.UidSet;
import postern.imap.VisitedMailbox;
import postern.message.FactsCache;
import postern.message.FactsCache.Numbering;
import postern.message.KnownFacts;
import postern.message.MessageFacts;
import postern.message.MessageSort;
import postern.message.MessageSummary;
import postern.message.Previews;
import postern.message.SortValue;
import postern.message.SortedWalk;
import postern.message.SortedWalk.Hit;
import postern.message.SortedWalk.Position;
import postern.web.Cursor;
import postern.web.MailboxId;
import postern.web.MessageId;

/**
 * Finds one page of a search. Each step goes to all mailboxes at once, in as few flushes as will
 * do: search and sort; then, to merge several mailboxes, what the first messages of each are sorted
 * by; then the lines of those that are shown. Of each mailbox no more is looked at than fills the
 * page.
 */
final class MergedSearch {

    private static final SortValue UNKNOWN = new SortValue(0, "");

    private final ImapConnections connections;
    private final FactsCache cache;
    private final MatchingMessages matching;
    private final Account account;
    private final SearchQuery query;
    private final @Nullable SearchCursor cursor;
    private final MessageSort sort;
    private final boolean serverSorts;

    /** Whether there are to be previews, which the mail server does not make. */
    private final boolean previews;

    private final List<SkippedMailbox> skipped = new ArrayList<>();

    /** A message of the page. */
    private record Shown(Source source, Hit hit) {}

    /** What the lines of one mailbox's messages are made of. */
    private record Lines(Map<Long, FetchedMessage> fetched, Map<Long, MessageFacts> facts) {}

    MergedSearch(
            ImapConnections connections,
            FactsCache cache,
            MatchingMessages matching,
            Account account,
            SearchQuery query,
            @Nullable SearchCursor cursor,
            Capabilities capabilities) {
        this.connections = connections;
        this.cache = cache;
        this.matching = matching;
        this.account = account;
        this.query = query;
        this.cursor = cursor;
        this.sort = query.sort();
        this.serverSorts = SortedWalk.serverSorts(capabilities, sort, query.criteria().term());
        this.previews = Previews.missing(query.items(), capabilities);
    }

    SearchPage in(List<MailboxName> mailboxes) {
        if (mailboxes.size() == 1) {
            return inOne(mailboxes.getFirst());
        }
        var sources = sources(mailboxes);
        var total = sources.stream().mapToLong(Source::size).sum();
        sources.removeIf(source -> source.size() == 0);
        collect(sources);
        var page = merge(sources);
        return page(sources, page, lines(page), total);
    }

    /** On a connection that may have it selected, and with nothing to merge. */
    private SearchPage inOne(MailboxName name) {
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var numbering = Numbering.of(account, mailbox);
            requireSame(numbering);
            var term = query.criteria().term();
            var sorted =
                    serverSorts
                            ? SortedWalk.directed(mailbox.sort(term, sort.key()), sort)
                            : SortedUids.EMPTY;
            var found = serverSorts ? UidSet.EMPTY : mailbox.search(term);
            var source = new Source(numbering, sorted, found);
            source.offer(unmerged(uids(mailbox, source)));
            var page = merge(List.of(source));
            var lines = page.isEmpty() ? Map.<Source, Lines>of() : lines(mailbox, source, page);
            return page(List.of(source), page, lines, source.size());
        }
    }

    private Map<Source, Lines> lines(SelectedMailbox mailbox, Source source, List<Shown> page) {
        var known = new KnownFacts(mailbox, cache, source.numbering(), query.items());
        var lines = new Lines(new HashMap<>(), new HashMap<>());
        var uids = page.stream().map(shown -> shown.hit().uid()).toList();
        var fetched = known.fetch(UidSet.of(uids));
        known.preview(fetched);
        for (var message : fetched) {
            var facts = known.of(message.uid());
            if (facts != null) {
                lines.fetched().put(message.uid(), message);
                lines.facts().put(message.uid(), facts);
            }
        }
        return Map.of(source, lines);
    }

    private SearchPage page(
            List<Source> sources, List<Shown> page, Map<Source, Lines> lines, long total) {
        boolean more = sources.stream().anyMatch(Source::left);
        return new SearchPage(
                summaries(page, lines),
                more ? next(page, lines) : null,
                query.criteria().exact() ? total : null,
                skipped.isEmpty() ? null : skipped);
    }

    private List<Source> sources(List<MailboxName> mailboxes) {
        var term = query.criteria().term();
        var outcomes =
                connections.visit(
                        account,
                        mailboxes.stream()
                                .map(mailbox ->
                                        serverSorts
                                                ? MailboxVisit.sort(mailbox, term, sort.key())
                                                : MailboxVisit.search(mailbox, term))
                                .toList());
        var sources = new ArrayList<Source>();
        ImapException first = null;
        for (var outcome : outcomes) {
            switch (outcome) {
                case Outcome.Done<VisitedMailbox>(var mailbox, var visited) ->
                        sources.add(source(mailbox, visited));
                case Outcome.Refused<VisitedMailbox>(var mailbox, var reason) -> {
                    first = first == null ? reason : first;
                    skipped.add(SkippedMailbox.of(mailbox, reason));
                }
            }
        }
        if (sources.isEmpty() && first != null) {
            throw first;
        }
        return sources;
    }

    private Source source(MailboxName mailbox, VisitedMailbox visited) {
        var numbering =
                new Numbering(
                        account.server(), account.user(), mailbox, visited.state().uidValidity());
        requireSame(numbering);
        var sorted = SortedWalk.directed(visited.sorted(), sort);
        return new Source(numbering, sorted, visited.found());
    }

    private void requireSame(Numbering numbering) {
        var shown =
                cursor == null
                        ? null
                        : cursor.shown().get(SearchCursor.nameOf(numbering.mailbox()));
        if (shown != null && shown.uidValidity() != numbering.uidValidity()) {
            throw new ImapException.MailboxReset();
        }
    }

    /** The next messages of each mailbox, one more than fill a page. */
    private void collect(List<Source> sources) {
        var walks = new ArrayList<Source>();
        var heads = new LinkedHashMap<Source, List<Long>>();
        for (var source : sources) {
            long start = serverSorts && query.criteria().exact() ? start(source) : -1;
            if (start < 0) {
                walks.add(source);
            } else {
                heads.put(source, uids(source.sorted(), start));
            }
        }
        if (heads.size() == 1 && walks.isEmpty() && known(sources.getFirst())) {
            heads.forEach((source, uids) -> source.offer(unmerged(uids)));
        } else {
            var values = values(heads);
            heads.forEach((source, uids) -> {
                var hits = hits(uids, values.getOrDefault(source, Map.of()));
                var passed = passed(source, hits);
                boolean whole = passed.size() == hits.size() || !more(source, uids);
                if (whole) {
                    source.offer(passed);
                } else {
                    walks.add(source); // so much has come since that this head is not enough
                }
            });
        }
        walk(walks);
    }

    /** Where to go on among what the server sorted; -1 when it takes a walk to find out. */
    private long start(Source source) {
        if (cursor == null) {
            return 0;
        }
        var shown = cursor.shown().get(source.name());
        if (shown == null) {
            return 0; // past what has come since
        }
        long index = source.sorted().indexOf(shown.uid());
        return index < 0 ? -1 : index + 1;
    }

    /** Whether the place of the first message to show is known by its UID. */
    private boolean known(Source source) {
        return cursor == null || cursor.shown().containsKey(source.name());
    }

    private List<Long> uids(SortedUids sorted, long start) {
        var uids = new ArrayList<Long>();
        long end = Math.min(sorted.size(), start + query.limit() + 1);
        for (long i = start; i < end; i++) {
            uids.add(sorted.at(i));
        }
        return uids;
    }

    private static boolean more(Source source, List<Long> uids) {
        return !uids.isEmpty() && source.sorted().at(source.sorted().size() - 1) != uids.getLast();
    }

    private static List<Hit> unmerged(List<Long> uids) {
        return uids.stream().map(uid -> new Hit(uid, UNKNOWN)).toList();
    }

    private List<Hit> hits(List<Long> uids, Map<Long, MessageFacts> facts) {
        var hits = new ArrayList<Hit>();
        for (long uid : uids) {
            var known = facts.get(uid);
            if (known != null) { // or it is gone
                hits.add(new Hit(uid, sort.valueOf(known)));
            }
        }
        return hits;
    }

    private List<Hit> passed(Source source, List<Hit> hits) {
        if (cursor == null || cursor.shown().containsKey(source.name())) {
            return hits;
        }
        var passed = cursor.position(source.mailbox(), sort).passed();
        return hits.stream().filter(passed).toList();
    }

    /** What these messages are sorted by, from the cache, and of the rest in one go. */
    private Map<Source, Map<Long, MessageFacts>> values(Map<Source, List<Long>> heads) {
        var values = new HashMap<Source, Map<Long, MessageFacts>>();
        var visits = new ArrayList<MailboxVisit>();
        var asked = new ArrayList<Source>();
        heads.forEach((source, uids) -> {
            var facts = new HashMap<Long, MessageFacts>();
            var unknown = new ArrayList<Long>();
            for (long uid : uids) {
                var known = cache.get(source.numbering(), uid);
                if (known != null && known.knows(sort.items())) {
                    facts.put(uid, known);
                } else {
                    unknown.add(uid);
                }
            }
            values.put(source, facts);
            if (!unknown.isEmpty()) {
                var items = FetchItems.of(sort.items());
                visits.add(MailboxVisit.fetch(source.mailbox(), UidSet.of(unknown), items));
                asked.add(source);
            }
        });
        var outcomes = connections.visit(account, visits);
        for (int i = 0; i < asked.size(); i++) {
            var source = asked.get(i);
            for (var message : fetched(source, outcomes.get(i)).getFirst()) {
                var facts = MessageFacts.of(message, sort.items());
                cache.put(source.numbering(), message.uid(), facts);
                requireNonNull(values.get(source)).put(message.uid(), facts);
            }
        }
        return values;
    }

    /** A mailbox that went since it was searched fails the search: what it has is not known. */
    private static List<List<FetchedMessage>> fetched(
            Source source, Outcome<VisitedMailbox> outcome) {
        var visited = outcome.orThrow();
        if (visited.state().uidValidity() != source.numbering().uidValidity()) {
            throw new ImapException.MailboxReset();
        }
        return visited.fetched();
    }

    /** One command after the other, for mailboxes where the next depends on the last answer. */
    private void walk(List<Source> sources) {
        var byName = new HashMap<MailboxName, Source>();
        sources.forEach(source -> byName.put(source.mailbox(), source));
        var outcomes =
                connections.each(
                        account,
                        List.copyOf(byName.keySet()),
                        Access.READ_ONLY,
                        mailbox -> walk(mailbox, requireNonNull(byName.get(mailbox.name()))));
        for (var outcome : outcomes) {
            requireNonNull(byName.get(outcome.mailbox())).offer(outcome.orThrow());
        }
    }

    private List<Long> uids(SelectedMailbox mailbox, Source source) {
        var walk =
                new SortedWalk(
                        mailbox,
                        cache,
                        source.numbering(),
                        sort,
                        uids -> matching.among(uids, mailbox, account, query.criteria()));
        Position position = cursor == null ? null : cursor.position(source.mailbox(), sort);
        int count = query.limit() + 1;
        return serverSorts
                ? walk.from(source.sorted(), position, count)
                : walk.from(source.found(), position, count);
    }

    private List<Hit> walk(SelectedMailbox mailbox, Source source) {
        mailbox.requireUidValidity(source.numbering().uidValidity());
        var uids = uids(mailbox, source);
        var known = new KnownFacts(mailbox, cache, source.numbering(), sort.items());
        known.complete(UidSet.of(uids));
        var facts = new HashMap<Long, MessageFacts>();
        for (long uid : uids) {
            var of = known.of(uid);
            if (of != null) {
                facts.put(uid, of);
            }
        }
        return hits(uids, facts);
    }

    private List<Shown> merge(List<Source> sources) {
        var heads =
                new PriorityQueue<Source>((a, b) -> {
                    int byValue =
                            sort.<SortValue>comparator()
                                    .compare(a.head().value(), b.head().value());
                    return byValue != 0 ? byValue : Long.compare(a.name(), b.name());
                });
        sources.stream().filter(Source::left).forEach(heads::add);
        var page = new ArrayList<Shown>();
        while (page.size() < query.limit() && !heads.isEmpty()) {
            var source = heads.remove();
            page.add(new Shown(source, source.take()));
            if (source.left()) {
                heads.add(source);
            }
        }
        return page;
    }

    /** Flags, and all that is not known yet. */
    private Map<Source, Lines> lines(List<Shown> page) {
        var bySource = new LinkedHashMap<Source, List<Long>>();
        for (var shown : page) {
            bySource.computeIfAbsent(shown.source(), _ -> new ArrayList<>()).add(shown.hit().uid());
        }
        var lines = new LinkedHashMap<Source, Lines>();
        var visits = new ArrayList<MailboxVisit>();
        bySource.forEach((source, uids) -> {
            var facts = new HashMap<Long, MessageFacts>();
            lines.put(source, new Lines(new HashMap<>(), facts));
            visits.add(visit(source, uids, facts));
        });
        var outcomes = connections.visit(account, visits).iterator();
        lines.forEach((source, of) ->
                fetched(source, outcomes.next()).forEach(answer -> learn(source, of, answer)));
        if (previews) {
            preview(lines);
        }
        return lines;
    }

    /** Where a mailbox has gone meanwhile, its messages are shown without. */
    private void preview(Map<Source, Lines> lines) {
        var wanted = new LinkedHashMap<Source, Previews>();
        var visits = new ArrayList<MailboxVisit>();
        lines.forEach((source, of) -> {
            var previews = new Previews(cache, source.numbering());
            of.facts().forEach(previews::want);
            of.facts().putAll(previews.made());
            var requests = previews.requests();
            if (!requests.isEmpty()) {
                wanted.put(source, previews);
                visits.add(new MailboxVisit(source.mailbox(), null, requests));
            }
        });
        if (visits.isEmpty()) {
            return;
        }
        var outcomes = connections.visit(account, visits).iterator();
        wanted.forEach((source, previews) -> {
            if (outcomes.next() instanceof Outcome.Done<VisitedMailbox>(_, var visited)
                    && visited.state().uidValidity() == source.numbering().uidValidity()) {
                visited.fetched().forEach(previews::hear);
                requireNonNull(lines.get(source)).facts().putAll(previews.made());
            }
        });
    }

    private MailboxVisit visit(Source source, List<Long> uids, Map<Long, MessageFacts> facts) {
        var items = items();
        var unknown = new ArrayList<Long>();
        for (long uid : uids) {
            var known = cache.get(source.numbering(), uid);
            if (known != null && known.knows(items)) {
                facts.put(uid, known);
            } else {
                unknown.add(uid);
            }
        }
        var requests = new ArrayList<FetchRequest>();
        if (!facts.isEmpty()) {
            var flags = FetchItems.of(FetchItem.FLAGS);
            requests.add(FetchRequest.uids(UidSet.of(List.copyOf(facts.keySet())), flags));
        }
        if (!unknown.isEmpty()) {
            var everything = FetchItems.of(items).with(FetchItem.FLAGS);
            requests.add(FetchRequest.uids(UidSet.of(unknown), everything));
        }
        return new MailboxVisit(source.mailbox(), null, requests);
    }

    private Set<FetchItem> items() {
        return previews ? Previews.fetched(query.items()) : query.items();
    }

    private void learn(Source source, Lines lines, Collection<FetchedMessage> answer) {
        for (var message : answer) {
            lines.fetched().put(message.uid(), message);
            if (!lines.facts().containsKey(message.uid())) {
                var facts = MessageFacts.of(message, items());
                cache.put(source.numbering(), message.uid(), facts);
                lines.facts().put(message.uid(), facts);
            }
        }
    }

    private List<MessageSummary> summaries(List<Shown> page, Map<Source, Lines> lines) {
        boolean texts = Matching.anyTexts(query.criteria());
        var summaries = new ArrayList<MessageSummary>();
        for (var shown : page) {
            long uid = shown.hit().uid();
            var of = requireNonNull(lines.get(shown.source()));
            var message = of.fetched().get(uid);
            var facts = of.facts().get(uid);
            if (message == null || facts == null) {
                continue; // gone meanwhile
            }
            var summary =
                    MessageSummary.of(
                            MessageId.of(shown.source().numbering().message(uid)),
                            MailboxId.of(shown.source().mailbox()),
                            message.flags(),
                            facts,
                            query.fields());
            summaries.add(texts ? summary.with(Matching.in(facts, query.criteria())) : summary);
        }
        return summaries;
    }

    private @Nullable Cursor next(List<Shown> page, Map<Source, Lines> lines) {
        if (page.isEmpty()) {
            return null;
        }
        var all = new LinkedHashMap<Long, SearchCursor.Shown>();
        if (cursor != null) {
            all.putAll(cursor.shown());
        }
        for (var shown : page) {
            var numbering = shown.source().numbering();
            all.put(
                    shown.source().name(),
                    new SearchCursor.Shown(numbering.uidValidity(), shown.hit().uid()));
        }
        var last = page.getLast();
        return new SearchCursor(last.source().name(), valued(last, lines), all).toCursor(query);
    }

    /** Of a single mailbox it is the line that tells what the message was sorted by. */
    private Hit valued(Shown shown, Map<Source, Lines> lines) {
        var facts = requireNonNull(lines.get(shown.source())).facts().get(shown.hit().uid());
        return facts == null ? shown.hit() : new Hit(shown.hit().uid(), sort.valueOf(facts));
    }
}
