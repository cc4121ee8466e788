package postern.message;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.Pause;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.mailbox.directory.MailboxResolver;
import postern.message.ListVersions.Found;
import postern.message.metadata.Include;
import postern.message.metadata.ListPosition;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.MessageRows;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.PreviewLoader;
import postern.message.metadata.SortedWalk;
import postern.message.sync.MailboxStates;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.SyncState;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Lists and reads messages. */
@Component
public class Messages {

    /** How often a list is begun anew, and the first of the growing times between. */
    private static final int MOST_TRIES = 6;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MetadataCache cache;
    private final MailboxStates states;
    private final ListVersions versions;

    Messages(
            ImapConnections connections,
            MailboxResolver mailboxes,
            MetadataCache cache,
            MailboxStates states,
            ListVersions versions) {
        this.versions = versions;
        this.states = states;
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.cache = cache;
    }

    /** A page of a mailbox's list, from the newest message or from a cursor on. */
    public MessagePage list(
            Account account, MailboxId mailboxId, @Nullable Cursor cursor, MessageQuery query) {
        return list(account, mailboxes.resolve(account, mailboxId), cursor, query, Found.NOTHING);
    }

    /** A page, or the one of these ETags that is right for it as it would be now. */
    Listed listUnless(
            Account account,
            MailboxId mailboxId,
            @Nullable Cursor cursor,
            MessageQuery query,
            List<String> tags) {
        var name = mailboxes.resolve(account, mailboxId);
        var found = versions.among(account, name, cursor, query, tags);
        return found.unchanged() != null
                ? new Listed(found.unchanged(), null)
                : new Listed(null, list(account, name, cursor, query, found));
    }

    /** Either of both. */
    record Listed(@Nullable String unchanged, @Nullable MessagePage page) {}

    private MessagePage list(
            Account account,
            MailboxName name,
            @Nullable Cursor cursor,
            MessageQuery query,
            Found found) {
        var sort = query.sort();
        var version = new PageVersion(account, name, cursor, query, found);
        if (sort != null) {
            return sorted(account, name, SortCursor.of(cursor, sort), query, version);
        }
        for (int tries = 1; ; tries++) {
            var state = state(account, name, cursor, query);
            var page = page(account, name, ListPosition.of(cursor), query, state, version);
            if (page != null) {
                return page;
            }
            if (cursor != null) {
                throw new ProblemException(
                        ProblemCode.STATE_EXPIRED,
                        "messages changed while they were listed; list the mailbox anew");
            }
            if (tries == MOST_TRIES) {
                throw new ProblemException(
                        ProblemCode.MAILBOX_IN_USE,
                        "messages changed each time that they were listed");
            }
            // another program that changes many messages needs some time
            Pause.of(PAUSE.multipliedBy(tries));
        }
    }

    /** Null where the messages have changed since the state. */
    private @Nullable MessagePage page(
            Account account,
            MailboxName name,
            ListPosition anchor,
            MessageQuery query,
            @Nullable SyncState state,
            PageVersion version) {
        try (var mailbox = open(account, name)) {
            anchor.requireSameNumbering(mailbox);
            var before = version.before(mailbox);
            var epoch = MailboxEpoch.of(account, mailbox);
            var loader = loader(mailbox, epoch, query);
            var read = new MessageListing(mailbox, query, loader).below(anchor);
            var slice = state == null ? read : read.of(states.known(account, state));
            if (state != null && !states.agree(account, state, slice.messages())) {
                return null;
            }
            var rows = rows(slice, epoch, loader, query);
            var next = next(read, epoch);
            return new MessagePage(
                    rows,
                    next == null ? null : next.with(state),
                    state,
                    ListVersions.of(
                            version.request(mailbox), before, slice.messages(), rows, query));
        }
    }

    /** What the version of a page is made of. */
    private record PageVersion(
            Account account,
            MailboxName name,
            @Nullable Cursor cursor,
            MessageQuery query,
            Found found) {

        long request(SelectedMailbox mailbox) {
            return ListVersions.request(account, name, cursor, query, mailbox.capabilities());
        }

        /** The mailbox before the page is read. What was found by EXAMINE is the latest. */
        SelectedState before(SelectedMailbox mailbox) {
            var now = found.now();
            return now == null ? mailbox.state() : now;
        }
    }

