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
 * Makes the previews that the mail server does not provide (RFC 8970), from the beginning of the
 * text; Cyrus, for example, has none for mail that came without JMAP. When this fails, the message
 * has no preview; the list does not fail.
 */
public final class PreviewLoader {

    /** Upper bound on the messages of one flush that reads a longer beginning. */
    private static final int FARTHER_AT_ONCE = 128;

    /**
     * Upper bound on different parts per flush. On a page nearly all messages have the same text
     * part; a page of unusual messages must not stall the pipeline.
     */
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
     * The octets to read of a message.
     *
     * @param others parts to read if this one is blank
     */
    private record Beginning(MessageMetadata metadata, SectionRange range, List<Section> others) {

        static @Nullable Beginning first(MessageMetadata metadata, List<Section> sections) {
            return sections.isEmpty()
                    ? null
                    : new Beginning(
                            metadata,
                            SectionRange.first(sections.getFirst(), PreviewText.OCTETS),
                            sections.subList(1, sections.size()));
        }

        /** Whether more should be read: the octets so far are blank, and there are more. */
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
                            metadata,
                            SectionRange.first(range.section(), PreviewText.MORE_OCTETS),
                            others)
                    : first(metadata, others);
        }
    }

    private static List<Section> sections(MessageMetadata metadata) {
        return Stream.concat(
                        metadata.parts().text().stream().limit(PreviewText.MOST_TEXTS),
                        metadata.parts().html().stream().limit(PreviewText.MOST_TEXTS))
                .filter(Section::validPartId)
                .distinct()
                .map(Section::part)
                .toList();
    }

    /** The items to fetch for previews: includes the structure, which tells the text parts. */
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

    /** Registers a message whose other metadata are known, to make its preview if it has none. */
    public void want(long uid, MessageMetadata metadata) {
        if (metadata.preview() != null) {
            return;
        }
        var cached = cache.get(epoch, uid);
        var beginning = Beginning.first(metadata, sections(metadata));
        if (cached != null && cached.preview() != null) {
            made.put(uid, metadata.with(cached));
        } else if (beginning == null) {
            keep(uid, metadata, "");
        } else {
            lacking.put(uid, beginning);
        }
    }

    private void keep(long uid, MessageMetadata metadata, String preview) {
        var whole = metadata.withPreview(preview);
        made.put(uid, whole);
        cache.put(epoch, uid, whole);
    }

    /**
     * The requests that are needed now: one FETCH for all messages with the same text part. The
     * answers may lead to more requests; no octets are requested twice.
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

    /** Processes the answer to one of the requests. */
    public void onFetched(Collection<FetchedMessage> answer) {
        for (var message : answer) {
            var beginning = asked.remove(message.uid());
            if (beginning != null) {
                var octets = message.sections().get(beginning.range());
                var preview = of(message, beginning.range().section(), octets);
                var farther = beginning.farther(preview, octets);
                if (farther == null) {
                    keep(message.uid(), beginning.metadata(), preview);
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
     * Takes one flush, one more for pages whose text begins late, and one for each part that turned
     * out to be blank; refused requests are split.
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

    /** Whether the server refuses a request permanently, so that another part should be tried. */
    public static boolean refuses(ImapException reason) {
        return OptionalFetch.refuses(reason);
    }

    /** Repeats the requests that were not answered. */
    public void askAgain() {
        lacking.putAll(asked);
        asked.clear();
    }

    private void fetch(SelectedMailbox mailbox, OptionalFetch extra, List<FetchRequest> requests) {
        var with =
                requests.stream()
                        .map(request -> PartHeaders.asked(request, mailbox.capabilities()))
                        .toList();
        extra.fetch(
                with,
                answer -> onFetched(PartHeaders.typed(mailbox, extra, answer)),
                this::refused);
    }

    /** The empty preview is cached, because the server would refuse again. */
    private void refused(long uid) {
        var beginning = asked.remove(uid);
        if (beginning != null) {
            keep(uid, beginning.metadata(), "");
        }
    }

    /** The metadata, with previews, of all messages whose preview was made here. */
    public Map<Long, MessageMetadata> made() {
        return made;
    }
}
