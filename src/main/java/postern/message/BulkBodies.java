package postern.message;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.metadata.HeaderLoader;
import postern.message.metadata.Include;
import postern.message.metadata.MessageMetadata;
import postern.message.part.BodyPlan;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.OptionalFetch;
import postern.message.part.PartFinder;
import postern.message.part.SectionOctets;
import postern.message.part.ShownParts;
import postern.message.part.StructuredParts;

/**
 * Reads text, HTML and whole headers of many messages of one mailbox, as far as they are known
 * together with the rows. The same part of all messages is one FETCH, and all FETCHes are one
 * flush. A message that is described badly, or of which the server sends less than was asked for,
 * must be read {@linkplain #alone() alone}.
 */
final class BulkBodies {

    /** A whole header has fewer octets than this mostly. */
    private static final long USUAL_HEADER_OCTETS = 16 << 10;

    /** Upper bound on the messages of a flush, as the length of a header is not known before. */
    private static final int MESSAGES_AT_ONCE = 100;

    /**
     * Read of a part together with the row, where the cache knows that it is text: most texts fit.
     */
    private static final long EARLY_OCTETS = 64 << 10;

    private static final int MOST_EARLY_PARTS = 4;

    private static final Set<FetchItem> STRUCTURE = Set.of(FetchItem.BODY_STRUCTURE);

    /** Upper bound on the FETCHes of a flush, so that it does not stall the pipeline. */
    private static final int FETCHES_AT_ONCE = 32;

    private final SelectedMailbox mailbox;
    private final Set<Include> include;
    private final OctetBudget budget;

    /** Upper bound on the messages of which something is read together with the row. */
    private long earlyLeft;

    private final Map<Long, ReadMessage> read = new HashMap<>();
    private final Set<Long> alone = new LinkedHashSet<>();
    private final Set<Long> beyondBudget = new LinkedHashSet<>();

    BulkBodies(SelectedMailbox mailbox, Set<Include> include, OctetBudget budget) {
        this.mailbox = mailbox;
        this.include = include;
        this.budget = budget;
        this.earlyLeft = Math.min(MESSAGES_AT_ONCE, budget.most() / EARLY_OCTETS);
    }

    /**
     * What can be fetched together with the row of a message, so that no further flush is needed.
     *
     * @param known its metadata, which name the parts of its text; null when they are not known
     */
    List<SectionRange> early(@Nullable MessageMetadata known) {
        var early = new ArrayList<SectionRange>();
        if (earlyLeft <= 0) {
            return early;
        }
        if (include.contains(Include.HEADERS)) {
            early.add(HeaderLoader.WHOLE);
        }
        if (known != null && known.knows(STRUCTURE)) {
            Stream.concat(
                            include.contains(Include.TEXT)
                                    ? known.parts().text().stream()
                                    : Stream.of(),
                            include.contains(Include.HTML)
                                    ? known.parts().html().stream()
                                    : Stream.of())
                    .filter(Section::validPartId)
                    .distinct()
                    .limit(MOST_EARLY_PARTS)
                    .forEach(part ->
                            early.add(SectionRange.first(Section.part(part), EARLY_OCTETS)));
        }
        if (!early.isEmpty()) {
            earlyLeft--;
        }
        return early;
    }

    /**
     * @param messages with their structures, and with the sections that were fetched {@linkplain
     *     #early early}; those first that matter most
     */
    void read(List<FetchedMessage> messages) {
        int atOnce = include.contains(Include.HEADERS) ? MESSAGES_AT_ONCE : messages.size();
        for (int from = 0; from < messages.size(); from += atOnce) {
            readSome(messages.subList(from, Math.min(messages.size(), from + atOnce)));
        }
    }

    /** Null when it was not read here. */
    @Nullable ReadMessage of(long uid) {
        return read.get(uid);
    }

    /** The messages that must be read one by one. */
    Set<Long> alone() {
        return alone;
    }

    Set<Long> beyondBudget() {
        return beyondBudget;
    }

    private void readSome(List<FetchedMessage> messages) {
        var open = new LinkedHashMap<Long, OpenMessage>();
        for (var message : messages) {
            if (PartFinder.untold(message)) {
                alone.add(message.uid());
            } else {
                var one = new OpenMessage(message, include);
                if (budget.take(one.taken)) {
                    open.put(message.uid(), one);
                } else {
                    beyondBudget.add(message.uid());
                }
            }
        }
        while (readMore(open)) {}
        open.forEach((uid, one) -> {
            budget.correct(one.sections.total() - one.taken);
            read.put(uid, one.read());
        });
    }