    /**
     * The state of the first page: taken before its messages are read, and repeated by the pages
     * after it, so that no change between them is lost. Messages that came after it are no rows.
     */
    private @Nullable SyncState state(
            Account account, MailboxName name, @Nullable Cursor cursor, MessageQuery query) {
        if (!query.withState()) {
            return cursor == null ? null : cursor.state();
        }
        if (cursor == null) {
            return states.now(account, name);
        }
        if (cursor.state() == null) {
            throw InvalidRequest.parameter("withState", "must be given for the first page as well");
        }
        return cursor.state();
    }

    private MessagePage sorted(
            Account account,
            MailboxName name,
            @Nullable SortCursor cursor,
            MessageQuery query,
            PageVersion version) {
        var sort = requireNonNull(query.sort());
        try (var mailbox = open(account, name)) {
            if (cursor != null) {
                mailbox.requireUidValidity(cursor.uidValidity());
            }
            var before = version.before(mailbox);
            var epoch = MailboxEpoch.of(account, mailbox);
            var listing = new SortedListing(mailbox, cache, epoch, query, sort);
            var loader = loader(mailbox, epoch, query);
            var slice = listing.after(cursor == null ? null : cursor.position(sort), loader);
            var rows = rows(slice, epoch, loader, query);
            return new MessagePage(
                    rows,
                    next(slice, epoch, loader, sort),
                    null,
                    ListVersions.of(
                            version.request(mailbox), before, slice.messages(), rows, query));
        }
    }

    private static @Nullable Cursor next(
            ListPage slice, MailboxEpoch epoch, MetadataLoader loader, MessageSort sort) {
        if (!slice.more() || slice.messages().isEmpty()) {
            return null;
        }
        long uid = slice.messages().getLast().uid();
        var last = new SortedWalk.Hit(uid, sort.valueOf(requireNonNull(loader.of(uid))));
        return new SortCursor(epoch.uidValidity(), last).toCursor(sort);
    }

    private static @Nullable Cursor next(ListPage slice, MailboxEpoch epoch) {
        if (!slice.more() || slice.messages().isEmpty()) {
            return null;
        }
        return ListPosition.at(slice.messages().getLast(), epoch.uidValidity()).toCursor();
    }

    MessageDetail read(Account account, MessageId message, Set<Include> include) {
        var known = known(account, message, include);
        return MessageDetail.of(message, known.read(), known.metadata(), include);
    }

    /** The message as an HTML document. */
    MessageHtml html(
            Account account, MessageId message, RemoteContent remote, UnaryOperator<String> urls) {
        var known = known(account, message, Set.of(Include.HTML));
        return MessageHtml.of(known.read(), known.metadata().header().subject(), remote, urls);
    }

    private record Known(ReadMessage read, MessageMetadata metadata) {}

    /** The connection is given back before decoding begins. */
    private Known known(Account account, MessageId message, Set<Include> include) {
        var ref = message.message();
        MailboxEpoch epoch;
        ReadMessage read;
        @Nullable MessageMetadata before;
        Set<FetchItem> items;
        try (var mailbox = open(account, ref.mailbox())) {
            mailbox.require(ref);
            epoch = MailboxEpoch.of(account, mailbox);
            before = message.within() ? null : cache.get(epoch, ref.uid());
            items = PreviewLoader.fetched(MessageReading.lasting(), mailbox.capabilities());
            read = new MessageReading(mailbox, message, include).read(before);
        }
        var metadata = read.metadata(items, before);
        if (!message.within()) {
            cache.put(epoch, ref.uid(), metadata);
        }
        return new Known(read, metadata);
    }

    private MetadataLoader loader(SelectedMailbox mailbox, MailboxEpoch epoch, MessageQuery query) {
        var headers = query.headers().items();
        // In a mailbox without mod-sequences it would be refused (RFC 7162 §3.1.2.2).
        boolean counted = mailbox.state().highestModSeq() != null;
        var alongside =
                counted && ListVersions.decides(query)
                        ? headers.and(FetchItems.of(FetchItem.MOD_SEQ))
                        : headers;
        return new MetadataLoader(mailbox, cache, epoch, query.items(), alongside);
    }

    private static List<MessageSummary> rows(
            ListPage slice, MailboxEpoch epoch, MetadataLoader loader, MessageQuery query) {
        return MessageRows.of(slice.messages(), epoch, loader, query.fields(), query.headers());
    }

    private SelectedMailbox open(Account account, MailboxName name) {
        return connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE);
    }
}
