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
import postern.account.AccountTag;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.PreviewLoader;
import postern.message.metadata.SortValue;
import postern.message.metadata.SortedWalk;
import postern.message.metadata.SortedWalk.Hit;
import postern.message.metadata.SortedWalk.Position;
import postern.message.part.PartHeaders;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/**
 * Finds one page of a search. Each step is sent to all mailboxes at once, in as few flushes as
 * possible: first search and sort; then, to merge several mailboxes, the sort values of the first
 * messages of each; then the metadata of the messages on the page. No more than one page of each
 * mailbox is examined.
 */
final class MergedSearch {

    private static final SortValue UNKNOWN = new SortValue(0, "");

    /** Upper bound on attempts when all messages of the page were expunged meanwhile. */
    private static final int TRIES = 3;

    private final ImapConnections connections;
    private final MetadataCache cache;
    private final MatchingMessages matching;
    private final Account account;
    private final AccountTag accountTag;
    private final SearchQuery query;
    private final @Nullable SearchCursor cursor;
    private final MessageSort sort;
    private final Capabilities capabilities;
    private boolean serverSorts;

    /** The items to fetch of messages whose metadata are unknown. */
    private final Set<FetchItem> items;

    /** For the first octets of the text, then for longer beginnings and alternative parts. */
    private static final int PREVIEW_ROUNDS = 4;

    /** Whether previews are wanted, which the mail server may not provide. */
    private final boolean previews;

    private final List<SkippedMailbox> skipped = new ArrayList<>();

    /** A message of the page. */
    private record Shown(MailboxResults source, Hit hit) {}

    /**
     * The next messages of a mailbox.
     *
     * @param more whether there may be more after them
     */
    private record Walked(List<Hit> hits, boolean more) {}

    /** The flags and metadata of messages of one mailbox. */
    private record Lines(Map<Long, FetchedMessage> fetched, Map<Long, MessageMetadata> facts) {

        Lines() {
            this(new HashMap<>(), new HashMap<>());
        }
    }

    /** The search results and the page made of them. */
    private record Found(
            List<MailboxResults> sources, List<Shown> page, Map<MailboxResults, Lines> lines) {

        @Nullable MessageMetadata facts(Shown shown) {
            var of = lines.get(shown.source());
            return of == null ? null : of.facts().get(shown.hit().uid());
        }

        boolean more() {
            return sources.stream().anyMatch(source -> source.left() || source.cut());
        }

        /**
         * Whether all messages of the page were expunged since the search, and there are more
         * results.
         */
        boolean vanished() {
            return more() && page.stream().allMatch(shown -> facts(shown) == null);
        }
    }

    MergedSearch(
            ImapConnections connections,
            MetadataCache cache,
            MatchingMessages matching,
            Account account,
            SearchQuery query,
            @Nullable SearchCursor cursor,
            Capabilities capabilities) {
        this.connections = connections;
        this.cache = cache;
        this.matching = matching;
        this.account = account;
        this.accountTag = AccountTag.of(account);
        this.query = query;
        this.cursor = cursor;
        this.sort = query.sort();
        this.capabilities = capabilities;
        this.serverSorts = SortedWalk.serverSorts(capabilities, sort, query.criteria().term());
        this.items = PreviewLoader.fetched(query.items(), capabilities);
        this.previews = query.items().contains(FetchItem.PREVIEW);
    }

    SearchPage in(List<MailboxName> mailboxes) {
        var found = find(mailboxes);
        for (int tries = 1; found.vanished(); tries++) {
            if (tries == TRIES && found.page().isEmpty()) {
                // There are more results, but none of them remained long enough to continue from.
                throw new ImapException.MailboxInUse(null);
            }
            if (tries == TRIES) {
                break;
            }
            skipped.clear();
            found = find(mailboxes);
        }
        return page(found);
    }

