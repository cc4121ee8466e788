package postern.subscription;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.changes.Changes;
import postern.changes.ChangesPage;
import postern.changes.ChangesQuery;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.message.UidSet;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.message.sync.MailboxStates;
import postern.search.Criteria;
import postern.search.MatchingMessages;
import postern.subscription.Progress.Told;
import postern.subscription.SubscriptionStore.Stored;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.SyncState;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds what changed in one mailbox since it was told the last time, a page at a time. */
@Component
class MailboxLook {

    /** The changes in one delivery. */
    static final int PAGE = 100;

    /** More pages than this are left to the app, which is told {@code resync}. */
    private static final int MOST_PAGES = 10;

    private final Changes changes;
    private final MailboxStates states;
    private final ImapConnections connections;
    private final MatchingMessages matching;
    private final SubscriptionProperties properties;
    private final JsonMapper json;

    MailboxLook(
            Changes changes,
            MailboxStates states,
            ImapConnections connections,
            MatchingMessages matching,
            SubscriptionProperties properties,
            JsonMapper json) {
        this.changes = changes;
        this.states = states;
        this.connections = connections;
        this.matching = matching;
        this.properties = properties;
        this.json = json;
    }

    /** Throws ImapException where the mail server as a whole fails. */
    Batch next(Stored stored, Progress progress, MailboxId id, MailboxName name) {
        var told = progress.mailboxes().getOrDefault(id.text(), Told.UNKNOWN);
        try {
            var state = told.state();
            return state == null || told.pages() >= MOST_PAGES
                    ? resync(stored, progress, id, states.now(stored.account(), name))
                    : page(stored, progress, id, name, told, state);
        } catch (ProblemException problem) {
            return afresh(stored, progress, id, told, problem);
        } catch (ImapException.MailboxReset _) {
            return forget(stored, progress, id);
        } catch (ImapException.MailboxNotFound
                | ImapException.PermissionDenied
                | ImapException.OutOfScope _) {
            return gone(stored, progress, id, told);
        }
    }

    private static Batch afresh(
            Stored stored, Progress progress, MailboxId id, Told told, ProblemException problem) {
        if (problem.code() == ProblemCode.STATE_EXPIRED) {
            return forget(stored, progress, id);
        }
        if (problem instanceof InvalidRequest && told.cursor() != null) {
            return Batch.nothing(
                    stored.id(), progress.with(id.text(), Told.at(told.state())), true);
        }
        throw new ImapException.NotPossible("what changed cannot be told", null);
    }

    private static Batch forget(Stored stored, Progress progress, MailboxId id) {
        return Batch.nothing(stored.id(), progress.with(id.text(), Told.UNKNOWN), true);
    }

    /** The app asks by itself; from this state on it is told again. */
    private static Batch resync(Stored stored, Progress progress, MailboxId id, SyncState now) {
        var event =
                DeliveredEvent.ofMailbox(
                        DeliveredEventType.RESYNC, id, null, null, null, key(stored, progress));
        return Batch.of(stored.id(), event, progress.with(id.text(), Told.at(now)));
    }

    private static Batch gone(Stored stored, Progress progress, MailboxId id, Told told) {
        if (told.gone()) {
            return Batch.nothing(stored.id(), progress, false);
        }
        var event =
                DeliveredEvent.ofMailbox(
                        DeliveredEventType.RESYNC, id, null, null, null, key(stored, progress));
        return Batch.of(stored.id(), event, progress.with(id.text(), Told.GONE));
    }

    /** What is told by this delivery has other ids than the same told by any other. */
    static String key(Stored stored, Progress progress) {
        return stored.id() + "\n" + progress.serial() + "\n";
    }

