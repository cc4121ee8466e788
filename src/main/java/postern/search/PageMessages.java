package postern.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageOrigin;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.PreviewLoader;
import postern.message.part.PartHeaders;

/** The flags and metadata of the messages on a page of search results. */
final class PageMessages {

    private final SearchContext search;
    private final SearchedMailboxes mailboxes;

    /** The items to fetch of messages whose metadata are unknown. */
    private final Set<FetchItem> items;

    private final Map<MailboxResults, Loaded> bySource = new HashMap<>();

    /** What was loaded of the messages of one mailbox, by their UIDs. */
    private record Loaded(Map<Long, FetchedMessage> fetched, Map<Long, MessageMetadata> metadata) {

        Loaded() {
            this(new HashMap<>(), new HashMap<>());
        }
    }

    PageMessages(SearchContext search, SearchedMailboxes mailboxes) {
        this.search = search;
        this.mailboxes = mailboxes;
        this.items = PreviewLoader.fetched(search.query().items(), search.capabilities());
    }

    /** Null when the message was expunged meanwhile. */
    @Nullable FetchedMessage fetched(PageEntry entry) {
        return loaded(entry.source()).fetched().get(entry.uid());
    }

    /** Null when the message was expunged meanwhile. */
    @Nullable MessageMetadata metadata(PageEntry entry) {
        return loaded(entry.source()).metadata().get(entry.uid());
    }

    private Loaded loaded(MailboxResults source) {
        return bySource.computeIfAbsent(source, _ -> new Loaded());
    }

    /** Loads messages of the mailbox that is selected. */
    void load(SelectedMailbox mailbox, MailboxResults source, List<PageEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        var loader = loader(mailbox, source);
        var uids = entries.stream().map(PageEntry::uid).toList();
        var fetched = loader.fetch(UidSet.of(uids));
        loader.preview(fetched);
        var loaded = loaded(source);
        for (var message : fetched) {
            var metadata = loader.of(message.uid());
            if (metadata != null) {
                loaded.fetched().put(message.uid(), message);
                loaded.metadata().put(message.uid(), metadata);
            }
        }
    }

    private MetadataLoader loader(SelectedMailbox mailbox, MailboxResults source) {
        return new MetadataLoader(mailbox, search.cache(), source.epoch(), search.query().items());
    }

    /** Loads messages of several mailboxes in one flush, and their previews in a few more. */
    void load(List<PageEntry> entries) {
        var uids = new LinkedHashMap<MailboxResults, List<Long>>();
        for (var entry : entries) {
            uids.computeIfAbsent(entry.source(), _ -> new ArrayList<>()).add(entry.uid());
        }
        var requests = new LinkedHashMap<MailboxResults, ExamineRequest>();
        uids.forEach((source, ofSource) -> requests.put(source, request(source, ofSource)));
        mailboxes.fetch(requests, this::add);
        if (!Collections.disjoint(items, MessageOrigin.ITEMS)) {
            bySource.forEach(this::completeOrigins);
        }
        if (search.query().items().contains(FetchItem.PREVIEW)) {
            addPreviews();
        }
    }

    /** Fetches the flags of all messages, and the metadata that are not cached. */
    private ExamineRequest request(MailboxResults source, List<Long> uids) {
        var cached = new ArrayList<Long>();
        var unknown = new ArrayList<Long>();
        var metadata = loaded(source).metadata();
        for (long uid : uids) {
            var known = search.cache().get(source.epoch(), uid);
            if (known != null && known.knows(items)) {
                metadata.put(uid, known);
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
                    PartHeaders.asked(
                            FetchItems.of(items).with(FetchItem.FLAGS), search.capabilities());
            requests.add(FetchRequest.uids(UidSet.of(unknown), everything));
        }
        return ExamineRequest.fetch(source.mailbox(), requests);
    }

    private void add(MailboxResults source, List<FetchedMessage> answer) {
        var loaded = loaded(source);
        for (var message : answer) {
            loaded.fetched().put(message.uid(), message);
            if (!loaded.metadata().containsKey(message.uid())) {
                var metadata = MessageMetadata.of(message, items);
                search.cache().put(source.epoch(), message.uid(), metadata);
                loaded.metadata().put(message.uid(), metadata);
            }
        }
    }

    /**
     * Reads the headers of the messages of which the server has left out the fields that were asked
     * for. They are optional: if the mailbox is gone, its messages are shown without them.
     */
    private void completeOrigins(MailboxResults source, Loaded loaded) {
        var lacking =
                loaded.fetched().values().stream().filter(it -> lacksItems(loaded, it)).toList();
        if (lacking.isEmpty()) {
            return;
        }
        try (var mailbox = search.select(source.epoch())) {
            var loader = loader(mailbox, source);
            loader.addFetched(lacking);
            for (var message : lacking) {
                var complete = loader.of(message.uid());
                if (complete != null) {
                    loaded.metadata().put(message.uid(), complete);
                }
            }
        } catch (ImapException _) {
            // they are told as degraded
        }
    }

    private boolean lacksItems(Loaded loaded, FetchedMessage message) {
        var known = loaded.metadata().get(message.uid());
        return known != null && !known.knows(items);
    }

    private void addPreviews() {
        var previews = new PagePreviews(search, mailboxes);
        bySource.forEach((source, loaded) -> previews.want(source, loaded.metadata()));
        previews.load();
        bySource.forEach((source, loaded) -> loaded.metadata().putAll(previews.made(source)));
    }
}