    private Found find(List<MailboxName> mailboxes) {
        if (mailboxes.size() == 1) {
            return inOne(mailboxes.getFirst());
        }
        var sources = sources(mailboxes);
        sources.removeIf(source -> source.size() == 0);
        collect(sources);
        var page = new ArrayList<Shown>();
        var lines = new HashMap<MailboxResults, Lines>();
        do {
            var more = merge(sources, query.limit() - page.size());
            learnLines(more, lines);
            page.addAll(more);
            // Messages of other mailboxes fill the gaps of dropped mailboxes.
        } while (page.removeIf(shown -> shown.source().dropped()));
        return new Found(sources, page, lines);
    }

    /**
     * Searches a single mailbox, which needs no merge, on a connection that may already have
     * selected it.
     */
    private Found inOne(MailboxName name) {
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var epoch = MailboxEpoch.of(account, mailbox);
            requireSame(epoch);
            var term = query.criteria().term();
            var sorted = sorted(mailbox, term);
            var found = serverSorts ? UidSet.EMPTY : mailbox.search(term);
            var source = new MailboxResults(epoch, sorted, found);
            source.offer(unmerged(uids(mailbox, source)), false);
            var page = merge(List.of(source), query.limit());
            var lines =
                    page.isEmpty() ? Map.<MailboxResults, Lines>of() : lines(mailbox, source, page);
            return new Found(List.of(source), page, lines);
        }
    }

    /** Empty when the server refuses to sort although it announces SORT. */
    private SortedUids sorted(SelectedMailbox mailbox, SearchTerm term) {
        if (serverSorts) {
            try {
                return SortedWalk.directed(mailbox.sort(term, sort.key()), sort);
            } catch (ImapException.NotPossible _) {
                serverSorts = false;
            }
        }
        return SortedUids.EMPTY;
    }

    private Map<MailboxResults, Lines> lines(
            SelectedMailbox mailbox, MailboxResults source, List<Shown> page) {
        var known = new MetadataLoader(mailbox, cache, source.epoch(), query.items());
        var lines = new Lines();
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

    private SearchPage page(Found found) {
        long total =
                found.sources().stream()
                        .filter(source -> !source.dropped())
                        .mapToLong(MailboxResults::size)
                        .sum();
        return new SearchPage(
                summaries(found.page(), found.lines()),
                found.more() ? next(found) : null,
                query.criteria().exact() ? total : null,
                skipped.isEmpty() ? null : skipped);
    }

    private List<MailboxResults> sources(List<MailboxName> mailboxes) {
        var term = query.criteria().term();
        var outcomes =
                connections.visit(
                        account,
                        mailboxes.stream()
                                .map(mailbox ->
                                        serverSorts
                                                ? ExamineRequest.sort(mailbox, term, sort.key())
                                                : ExamineRequest.search(mailbox, term))
                                .toList());
        var sources = new ArrayList<MailboxResults>();
        ImapException first = null;
        for (var outcome : outcomes) {
            try {
                sources.add(source(outcome.mailbox(), outcome.orThrow()));
            } catch (ImapException reason) {
                first = first == null ? reason : first;
                skipped.add(SkippedMailbox.of(outcome.mailbox(), reason));
            }
        }
        if (serverSorts && !skipped.isEmpty() && !sortsAfterAll()) {
            serverSorts = false;
            skipped.clear();
            return sources(mailboxes);
        }
        if (sources.isEmpty() && first != null) {
            throw first;
        }
        return sources;
    }

    /** Some servers announce SORT but refuse it; the refusal is remembered. */
    private boolean sortsAfterAll() {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return SortedWalk.serverSorts(connection.capabilities(), sort, query.criteria().term());
        }
    }

    /** Drops a mailbox that was deleted after the search; the other mailboxes are not affected. */
    private void drop(MailboxResults source, ImapException reason) {
        source.drop();
        skipped.add(SkippedMailbox.of(source.mailbox(), reason));
    }

    /** Throws MailboxReset when the UIDVALIDITY differs from the cursor's. */
    private MailboxResults source(MailboxName mailbox, ExaminedMailbox visited) {
        var epoch = MailboxEpoch.of(account, accountTag, mailbox, visited.state());
        requireSame(epoch);
        var sorted = SortedWalk.directed(visited.sorted(), sort);
        return new MailboxResults(epoch, sorted, visited.found());
    }

    private void requireSame(MailboxEpoch epoch) {
        var shown =
                cursor == null ? null : cursor.shown().get(SearchCursor.nameOf(epoch.mailbox()));
        if (shown != null && shown.uidValidity() != epoch.uidValidity()) {
            throw new ImapException.MailboxReset();
        }
    }

    /** Loads the next messages of each mailbox, one more than fit on a page. */
    private void collect(List<MailboxResults> sources) {
        var walks = new ArrayList<MailboxResults>();
        var heads = new LinkedHashMap<MailboxResults, List<Long>>();
        for (var source : sources) {
            long start = serverSorts && query.criteria().exact() ? start(source) : -1;
            if (start < 0) {
                walks.add(source);
            } else {
                heads.put(source, uids(source.sorted(), start));
            }
        }
        if (heads.size() == 1 && walks.isEmpty() && known(sources.getFirst())) {
            heads.forEach((source, uids) -> source.offer(unmerged(uids), false));
        } else {
            var values = values(heads);
            heads.forEach((source, uids) -> {
                if (source.dropped()) {
                    return;
                }
                var hits = hits(uids, values.getOrDefault(source, Map.of()));
                var passed = passed(source, hits);
                boolean whole = passed.size() == hits.size() || !more(source, uids);
                if (whole) {
                    source.offer(passed, more(source, uids));
                } else {
                    walks.add(source); // too many new messages: fetch one chunk after another
                }
            });
        }
        walk(walks);
    }

    /** The index in the server's order at which to continue; -1 when only a walk can find it. */
    private long start(MailboxResults source) {
        if (cursor == null) {
            return 0;
        }
        var shown = cursor.shown().get(source.name());
        if (shown == null) {
            return 0; // skips messages that arrived since the first page
        }
        long index = source.sorted().indexOf(shown.uid());
        return index < 0 ? -1 : index + 1;
    }

    /** Whether the start is known by UID, so that no sort values are needed. */
    private boolean known(MailboxResults source) {
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

    private static boolean more(MailboxResults source, List<Long> uids) {
        return !uids.isEmpty() && source.sorted().at(source.sorted().size() - 1) != uids.getLast();
    }

    private static List<Hit> unmerged(List<Long> uids) {
        return uids.stream().map(uid -> new Hit(uid, UNKNOWN)).toList();
    }

    private List<Hit> hits(List<Long> uids, Map<Long, MessageMetadata> facts) {
        var hits = new ArrayList<Hit>();
        for (long uid : uids) {
            var known = facts.get(uid);
            if (known != null) { // null when expunged
                hits.add(new Hit(uid, sort.valueOf(known)));
            }
        }
        return hits;
    }

    private List<Hit> passed(MailboxResults source, List<Hit> hits) {
        if (cursor == null || cursor.shown().containsKey(source.name())) {
            return hits;
        }
        var after = cursor.position(source.mailbox(), sort).after();
        return hits.stream().filter(hit -> after.test(hit, false)).toList();
    }

    /** The sort values of these messages, from the cache; missing ones are fetched in one flush. */
    private Map<MailboxResults, Map<Long, MessageMetadata>> values(
            Map<MailboxResults, List<Long>> heads) {
        var values = new HashMap<MailboxResults, Map<Long, MessageMetadata>>();
        var visits = new ArrayList<ExamineRequest>();
        var asked = new ArrayList<MailboxResults>();
        heads.forEach((source, uids) -> {
            var facts = new HashMap<Long, MessageMetadata>();
            var unknown = new ArrayList<Long>();
            for (long uid : uids) {
                var known = cache.get(source.epoch(), uid);
                if (known != null && known.knows(sort.items())) {
                    facts.put(uid, known);
                } else {
                    unknown.add(uid);
                }
            }
            values.put(source, facts);
            if (!unknown.isEmpty()) {
                var items = FetchItems.of(sort.items());
                visits.add(ExamineRequest.fetch(source.mailbox(), UidSet.of(unknown), items));
                asked.add(source);
            }
        });
        var outcomes = connections.visit(account, visits);
        for (int i = 0; i < asked.size(); i++) {
            var source = asked.get(i);
            var answers = fetched(source, outcomes.get(i));
            for (var message : answers.isEmpty() ? List.<FetchedMessage>of() : answers.getFirst()) {
                var facts = MessageMetadata.of(message, sort.items());
                cache.put(source.epoch(), message.uid(), facts);
                requireNonNull(values.get(source)).put(message.uid(), facts);
            }
        }
        return values;
    }

    /** Empty for mailboxes that were dropped. */
    private List<List<FetchedMessage>> fetched(
            MailboxResults source, MailboxOutcome<ExaminedMailbox> outcome) {
        return switch (outcome) {
            case MailboxOutcome.Refused<ExaminedMailbox>(var _, var reason) -> {
                drop(source, reason);
                yield List.of();
            }
            case MailboxOutcome.Done<ExaminedMailbox>(var _, var visited) -> {
                if (visited.state().uidValidity() == source.epoch().uidValidity()) {
                    yield visited.fetched().stream().map(it -> typed(source, it)).toList();
                }
                drop(source, new ImapException.MailboxReset());
                yield List.of();
            }
        };
    }

    /** Fetches the headers of badly described parts, which requires selecting the mailbox. */
    private List<FetchedMessage> typed(MailboxResults source, List<FetchedMessage> messages) {
        if (!PartHeaders.untyped(messages, capabilities)) {
            return messages;
        }
        try (var mailbox =
                connections.select(account, source.mailbox(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.requireUidValidity(source.epoch().uidValidity());
            return PartHeaders.typed(mailbox, messages);
        } catch (ImapException _) {
            return PartHeaders.guessed(messages, capabilities);
        }
    }

    /** Walks one mailbox after the other, where each command depends on the previous answer. */
    private void walk(List<MailboxResults> sources) {
        var byName = new HashMap<MailboxName, MailboxResults>();
        sources.forEach(source -> byName.put(source.mailbox(), source));
        var outcomes =
                connections.each(
                        account,
                        List.copyOf(byName.keySet()),
                        Access.READ_ONLY,
                        mailbox -> walk(mailbox, requireNonNull(byName.get(mailbox.name()))));
        for (var outcome : outcomes) {
            var source = requireNonNull(byName.get(outcome.mailbox()));
            switch (outcome) {
                case MailboxOutcome.Done<Walked>(var _, var walked) ->
                        source.offer(walked.hits(), walked.more());
                case MailboxOutcome.Refused<Walked>(var _, var reason) -> drop(source, reason);
            }
        }
    }

    private List<Long> uids(SelectedMailbox mailbox, MailboxResults source) {
        var walk =
                new SortedWalk(
                        mailbox,
                        cache,
                        source.epoch(),
                        sort,
                        uids -> matching.among(uids, mailbox, account, query.criteria()));
        Position position = cursor == null ? null : cursor.position(source.mailbox(), sort);
        int count = query.limit() + 1;
        return serverSorts
                ? walk.from(source.sorted(), position, count)
                : walk.from(source.found(), position, count);
    }

    private Walked walk(SelectedMailbox mailbox, MailboxResults source) {
        mailbox.requireUidValidity(source.epoch().uidValidity());
        var uids = uids(mailbox, source);
        var known = new MetadataLoader(mailbox, cache, source.epoch(), sort.items());
        known.complete(UidSet.of(uids));
        var facts = new HashMap<Long, MessageMetadata>();
        for (long uid : uids) {
            var of = known.of(uid);
            if (of != null) {
                facts.put(uid, of);
            }
        }
        return new Walked(hits(uids, facts), uids.size() > query.limit());
    }

    /**
     * Merges up to {@code count} messages; stops after the last fetched message of a mailbox that
     * has more.
     */
    private List<Shown> merge(List<MailboxResults> sources, int count) {
        if (sources.stream().anyMatch(MailboxResults::cut)) {
            return List.of();
        }
        var heads =
                new PriorityQueue<MailboxResults>((a, b) -> {
                    int byValue =
                            sort.<SortValue>comparator()
                                    .compare(a.head().value(), b.head().value());
                    return byValue != 0 ? byValue : Long.compare(a.name(), b.name());
                });
        sources.stream().filter(MailboxResults::left).forEach(heads::add);
        var page = new ArrayList<Shown>();
        while (page.size() < count && !heads.isEmpty()) {
            var source = heads.remove();
            page.add(new Shown(source, source.take()));
            if (source.cut()) {
                break;
            }
            if (source.left()) {
                heads.add(source);
            }
        }
        return page;
    }

    /** Fetches flags and missing metadata. */
    private void learnLines(List<Shown> page, Map<MailboxResults, Lines> lines) {
        var bySource = new LinkedHashMap<MailboxResults, List<Long>>();
        for (var shown : page) {
            bySource.computeIfAbsent(shown.source(), _ -> new ArrayList<>()).add(shown.hit().uid());
        }
        var visits = new ArrayList<ExamineRequest>();
        bySource.forEach((source, uids) -> {
            var of = lines.computeIfAbsent(source, _ -> new Lines());
            visits.add(visit(source, uids, of.facts()));
        });
        var outcomes = connections.visit(account, visits).iterator();
        bySource.keySet()
                .forEach(source -> {
                    var of = requireNonNull(lines.get(source));
                    fetched(source, outcomes.next())
                            .forEach(answer -> addFetched(source, of, answer));
                });
        if (previews) {
            preview(lines);
        }
    }

    private void preview(Map<MailboxResults, Lines> lines) {
        var wanted = new LinkedHashMap<MailboxResults, PreviewLoader>();
        lines.forEach((source, of) -> {
            var previews = new PreviewLoader(cache, source.epoch());
            of.facts().forEach(previews::want);
            of.facts().putAll(previews.made());
            wanted.put(source, previews);
        });
        for (int round = 0; round < PREVIEW_ROUNDS; round++) {
            preview(wanted, lines);
        }
    }

    /** If a mailbox is gone, its messages are shown without a preview. */
    private void preview(
            Map<MailboxResults, PreviewLoader> wanted, Map<MailboxResults, Lines> lines) {
        var asked = new LinkedHashMap<MailboxResults, PreviewLoader>();
        var visits = new ArrayList<ExamineRequest>();
        wanted.forEach((source, previews) -> {
            var requests = previews.requests();
            if (!requests.isEmpty()) {
                asked.put(source, previews);
                var with =
                        requests.stream().map(it -> PartHeaders.asked(it, capabilities)).toList();
                visits.add(ExamineRequest.extra(source.mailbox(), with));
            }
        });
        if (visits.isEmpty()) {
            return;
        }
        List<MailboxOutcome<ExaminedMailbox>> outcomes;
        try {
            outcomes = connections.visit(account, visits);
        } catch (ImapException _) {
            return; // previews are optional
        }
        var next = outcomes.iterator();
        asked.forEach((source, previews) -> {
            switch (next.next()) {
                case MailboxOutcome.Done<ExaminedMailbox>(_, var visited) -> {
                    if (visited.state().uidValidity() == source.epoch().uidValidity()) {
                        visited.fetched().forEach(it -> previews.onFetched(typed(source, it)));
                    }
                }
                case MailboxOutcome.Refused<ExaminedMailbox>(_, var reason) -> {
                    if (PreviewLoader.refuses(reason)) {
                        previewInParts(source, previews);
                    }
                }
            }
            requireNonNull(lines.get(source)).facts().putAll(previews.made());
        });
    }

    /** Retries in smaller requests, because the server may refuse only some of the messages. */
    private void previewInParts(MailboxResults source, PreviewLoader previews) {
        previews.askAgain();
        try (var mailbox =
                connections.select(account, source.mailbox(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.requireUidValidity(source.epoch().uidValidity());
            previews.fetch(mailbox);
        } catch (ImapException _) {
            // Its messages are shown without a preview.
        }
    }

    private ExamineRequest visit(
            MailboxResults source, List<Long> uids, Map<Long, MessageMetadata> facts) {
        var cached = new ArrayList<Long>();
        var unknown = new ArrayList<Long>();
        for (long uid : uids) {
            var known = cache.get(source.epoch(), uid);
            if (known != null && known.knows(items)) {
                facts.put(uid, known);
                cached.add(uid);
            } else {
                unknown.add(uid);
            }
        }
        var requests = new ArrayList<FetchRequest>();
        if (!cached.isEmpty()) {
            var flags = FetchItems.of(FetchItem.FLAGS);
            requests.add(FetchRequest.uids(UidSet.of(cached), flags));
        }
        if (!unknown.isEmpty()) {
            var everything =
                    PartHeaders.asked(FetchItems.of(items).with(FetchItem.FLAGS), capabilities);
            requests.add(FetchRequest.uids(UidSet.of(unknown), everything));
        }
        return new ExamineRequest(source.mailbox(), null, requests);
    }

    private void addFetched(MailboxResults source, Lines lines, Collection<FetchedMessage> answer) {
        for (var message : answer) {
            lines.fetched().put(message.uid(), message);
            if (!lines.facts().containsKey(message.uid())) {
                var facts = MessageMetadata.of(message, items);
                cache.put(source.epoch(), message.uid(), facts);
                lines.facts().put(message.uid(), facts);
            }
        }
    }

    private List<MessageSummary> summaries(List<Shown> page, Map<MailboxResults, Lines> lines) {
        boolean texts = MatchedFields.anyTexts(query.criteria());
        var summaries = new ArrayList<MessageSummary>();
        for (var shown : page) {
            long uid = shown.hit().uid();
            var of = requireNonNull(lines.get(shown.source()));
            var message = of.fetched().get(uid);
            var facts = of.facts().get(uid);
            if (message == null || facts == null) {
                continue; // expunged meanwhile
            }
            var summary =
                    MessageSummary.of(
                            MessageId.of(shown.source().epoch().message(uid)),
                            MailboxId.of(shown.source().mailbox()),
                            message.flags(),
                            facts,
                            query.fields());
            summaries.add(
                    texts ? summary.with(MatchedFields.in(facts, query.criteria())) : summary);
        }
        return summaries;
    }

    /**
     * The cursor after the last message of the page whose sort value is known. Messages after that
     * one which were expunged before their value was fetched are not found again.
     */
    private @Nullable Cursor next(Found found) {
        if (found.page().isEmpty()) {
            return null;
        }
        var all = new LinkedHashMap<Long, SearchCursor.Shown>();
        if (cursor != null) {
            all.putAll(cursor.shown());
        }
        Shown last = null;
        for (var shown : found.page()) {
            if (known(shown, found)) {
                note(shown, all);
                last = shown;
            }
        }
        if (last == null) {
            // its sort value is unknown, except that it comes after the last page
            last = found.page().getLast();
            note(last, all);
            var value = cursor == null ? UNKNOWN : cursor.last().value();
            return behind(last, new Hit(last.hit().uid(), value), all);
        }
        return behind(last, valued(last, found), all);
    }

    private static void note(Shown shown, Map<Long, SearchCursor.Shown> all) {
        long uidValidity = shown.source().epoch().uidValidity();
        all.put(shown.source().name(), new SearchCursor.Shown(uidValidity, shown.hit().uid()));
    }

    private Cursor behind(Shown shown, Hit hit, Map<Long, SearchCursor.Shown> all) {
        return new SearchCursor(shown.source().name(), hit, all).toCursor(query);
    }

    /** Whether the sort value of the message is known. */
    private static boolean known(Shown shown, Found found) {
        return found.facts(shown) != null || !shown.hit().value().equals(UNKNOWN);
    }

    /** With a single mailbox, the sort value is taken from the metadata. */
    private Hit valued(Shown shown, Found found) {
        var facts = found.facts(shown);
        return facts == null ? shown.hit() : new Hit(shown.hit().uid(), sort.valueOf(facts));
    }
}