    private Batch page(
            Stored stored,
            Progress progress,
            MailboxId id,
            MailboxName name,
            Told told,
            SyncState since) {
        var content = stored.content();
        var fields = content.fields().isEmpty() ? Set.of(MessageField.ID) : content.fields();
        var page =
                changes.list(
                        stored.account(), id, new ChangesQuery(since, PAGE, told.cursor(), fields));
        boolean last = page.nextCursor() == null;
        var next =
                last
                        ? Told.at(page.state())
                        : new Told(since, page.nextCursor(), told.pages() + 1, false);
        var events =
                new Events(stored, id, key(stored, progress)).of(page, matches(stored, name, page));
        var counts =
                new DeliveredCounts(
                        id,
                        events.count(EventType.MESSAGE_ADDED),
                        events.count(EventType.MESSAGE_UPDATED),
                        events.count(EventType.MESSAGE_REMOVED),
                        last ? page.state() : null);
        return new Batch(
                new Delivery(stored.id(), events.all, List.of(counts)),
                progress.with(id.text(), next),
                !last);
    }

    /** The UIDs of the page that the filter matches; null where there is no filter. */
    private @Nullable UidSet matches(Stored stored, MailboxName name, ChangesPage page) {
        if (stored.content().filter() == null) {
            return null;
        }
        var ids = new ArrayList<MessageId>();
        page.added().forEach(row -> ids.add(row.id()));
        page.updated().forEach(it -> ids.add(it.id()));
        if (ids.isEmpty()) {
            return UidSet.EMPTY;
        }
        var uids = UidSet.of(ids.stream().map(it -> it.message().uid()).toList());
        return matches(
                stored.account(),
                name,
                ids.getFirst().message().uidValidity(),
                uids,
                Criteria.of(stored.content().filter(), "/filter"));
    }

    private UidSet matches(
            Account account, MailboxName name, long uidValidity, UidSet uids, Criteria criteria) {
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.requireUidValidity(uidValidity);
            return matching.of(uids, mailbox, account, criteria);
        }
    }

    /** The events of one page, as far as the subscription asks for them. */
    private final class Events {

        private final Stored stored;
        private final MailboxId mailboxId;
        private final String key;
        private final Set<String> names;
        private final List<DeliveredEvent> all = new ArrayList<>();
        private final Map<EventType, Integer> counts = new EnumMap<>(EventType.class);
        private long octets;

        Events(Stored stored, MailboxId mailboxId, String key) {
            this.stored = stored;
            this.mailboxId = mailboxId;
            this.key = key;
            this.names =
                    stored.content().fields().stream()
                            .map(field -> json.convertValue(field, String.class))
                            .collect(Collectors.toCollection(HashSet::new));
        }

        int count(EventType type) {
            return counts.getOrDefault(type, 0);
        }

        Events of(ChangesPage page, @Nullable UidSet matching) {
            for (var row : page.added()) {
                if (matching == null || matching.contains(row.order())) {
                    add(EventType.MESSAGE_ADDED, row.id(), fields(row), "");
                }
            }
            for (var it : page.updated()) {
                if (matching == null || matching.contains(it.id().message().uid())) {
                    var keywords = json.createObjectNode();
                    keywords.set("keywords", json.valueToTree(it.keywords()));
                    add(
                            EventType.MESSAGE_UPDATED,
                            it.id(),
                            only(keywords, names),
                            keywords.toString());
                }
            }
            for (var id : page.removed()) {
                add(EventType.MESSAGE_REMOVED, id, null, "");
            }
            return this;
        }

        private @Nullable ObjectNode fields(MessageSummary row) {
            return names.isEmpty() ? null : only((ObjectNode) json.valueToTree(row), names);
        }

        private static @Nullable ObjectNode only(ObjectNode message, Collection<String> names) {
            message.retain(names);
            return message.isEmpty() ? null : message;
        }

        private void add(
                EventType type, MessageId id, @Nullable ObjectNode message, String content) {
            if (!stored.content().events().contains(type)) {
                return;
            }
            counts.merge(type, 1, Integer::sum);
            var event =
                    DeliveredEvent.ofMessage(
                            DeliveredEventType.of(type), mailboxId, id, message, key + content);
            if (message != null) {
                octets += message.toString().length();
                if (octets > properties.largestPayload().toBytes()) {
                    event = event.withoutFields();
                }
            }
            all.add(event);
        }
    }
}
