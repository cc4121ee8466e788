package postern.message;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageField;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.PreviewLoader;
import postern.message.part.OptionalFetch;
import postern.message.part.PartHeaders;
import postern.web.id.MessageId;

/** Reads many messages of one mailbox, in as few flushes as possible. */
final class MailboxMessages {

    /** Estimated for a message that is read by itself: its text is in doubt, or is attached. */
    private static final long LONGEST_ALONE = 1 << 20;

    private final MetadataCache cache;
    private final MessagesQuery query;
    private final OctetBudget budget;
    private final SelectedMailbox mailbox;
    private final MailboxEpoch epoch;
    private final MessageOutcomes outcomes;

    MailboxMessages(ManyMessages.Request request, MetadataCache cache, SelectedMailbox mailbox) {
        this.cache = cache;
        this.query = request.query();
        this.budget = request.budget();
        this.outcomes = request.outcomes();
        this.mailbox = mailbox;
        this.epoch = MailboxEpoch.of(request.account(), mailbox);
    }

    /** Every id gets an outcome; throws when the mail server fails. */
    void read(List<MessageId> ids) {
        var byUid = new LinkedHashMap<Long, MessageId>();
        var attached = new ArrayList<MessageId>();
        for (var id : ids) {
            var ref = id.message();
            if (ref.uidValidity() != mailbox.state().uidValidity()) {
                outcomes.missing(id, ref.absence(mailbox.accountTag()));
            } else if (id.within()) {
                attached.add(id);
            } else {
                byUid.put(ref.uid(), id);
            }
        }
        if (!byUid.isEmpty()) {
            readRows(byUid);
        }
        attached.forEach(this::readAlone);
    }

    private void readRows(SequencedMap<Long, MessageId> ids) {
        var loader = loader();
        var bodies = new BulkBodies(mailbox, query.include(), budget);
        var fetched = new HashMap<Long, FetchedMessage>();
        for (var message : fetch(UidSet.of(ids.keySet()), loader, bodies)) {
            if (loader.of(message.uid()) != null) {
                fetched.put(message.uid(), message);
            }
        }
        requireAll(ids.keySet(), fetched.keySet());
        var found = new ArrayList<FetchedMessage>();
        ids.forEach((uid, id) -> {
            var message = fetched.get(uid);
            if (message == null) {
                outcomes.missing(id, new ImapException.MessageNotFound());
            } else {
                found.add(message);
            }
        });
        if (!query.include().isEmpty()) {
            bodies.read(PartHeaders.named(mailbox, new OptionalFetch(mailbox), found));
        }
        bodies.beyondBudget().forEach(uid -> outcomes.notFetched(idOf(ids, uid)));
        found.removeIf(message -> bodies.beyondBudget().contains(message.uid()));
        var rows = found.stream().filter(it -> !bodies.alone().contains(it.uid())).toList();
        addRows(ids, rows, loader, bodies);
        bodies.alone().forEach(uid -> readAlone(idOf(ids, uid)));
    }

    /** The rows, with those texts whose parts the cache knows. */
    private List<FetchedMessage> fetch(UidSet uids, MetadataLoader loader, BulkBodies bodies) {
        var early = new HashMap<Long, List<SectionRange>>();
        uids.stream().forEach(uid -> early.put(uid, bodies.early(cache.get(epoch, uid))));
        try {
            return loader.fetch(uids, uid -> early.getOrDefault(uid, List.of()));
        } catch (ImapException e) {
            if (OptionalFetch.refuses(e) && early.values().stream().anyMatch(it -> !it.isEmpty())) {
                return loader.fetch(uids);
            }
            throw e;
        }
    }

    private static MessageId idOf(Map<Long, MessageId> ids, long uid) {
        return Objects.requireNonNull(ids.get(uid));
    }

    private MetadataLoader loader() {
        var alongside = query.headers().items();
        var wanted = new HashSet<>(MessageField.items(query.fields()));
        if (!query.include().isEmpty()) {
            // Remembered too, so that the texts come with the rows the next time.
            wanted.add(FetchItem.BODY_STRUCTURE);
            var structure = FetchItems.of(FetchItem.BODY_STRUCTURE);
            alongside = PartHeaders.asked(structure, mailbox.capabilities()).and(alongside);
        }
        return new MetadataLoader(mailbox, cache, epoch, wanted, alongside);
    }

    /**
     * A message that the server leaves out of its answer must not be taken for one that is gone: an
     * app would forget it.
     */
    private void requireAll(Set<Long> asked, Set<Long> answered) {
        var left = asked.stream().filter(uid -> !answered.contains(uid)).toList();
        if (!left.isEmpty() && !mailbox.search(new SearchTerm.Uids(UidSet.of(left))).isEmpty()) {
            throw new ImapException.ProtocolError(
                    "the mail server leaves messages out of its answer", null, null);
        }
    }

    private void addRows(
            Map<Long, MessageId> ids,
            List<FetchedMessage> messages,
            MetadataLoader loader,
            BulkBodies bodies) {
        for (var message : messages) {
            var read = bodies.of(message.uid());
            var preview = read == null ? null : read.preview();
            if (preview != null) {
                loader.addPreview(message.uid(), preview);
            }
        }
        loader.preview(messages);
        boolean files = query.fields().contains(MessageField.ATTACHMENTS);
        if (files) {
            loader.files(messages);
        }
        var headers = loader.headers(query.headers(), messages);
        for (var message : messages) {
            long uid = message.uid();
            var metadata = Objects.requireNonNull(loader.of(uid));
            outcomes.found(
                    new FoundMessage(
                            idOf(ids, uid),
                            message.flags(),
                            metadata,
                            headers.of(uid),
                            bodies.of(uid),
                            headers.lacks(uid) || files && metadata.parts().files() == null));
        }
    }

    /** Reads a message as {@code getMessage} does. */
    private void readAlone(MessageId id) {
        if (!query.include().isEmpty() && !budget.take(LONGEST_ALONE)) {
            outcomes.notFetched(id);
            return;
        }
        var before = id.within() ? null : cache.get(epoch, id.message().uid());
        var items = PreviewLoader.fetched(MessageReading.lasting(), mailbox.capabilities());
        ReadMessage read;
        try {
            read = new MessageReading(mailbox, id, query.include()).read(before);
        } catch (ImapException e) {
            if (!OptionalFetch.refuses(e) || e instanceof ImapException.ProtocolError) {
                throw e;
            }
            if (e instanceof ImapException.MessageNotFound && !id.within()) {
                requireAll(Set.of(id.message().uid()), Set.of());
            }
            outcomes.missing(id, e);
            correctBudget(0);
            return;
        }
        correctBudget(read.sections().total());
        outcomes.found(
                new FoundMessage(
                        id,
                        id.within() ? Set.of() : read.message().flags(),
                        read.metadata(items, before).withFiles(read.message()),
                        query.headers().none() ? null : query.headers().among(read.header()),
                        query.include().isEmpty() ? null : read,
                        false));
    }

    private void correctBudget(long octets) {
        if (!query.include().isEmpty()) {
            budget.correct(octets - LONGEST_ALONE);
        }
    }
}
