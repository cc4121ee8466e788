package postern.message.metadata;

import static postern.imap.message.FetchItem.FLAGS;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.part.OptionalFetch;
import postern.message.part.PartHeaders;

/** Loads the metadata that a list needs: from the cache, the rest from the mail server. */
public final class MetadataLoader {

    private final SelectedMailbox mailbox;
    private final MetadataCache cache;
    private final MailboxEpoch epoch;
    private final Set<FetchItem> wanted;

    /** Fetched of each message besides its flags and metadata; not cached. */
    private final FetchItems alongside;

    private final @Nullable SectionRange addresses;

    /** Whether previews are wanted, which the mail server may not provide. */
    private final boolean previews;

    /**
     * Keeps metadata for the duration of the request, even if the cache evicts or never stored
     * them.
     */
    private final Map<Long, MessageMetadata> held = new HashMap<>();

    private final Map<Long, EarlyMetadata> decodedEarly = new HashMap<>();

    public MetadataLoader(
            SelectedMailbox mailbox,
            MetadataCache cache,
            MailboxEpoch epoch,
            Set<FetchItem> wanted) {
        this(mailbox, cache, epoch, wanted, FetchItems.of());
    }

    /**
     * @param alongside fetched of each message as well, and not cached
     */
    public MetadataLoader(
            SelectedMailbox mailbox,
            MetadataCache cache,
            MailboxEpoch epoch,
            Set<FetchItem> wanted,
            FetchItems alongside) {
        this.alongside = alongside;
        this.mailbox = mailbox;
        this.cache = cache;
        this.epoch = epoch;
        this.previews = wanted.contains(FetchItem.PREVIEW);
        this.wanted = PreviewLoader.fetched(wanted, mailbox.capabilities());
        this.addresses = FetchItems.of(this.wanted).headerFields();
    }

    /** The items to fetch of a message whose metadata are known. */
    public FetchItems flags() {
        return FetchItems.of(FLAGS).and(alongside);
    }

    /** The items to fetch of a message whose metadata are not known. */
    public FetchItems everything() {
        return PartHeaders.asked(FetchItems.of(wanted).with(FLAGS), mailbox.capabilities())
                .and(alongside);
    }

    /** Whether most messages of the page below that anchor have cached metadata. */
    public boolean mostlyKnown(ListPosition anchor, int limit) {
        if (wanted.isEmpty()) {
            return true; // no metadata wanted
        }
        long there = anchor.top() ? mailbox.state().messages() : anchor.place() - 1;
        long expected = Math.min(limit, there);
        return expected > 0 && cache.countBelow(epoch, anchor.uid(), expected) * 2 >= expected;
    }

    /**
     * A request for all items of the messages that are newer than the newest cached one, limited to
     * one page.
     */
    public List<FetchRequest> ofNewMail(int limit) {
        long newest = cache.highest(epoch);
        if (wanted.isEmpty() || newest == 0 || newest == UidSet.MAX) {
            return List.of();
        }
        var uids = UidSet.range(newest + 1, Math.min(UidSet.MAX, newest + limit));
        return List.of(FetchRequest.uids(uids, everything()));
    }

    /** Decodes metadata early, while further responses are still arriving. */
    public void onFetched(FetchedMessage message) {
        if (!wanted.isEmpty()
                && !decodedEarly.containsKey(message.uid())
                && hasAll(message, wanted)) {
            try {
                var metadata = MessageMetadata.of(message, wanted);
                decodedEarly.put(
                        message.uid(), new EarlyMetadata(message, addresses(message), metadata));
            } catch (RuntimeException _) {
                // Errors are ignored here; decoding the complete answer repeats them.
            }
        }
    }

    /** Whether the message has all of these items; those that servers may omit are not checked. */
    private boolean hasAll(FetchedMessage message, Set<FetchItem> items) {
        return (addresses == null || addresses(message) != null)
                && (message.envelope() != null || !items.contains(FetchItem.ENVELOPE))
                && (message.bodyStructure() != null || !items.contains(FetchItem.BODY_STRUCTURE))
                && (message.internalDate() != null || !items.contains(FetchItem.INTERNAL_DATE))
                && (message.size() != null || !items.contains(FetchItem.SIZE));
    }

