package postern.message;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.message.metadata.HeaderLoader;
import postern.message.metadata.Include;
import postern.message.metadata.MessageMetadata;
import postern.message.part.AttachedMessage;
import postern.message.part.BodyPlan;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.PartFinder;
import postern.message.part.PreviewText;
import postern.message.part.SectionOctets;
import postern.message.part.ShownParts;
import postern.message.part.StructuredParts;
import postern.web.id.MessageId;

/**
 * Reads one message. The first flush fetches its description and the text parts, whose numbers are
 * known from the cache or guessed; a second one fetches what the guess missed.
 */
final class MessageReading {

    private static final Set<FetchItem> DESCRIPTION =
            Set.of(
                    FetchItem.FLAGS,
                    FetchItem.MOD_SEQ,
                    FetchItem.INTERNAL_DATE,
                    FetchItem.SIZE,
                    FetchItem.ENVELOPE,
                    FetchItem.BODY_STRUCTURE,
                    FetchItem.PREVIEW,
                    FetchItem.THREAD_ID);

    private static final Set<FetchItem> STRUCTURE = Set.of(FetchItem.BODY_STRUCTURE);

    /**
     * Read of a part that is guessed to be text: most texts fit, and a file costs no more than
     * this.
     */
    private static final long GUESSED_OCTETS = 64 << 10;

    /** Read of a part that is known to be text. */
    private static final long KNOWN_OCTETS = 256 << 10;

    private static final int MOST_KNOWN = 4;

    private final SelectedMailbox mailbox;
    private final MessageId id;
    private final AttachedMessage attached;
    private final Set<Include> include;
    private final SectionOctets sections = new SectionOctets();
    private @Nullable PartFinder own;

    MessageReading(SelectedMailbox mailbox, MessageId id, Set<Include> include) {
        this.mailbox = mailbox;
        this.id = id;
        this.attached = new AttachedMessage(id.part());
        this.include = include;
    }

    /** The items of a description that never change, which make up {@link MessageMetadata}. */
    static Set<FetchItem> lasting() {
        var header = // which is read as a whole
                Stream.of(
                        FetchItem.FROM,
                        FetchItem.TO,
                        FetchItem.CC,
                        FetchItem.AUTOMATIC,
                        FetchItem.LIST,
                        FetchItem.RECEIPT);
        return Stream.concat(DESCRIPTION.stream(), header)
                .filter(item -> item != FetchItem.FLAGS && item != FetchItem.MOD_SEQ)
                .collect(Collectors.toUnmodifiableSet());
    }

    ReadMessage read(@Nullable MessageMetadata metadata) {
        var message = described(metadata);
        sections.add(message);
        var header = HeaderField.split(sections.of(Section.HEADER));
        var objects = StructuredParts.of(message.bodyStructure());
        var body = BodySelection.of(message.bodyStructure());
        var shown = ShownParts.of(body, sections);
        BodySelection before;
        do {
            before = shown;
            fetchMissing(
                    plan(Include.TEXT, message, header, shown.text()),
                    plan(Include.HTML, message, header, shown.html()),
                    objects,
                    unseen(message, shown, metadata));
            // If the text that was just read is blank, its alternative must be read too.
            shown = ShownParts.of(body, sections);
        } while (!shown.equals(before));
        var text = plan(Include.TEXT, message, header, shown.text());
        var html = plan(Include.HTML, message, header, shown.html());
        return new ReadMessage(message, header, shown, objects, sections, text, html);
    }

    /**
     * Some servers describe an attached message but refuse to send its parts. Unless the gateway
     * parses it, it is then read as a message of unknown structure.
     */
    private FetchedMessage described(@Nullable MessageMetadata metadata) {
        try {
            return fetch(firstFlush(metadata));
        } catch (ImapException.NotPossible _) {
            describe();
            var header = new FetchItems(Set.of(), List.of(HeaderLoader.WHOLE));
            var message = fetch(header);
            return !id.within() || requireNonNull(own).opened(id.part())
                    ? message
                    : AttachedMessage.withoutParts(message);
        }
    }

    /** Some servers refuse the entire FETCH when they cannot parse the structure. */
    private void describe() {
        try {
            fetch(FetchItems.of(DESCRIPTION));
        } catch (ImapException.NotPossible _) {
            var others = new HashSet<>(DESCRIPTION);
            others.remove(FetchItem.BODY_STRUCTURE);
            fetch(FetchItems.of(others));
        }
    }

    private static FetchItems description() {
        return FetchItems.of(DESCRIPTION).with(HeaderLoader.WHOLE);
    }

    private FetchedMessage fetch(FetchItems items) {
        var asked = attached.outside(items);
        var known = own;
        if (known == null) {
            var fetched = mailbox.fetch(id.message().uid(), asked);
            var described = PartFinder.of(mailbox, fetched, id.part());
            own = described;
            return attached.inside(described.answering(fetched, asked.sections()), items);
        }
        var others = asked.sections().stream().filter(range -> !known.holds(range)).toList();
        var fetched =
                others.isEmpty()
                        ? known.message()
                        : mailbox.fetch(id.message().uid(), new FetchItems(Set.of(), others));
        return attached.inside(known.answering(fetched, asked.sections()), items);
    }