    /** Returns false when nothing is missing. */
    private boolean readMore(Map<Long, OpenMessage> open) {
        var missing = new LinkedHashMap<SectionRange, List<Long>>();
        open.forEach((uid, one) ->
                one.missing()
                        .forEach(range ->
                                missing.computeIfAbsent(range, _ -> new ArrayList<>()).add(uid)));
        var ranges = List.copyOf(missing.keySet());
        for (int from = 0; from < ranges.size(); from += FETCHES_AT_ONCE) {
            int to = Math.min(ranges.size(), from + FETCHES_AT_ONCE);
            var asked = new LinkedHashMap<SectionRange, List<Long>>();
            ranges.subList(from, to)
                    .forEach(range -> asked.put(range, missing.getOrDefault(range, List.of())));
            var left = unanswered(open, asked);
            left.forEach(uid -> leaveAlone(uid, open.remove(uid)));
        }
        return !ranges.isEmpty();
    }

    /** What was taken for it is taken again when it is read. */
    private void leaveAlone(long uid, @Nullable OpenMessage one) {
        alone.add(uid);
        if (one != null) {
            budget.correct(-one.taken);
        }
    }

    /** Sends the requests in one flush; returns the messages that were not answered whole. */
    private Collection<Long> unanswered(
            Map<Long, OpenMessage> open, Map<SectionRange, List<Long>> asked) {
        var requests = new ArrayList<FetchRequest>();
        asked.forEach((range, uids) -> {
            var items = new FetchItems(Set.of(), List.of(range));
            requests.add(FetchRequest.uids(UidSet.of(uids), items));
        });
        var left = new HashSet<Long>();
        asked.values().forEach(left::addAll);
        List<List<FetchedMessage>> answers;
        try {
            answers = mailbox.fetch(requests);
        } catch (ImapException e) {
            if (OptionalFetch.refuses(e)) {
                return left;
            }
            throw e;
        }
        left.clear();
        var next = answers.iterator();
        asked.forEach((range, uids) -> {
            var answered = new HashSet<Long>();
            for (var message : next.next()) {
                var one = open.get(message.uid());
                if (one != null && message.sections().containsKey(range)) {
                    one.sections.add(message);
                    answered.add(message.uid());
                }
            }
            uids.stream().filter(uid -> !answered.contains(uid)).forEach(left::add);
        });
        return left;
    }

    /** A message that is being read. */
    private static final class OpenMessage {

        private final FetchedMessage message;
        private final Set<Include> include;
        private final BodySelection body;
        private final SectionOctets sections = new SectionOctets();

        /** The octets of the budget that it takes while it is read. */
        private final long taken;

        OpenMessage(FetchedMessage message, Set<Include> include) {
            this.message = message;
            this.include = include;
            this.body = BodySelection.of(message.bodyStructure());
            sections.add(message);
            this.taken = estimate();
        }

        /** About how many octets will be read; at least one. */
        private long estimate() {
            long octets = include.contains(Include.HEADERS) ? USUAL_HEADER_OCTETS : 1;
            var shown = ShownParts.of(body, sections);
            var counted = new HashSet<Section>();
            for (var plan : plans(shown)) {
                for (var piece : plan.pieces()) {
                    if (counted.add(piece.section())) {
                        octets += Math.min(piece.octets(), piece.part().size());
                    }
                }
            }
            return octets;
        }

        private List<BodyPlan> plans(BodySelection shown) {
            var plans = new ArrayList<BodyPlan>();
            if (include.contains(Include.TEXT)) {
                plans.add(BodyPlan.of(shown.text()));
            }
            if (include.contains(Include.HTML)) {
                plans.add(BodyPlan.of(shown.html()));
            }
            return plans;
        }

        /** What must be read, as far as the octets that were read tell. */
        Collection<SectionRange> missing() {
            var missing = new LinkedHashMap<Section, SectionRange>();
            for (var plan : plans(ShownParts.of(body, sections))) {
                plan.missing(sections)
                        .forEach(range -> missing.putIfAbsent(range.section(), range));
            }
            if (include.contains(Include.HEADERS)) {
                sections.missing(Section.HEADER, HeaderLoader.WHOLE.octets())
                        .ifPresent(range -> missing.put(Section.HEADER, range));
            }
            return missing.values();
        }

        ReadMessage read() {
            var shown = ShownParts.of(body, sections);
            return new ReadMessage(
                    message,
                    HeaderField.split(sections.of(Section.HEADER)),
                    shown,
                    StructuredParts.of(message.bodyStructure()),
                    sections,
                    include.contains(Include.TEXT) ? BodyPlan.of(shown.text()) : null,
                    include.contains(Include.HTML) ? BodyPlan.of(shown.html()) : null);
        }
    }
}