    private byte @Nullable [] addresses(FetchedMessage message) {
        return addresses == null ? null : message.sections().get(addresses);
    }

    /**
     * Metadata that were decoded early, with their input; sections may still be added to a message.
     */
    private record EarlyMetadata(
            FetchedMessage message, byte @Nullable [] addresses, MessageMetadata metadata) {

        /** Whether the complete answer has the same input, so that these metadata are valid. */
        boolean confirmedBy(FetchedMessage complete, byte @Nullable [] completeAddresses) {
            return !complete.degraded()
                    && addresses == completeAddresses
                    && Objects.equals(message.envelope(), complete.envelope())
                    && Objects.equals(message.bodyStructure(), complete.bodyStructure())
                    && Objects.equals(message.internalDate(), complete.internalDate())
                    && Objects.equals(message.size(), complete.size())
                    && Objects.equals(message.preview(), complete.preview())
                    && Objects.equals(message.threadId(), complete.threadId())
                    && Objects.equals(message.emailId(), complete.emailId());
        }
    }

    private MessageMetadata metadataOf(FetchedMessage message) {
        var early = decodedEarly.remove(message.uid());
        var metadata =
                early != null && early.confirmedBy(message, addresses(message))
                        ? early.metadata()
                        : MessageMetadata.of(message, wanted);
        return metadata.parts().files() == null
                        && PartHeaders.named(message, mailbox.capabilities())
                ? metadata.withFiles(message)
                : metadata;
    }

    public void addFetched(Collection<FetchedMessage> messages) {
        for (var message : PartHeaders.typed(mailbox, List.copyOf(messages))) {
            hold(message.uid(), metadataOf(message));
        }
        completeOrigins(messages);
    }

    private void hold(long uid, MessageMetadata metadata) {
        held.put(uid, metadata);
        cache.put(epoch, uid, metadata);
    }

    /**
     * Reads the whole header where the server has left out the fields of it that were asked for.
     */
    private void completeOrigins(Collection<FetchedMessage> messages) {
        if (Collections.disjoint(wanted, MessageOrigin.ITEMS)) {
            return;
        }
        var lacking = new ArrayList<Long>();
        for (var message : messages) {
            var known = held.get(message.uid());
            if (known != null && !known.knows(wanted)) {
                lacking.add(message.uid());
            }
        }
        HeaderLoader.whole(
                mailbox,
                lacking,
                (uid, header) -> {
                    var known = held.get(uid);
                    if (known != null) {
                        hold(uid, known.withOrigin(MessageOrigin.of(header)));
                    }
                });
    }

    /** Fetches the metadata that are missing for these messages. */
    public void complete(Collection<FetchedMessage> messages) {
        var unknown =
                messages.stream().map(FetchedMessage::uid).filter(u -> of(u) == null).toList();
        if (!unknown.isEmpty()) {
            addFetched(fetchAll(FetchRequest.uids(UidSet.of(unknown), everything())));
        }
    }

    /** Fetches the metadata that are missing for these UIDs. */
    public void complete(UidSet uids) {
        var unknown = uids.stream().filter(uid -> of(uid) == null).toArray();
        if (unknown.length > 0) {
            addFetched(fetchAll(FetchRequest.uids(UidSet.of(unknown), FetchItems.of(wanted))));
        }
    }

    /** Makes the previews of these messages that the mail server does not provide. */
    public void preview(Collection<FetchedMessage> messages) {
        if (!previews) {
            return;
        }
        var lacking = new PreviewLoader(cache, epoch);
        for (var message : messages) {
            var known = of(message.uid());
            if (known != null) {
                lacking.want(message.uid(), known);
            }
        }
        lacking.fetch(mailbox);
        held.putAll(lacking.made());
    }