    private FetchItems firstFlush(@Nullable MessageMetadata metadata) {
        var items = description();
        for (var body :
                metadata != null && metadata.knows(STRUCTURE) ? known(metadata) : guessed()) {
            items = items.with(body);
        }
        var preview = previewed(metadata);
        if (preview != null
                && items.sections().stream()
                        .noneMatch(it -> it.section().equals(preview.section()))) {
            items = items.with(preview);
        }
        for (var part : metadata == null ? List.<String>of() : metadata.parts().objects()) {
            items = items.with(first(part, StructuredParts.MOST_OCTETS));
        }
        return items;
    }

    /** The octets to make the preview of, when the server has none and the cache has none. */
    private @Nullable SectionRange previewed(@Nullable MessageMetadata metadata) {
        boolean told =
                mailbox.capabilities().preview()
                        && (metadata == null || !metadata.items().contains(FetchItem.PREVIEW));
        if (id.within() || told || metadata != null && metadata.preview() != null) {
            return null;
        }
        if (metadata == null || !metadata.knows(STRUCTURE)) {
            return first("1", PreviewText.OCTETS);
        }
        return metadata.parts().text().isEmpty()
                ? null
                : first(metadata.parts().text().getFirst(), PreviewText.OCTETS);
    }

    /**
     * More text to read for the preview, when the server sent none and the text read so far is
     * blank.
     */
    private Optional<SectionRange> unseen(
            FetchedMessage message, BodySelection body, @Nullable MessageMetadata metadata) {
        if (id.within()
                || metadata != null && metadata.preview() != null
                || MessageMetadata.previewOf(message) != null) {
            return Optional.empty();
        }
        for (var part : PreviewText.candidates(body)) {
            var section = Section.part(part.partId());
            if (!PreviewText.ofBeginning(part, sections.of(section)).isEmpty()) {
                return Optional.empty();
            }
            var missing = sections.missing(section, PreviewText.MORE_OCTETS);
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }

    /** Most mail is a single text part, or has a plain and an HTML alternative. */
    private List<SectionRange> guessed() {
        if (include.contains(Include.HTML)) {
            return List.of(first("1", GUESSED_OCTETS), first("2", GUESSED_OCTETS));
        }
        return include.contains(Include.TEXT) ? List.of(first("1", GUESSED_OCTETS)) : List.of();
    }

    private List<SectionRange> known(MessageMetadata metadata) {
        return Stream.concat(
                        include.contains(Include.TEXT)
                                ? metadata.parts().text().stream()
                                : Stream.of(),
                        include.contains(Include.HTML)
                                ? metadata.parts().html().stream()
                                : Stream.of())
                .distinct()
                .limit(MOST_KNOWN)
                .map(partId -> first(partId, KNOWN_OCTETS))
                .toList();
    }

    private static SectionRange first(String partId, long octets) {
        return SectionRange.first(Section.part(partId), octets);
    }

    private @Nullable BodyPlan plan(
            Include kind,
            FetchedMessage message,
            List<HeaderField.Raw> header,
            List<BodyPart> parts) {
        if (!include.contains(kind)) {
            return null;
        }
        if (undescribed(message)) {
            return BodyPlan.ofUndescribed(message, header);
        }
        var plan = BodyPlan.of(parts);
        var known = own;
        // Part ids of an attached message are relative to it; the parser uses those of the outer
        // message.
        return known != null
                        && parts.stream()
                                .anyMatch(part -> known.cuts(id.partIdInMailbox(part.partId())))
                ? new BodyPlan(plan.pieces(), true)
                : plan;
    }

    private static boolean undescribed(FetchedMessage message) {
        var structure = message.bodyStructure();
        return structure == null || structure.multipart() && structure.children().isEmpty();
    }

    private void fetchMissing(
            @Nullable BodyPlan text,
            @Nullable BodyPlan html,
            StructuredParts objects,
            Optional<SectionRange> preview) {
        var missing = new LinkedHashSet<SectionRange>();
        Stream.of(Optional.ofNullable(text), Optional.ofNullable(html))
                .flatMap(Optional::stream)
                .forEach(plan -> missing.addAll(plan.missing(sections)));
        for (var part : objects.partIds()) {
            sections.missing(Section.part(part), StructuredParts.MOST_OCTETS)
                    .ifPresent(missing::add);
        }
        if (preview.isPresent()
                && missing.stream().noneMatch(it -> it.section().equals(preview.get().section()))) {
            missing.add(preview.get());
        }
        if (!missing.isEmpty()) {
            sections.add(fetch(new FetchItems(Set.of(), List.copyOf(missing))));
        }
    }
}
