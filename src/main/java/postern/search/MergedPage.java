package postern.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.SortValue;
import postern.message.metadata.SortedWalk.Hit;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** One page, merged from the results of the mailboxes, with what was loaded of its messages. */
record MergedPage(List<MailboxResults> sources, List<PageEntry> entries, PageMessages messages) {

    /**
     * Takes up to {@code count} messages in the order of the sort; stops after the last loaded
     * message of a mailbox that has more.
     */
    static List<PageEntry> merge(List<MailboxResults> sources, MessageSort sort, int count) {
        if (sources.stream().anyMatch(MailboxResults::needsLoad)) {
            return List.of();
        }
        var queue =
                new PriorityQueue<MailboxResults>((a, b) -> {
                    int byValue =
                            sort.<SortValue>comparator()
                                    .compare(a.peek().value(), b.peek().value());
                    return byValue != 0 ? byValue : Long.compare(a.nameHash(), b.nameHash());
                });
        sources.stream().filter(MailboxResults::hasNext).forEach(queue::add);
        var entries = new ArrayList<PageEntry>();
        while (entries.size() < count && !queue.isEmpty()) {
            var source = queue.remove();
            entries.add(new PageEntry(source, source.next()));
            if (source.needsLoad()) {
                break;
            }
            if (source.hasNext()) {
                queue.add(source);
            }
        }
        return entries;
    }

    private boolean more() {
        return sources.stream().anyMatch(source -> source.hasNext() || source.needsLoad());
    }

    /**
     * Whether all messages of the page were expunged since the search, and there are more results.
     */
    boolean vanished() {
        return more() && entries.stream().allMatch(entry -> messages.metadata(entry) == null);
    }

    long total() {
        return sources.stream()
                .filter(source -> !source.dropped())
                .mapToLong(MailboxResults::size)
                .sum();
    }

    List<MessageSummary> summaries(SearchQuery query) {
        boolean texts = MatchedFields.anyTexts(query.criteria());
        var summaries = new ArrayList<MessageSummary>();
        for (var entry : entries) {
            var message = messages.fetched(entry);
            var metadata = messages.metadata(entry);
            if (message == null || metadata == null) {
                continue; // expunged meanwhile
            }
            var source = entry.source();
            var summary =
                    MessageSummary.of(
                            MessageId.of(source.epoch().message(entry.uid())),
                            MailboxId.of(source.mailbox()),
                            message.flags(),
                            metadata,
                            query.fields());
            summaries.add(
                    texts ? summary.with(MatchedFields.in(metadata, query.criteria())) : summary);
        }
        return summaries;
    }

    /**
     * The cursor after the last message of the page whose sort value is known; null at the end.
     * Messages after that one which were expunged before their value was fetched are not found
     * again.
     *
     * @param cursor that of this page
     */
    @Nullable Cursor next(SearchQuery query, @Nullable SearchCursor cursor) {
        if (!more() || entries.isEmpty()) {
            return null;
        }
        var shown = new LinkedHashMap<Long, SearchCursor.LastShown>();
        if (cursor != null) {
            shown.putAll(cursor.shown());
        }
        PageEntry last = null;
        for (var entry : entries) {
            if (valueIsKnown(entry)) {
                addTo(shown, entry);
                last = entry;
            }
        }
        if (last != null) {
            return after(last, withValue(last, query.sort()), shown).toCursor(query);
        }
        // its sort value is unknown, except that it comes after the last page
        last = entries.getLast();
        addTo(shown, last);
        var value = cursor == null ? NextResults.UNKNOWN : cursor.last().value();
        return after(last, new Hit(last.uid(), value), shown).toCursor(query);
    }

    private static void addTo(Map<Long, SearchCursor.LastShown> shown, PageEntry entry) {
        long uidValidity = entry.source().epoch().uidValidity();
        shown.put(entry.source().nameHash(), new SearchCursor.LastShown(uidValidity, entry.uid()));
    }

    private static SearchCursor after(
            PageEntry entry, Hit hit, Map<Long, SearchCursor.LastShown> shown) {
        return new SearchCursor(entry.source().nameHash(), hit, shown);
    }

    private boolean valueIsKnown(PageEntry entry) {
        return messages.metadata(entry) != null || !entry.hit().value().equals(NextResults.UNKNOWN);
    }

    /** With a single mailbox, the sort value is taken from the metadata. */
    private Hit withValue(PageEntry entry, MessageSort sort) {
        var metadata = messages.metadata(entry);
        return metadata == null ? entry.hit() : new Hit(entry.uid(), sort.valueOf(metadata));
    }
}