    /** Takes a preview that was made of text that the caller has read. */
    public void addPreview(long uid, String preview) {
        var known = of(uid);
        if (previews && known != null && known.preview() == null) {
            var whole = known.withPreview(preview);
            held.put(uid, whole);
            cache.put(epoch, uid, whole);
        }
    }

    /** Completes the files of these messages, where the list has left their names in doubt. */
    public void files(Collection<FetchedMessage> messages) {
        var lacking = new ArrayList<Long>();
        for (var message : messages) {
            var known = of(message.uid());
            if (known != null && known.parts().files() == null) {
                lacking.add(message.uid());
            }
        }
        if (lacking.isEmpty()) {
            return;
        }
        var extra = new OptionalFetch(mailbox);
        var structure =
                PartHeaders.asked(FetchItems.of(FetchItem.BODY_STRUCTURE), mailbox.capabilities());
        extra.fetch(
                List.of(FetchRequest.uids(UidSet.of(lacking), structure)),
                answer -> PartHeaders.named(mailbox, extra, answer).forEach(this::addFiles),
                _ -> {});
    }

    private void addFiles(FetchedMessage message) {
        var known = of(message.uid());
        if (known != null && message.bodyStructure() != null) {
            var metadata = known.withFiles(message);
            held.put(message.uid(), metadata);
            cache.put(epoch, message.uid(), metadata);
        }
    }

    /** The chosen header fields of these messages, which were fetched with them. */
    public HeaderLoader headers(ChosenHeaders chosen, Collection<FetchedMessage> messages) {
        var headers = new HeaderLoader(chosen);
        headers.addFetched(messages);
        headers.complete(mailbox, messages);
        return headers;
    }

    private List<FetchedMessage> fetchAll(FetchRequest request) {
        return mailbox.fetch(List.of(request), this::onFetched).getFirst();
    }

    /** Fetches flags and the missing metadata of these messages in one flush; newest first. */
    public List<FetchedMessage> fetch(UidSet uids) {
        return fetch(uids, List.of());
    }

    /** As above, with these sections, which are not cached. */
    public List<FetchedMessage> fetch(UidSet uids, List<SectionRange> sections) {
        return fetch(uids, _ -> sections);
    }

    /**
     * As above, with the sections of each message. Messages with the same sections are one FETCH.
     */
    public List<FetchedMessage> fetch(UidSet uids, LongFunction<List<SectionRange>> sections) {
        var known = new LinkedHashMap<List<SectionRange>, List<Long>>();
        var unknown = new LinkedHashMap<List<SectionRange>, List<Long>>();
        uids.stream()
                .forEach(uid ->
                        (of(uid) == null ? unknown : known)
                                .computeIfAbsent(sections.apply(uid), _ -> new ArrayList<>())
                                .add(uid));
        var requests = new ArrayList<FetchRequest>();
        known.forEach((own, these) ->
                requests.add(FetchRequest.uids(UidSet.of(these), with(own, flags()))));
        unknown.forEach((own, these) ->
                requests.add(FetchRequest.uids(UidSet.of(these), with(own, everything()))));
        var answers = mailbox.fetch(requests, this::onFetched);
        addFetched(
                answers.subList(known.size(), answers.size()).stream()
                        .flatMap(List::stream)
                        .toList());
        return answers.stream()
                .flatMap(List::stream)
                .sorted((a, b) -> Long.compare(b.uid(), a.uid()))
                .toList();
    }

    private static FetchItems with(List<SectionRange> sections, FetchItems items) {
        var with = items;
        for (var section : sections) {
            with = with.with(section);
        }
        return with;
    }

    /** Null when unknown, or when the message is gone. */
    public @Nullable MessageMetadata of(long uid) {
        if (wanted.isEmpty()) {
            return MessageMetadata.NONE;
        }
        var own = held.get(uid);
        if (own != null) {
            return own;
        }
        var cached = cache.get(epoch, uid);
        if (cached == null || !cached.knows(wanted)) {
            return null;
        }
        held.put(uid, cached);
        return cached;
    }
}
