package postern.message.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.part.OptionalFetch;
import postern.message.part.PartHeaders;
import postern.message.part.PreviewText;

/**
 * Makes the previews of one mailbox's messages that the mail server does not tell (RFC 8970), as
 * Cyrus does of mail that came without JMAP: of the beginning of their text. A message is shown
 * without one rather than not at all.
 */
public final class PreviewLoader {

    /** Of so many messages that is no burden. */
    private static final int FARTHER_AT_ONCE = 128;

    /** Of a page nearly all have the same; a page of oddities must not stall what is pipelined. */
    private static final int PARTS_AT_ONCE = 32;

    private final MetadataCache cache;
    private final MailboxEpoch epoch;
    private final Map<Long, Beginning> lacking = new LinkedHashMap<>();
    private final Map<Long, Beginning> asked = new HashMap<>();
    private final Map<Long, MessageMetadata> made = new HashMap<>();

    public PreviewLoader(MetadataCache cache, MailboxEpoch epoch) {
        this.cache = cache;
        this.epoch = epoch;
    }

    /**
     * What to read of a message.
     *
     * @param others the parts to look at when this one says nothing
     */
    private record Beginning(MessageMetadata facts, SectionRange range, List<Section> others) {

        static @Nullable Beginning first(MessageMetadata facts, List<Section> sections) {
            return sections.isEmpty()
                    ? null
                    : new Beginning(
                            facts,
                            SectionRange.first(sections.getFirst(), PreviewText.OCTETS),
                            sections.subList(1, sections.size()));
        }

        /** Whether there is more to read, and reason to. */
        @Nullable Beginning farther(String preview, byte @Nullable [] octets) {
            if (!preview.isEmpty()) {
                return null;
            }
            boolean more =
                    octets != null
                            && octets.length >= range.octets()
                            && range.octets() < PreviewText.MORE_OCTETS;
            return more
                    ? new Beginning(
                            facts,
                            SectionRange.first(range.section(), PreviewText.MORE_OCTETS),
                            others)
                    : first(facts, others);
        }
    }

    private static List<Section> sections(MessageMetadata facts) {
        return Stream.concat(
                        facts.textParts().stream().limit(PreviewText.MOST_TEXTS),
                        facts.htmlParts().stream().limit(PreviewText.MOST_TEXTS))
                .filter(Section::validPartId)
                .distinct()
                .map(Section::part)
                .toList();
    }

    /**
     * What the mail server is asked for where previews are wanted: the structure says what to make
     * one of.
     */
    public static Set<FetchItem> fetched(Set<FetchItem> wanted, Capabilities capabilities) {
        if (!wanted.contains(FetchItem.PREVIEW)
                || capabilities.preview() && wanted.contains(FetchItem.BODY_STRUCTURE)) {
            return wanted;
        }
        var items = EnumSet.copyOf(wanted);
        items.add(FetchItem.BODY_STRUCTURE);
        if (!capabilities.preview()) {
            items.remove(FetchItem.PREVIEW);
        }
        return Set.copyOf(items);
    }

    /** This message is shown; all is known of it but, maybe, its preview. */
    public void want(long uid, MessageMetadata facts) {
        if (facts.preview() != null) {
            return;
        }
        var cached = cache.get(epoch, uid);
        var beginning = Beginning.first(facts, sections(facts));
        if (cached != null && cached.preview() != null) {
            made.put(uid, facts.with(cached));
        } else if (beginning == null) {
            keep(uid, facts, "");
        } else {
            lacking.put(uid, beginning);
        }
    }

    private void keep(long uid, MessageMetadata facts, String preview) {
        var whole = facts.withPreview(preview);
        made.put(uid, whole);
        cache.put(epoch, uid, whole);
    }

    /**
     * What it takes to make them: one FETCH for all messages whose text is the same part. When
     * these are answered, there may be more to ask; nothing is asked for twice.
     */
    public List<FetchRequest> requests() {
        var byRange = new LinkedHashMap<SectionRange, List<Long>>();
        int farther = 0;
        for (var left = lacking.entrySet().iterator(); left.hasNext(); ) {
            var next = left.next();
            var beginning = next.getValue();
            if (beginning.range().octets() > PreviewText.OCTETS && ++farther > FARTHER_AT_ONCE) {
                continue;
            }
            byRange.computeIfAbsent(beginning.range(), _ -> new ArrayList<>()).add(next.getKey());
            asked.put(next.getKey(), beginning);
            left.remove();
        }
        var requests = new ArrayList<FetchRequest>();
        byRange.forEach((range, uids) -> {
            var items = FetchItems.of(FetchItem.BODY_STRUCTURE).with(range);
            requests.add(FetchRequest.uids(UidSet.of(uids), items));
        });
        return requests;
    }

    /** Takes the answer to one of the requests. */
    public void hear(Collection<FetchedMessage> answer) {
        for (var message : answer) {
            var beginning = asked.remove(message.uid());
            if (beginning != null) {
                var octets = message.sections().get(beginning.range());
                var preview = of(message, beginning.range().section(), octets);
                var farther = beginning.farther(preview, octets);
                if (farther == null) {
                    keep(message.uid(), beginning.facts(), preview);
                } else {
                    lacking.put(message.uid(), farther);
                }
            }
        }
    }

    private static String of(FetchedMessage message, Section section, byte @Nullable [] octets) {
        var structure = message.bodyStructure();
        return structure == null || octets == null
                ? ""
                : structure
                        .walk()
                        .filter(part -> part.partId().equals(section.partId()))
                        .findFirst()
                        .map(part -> PreviewText.of(part, octets))
                        .orElse("");
    }

    /**
     * In one flush, and one more for pages that begin late and for each part that turned out to be
     * blank; each on its own where refused.
     */
    public void fetch(SelectedMailbox mailbox) {
        var extra = new OptionalFetch(mailbox);
        for (var requests = requests(); !requests.isEmpty(); requests = requests()) {
            for (int from = 0; from < requests.size(); from += PARTS_AT_ONCE) {
                int to = Math.min(requests.size(), from + PARTS_AT_ONCE);
                fetch(mailbox, extra, requests.subList(from, to));
            }
        }
    }

    /** Whether a request was refused for good, so that its parts are worth another try. */
    public static boolean refuses(ImapException reason) {
        return OptionalFetch.refuses(reason);
    }

    /** What was asked for and not answered is asked for again. */
    public void askAgain() {
        lacking.putAll(asked);
        asked.clear();
    }

    private void fetch(SelectedMailbox mailbox, OptionalFetch extra, List<FetchRequest> requests) {
        var with =
                requests.stream()
                        .map(request -> PartHeaders.asked(request, mailbox.capabilities()))
                        .toList();
        extra.fetch(with, answer -> hear(PartHeaders.typed(mailbox, extra, answer)), this::refused);
    }

    /** So it will be the next time, too. */
    private void refused(long uid) {
        var beginning = asked.remove(uid);
        if (beginning != null) {
            keep(uid, beginning.facts(), "");
        }
    }

    /** The facts, with their previews, of those messages of which they were not known. */
    public Map<Long, MessageMetadata> made() {
        return made;
    }
}
