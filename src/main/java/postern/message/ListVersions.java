package postern.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.cache.MeasuredCache;
import postern.digest.Sha256;
import postern.imap.Capabilities;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.Namespaces;
import postern.imap.SelectedState;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MessageSummary;
import postern.web.id.Cursor;

/** Tells by one EXAMINE whether a page of a list is still as it was sent. */
@Component
final class ListVersions implements MeasuredCache {

    /** Raise it when rows change for another reason than a release. */
    private static final String ROWS = "1";

    /** Upper bound on the ETags of a request that are looked at. */
    private static final int MOST_TAGS = 5;

    private static final Duration NAMESPACES_ARE_GOOD_FOR = Duration.ofHours(1);
    private static final long MOST_OCTETS = 4 << 20;

    /** Approximate memory per account besides the prefixes. */
    private static final int OVERHEAD = 400;

    private final ImapConnections connections;
    private final Cache<AccountKey, Namespaces> namespaces =
            Caffeine.newBuilder()
                    .maximumWeight(MOST_OCTETS)
                    .weigher((AccountKey _, Namespaces of) -> OVERHEAD + of.octets())
                    .expireAfterWrite(NAMESPACES_ARE_GOOD_FOR)
                    .executor(Runnable::run)
                    .recordStats()
                    .build();

    ListVersions(ImapConnections connections) {
        this.connections = connections;
    }

    @Override
    public String cacheName() {
        return "namespaces";
    }

    @Override
    public Cache<?, ?> cache() {
        return namespaces;
    }

    /**
     * What an EXAMINE found.
     *
     * @param unchanged the ETag of the caller that is right; null where none is
     * @param now the mailbox; null where it was not looked at
     */
    record Found(@Nullable String unchanged, @Nullable SelectedState now) {

        static final Found NOTHING = new Found(null, null);
    }

    /**
     * Whether the mailbox alone says if a page has changed. Not with conditions for texts, which
     * mail servers may answer from an index that is late; not in orders that go by what the gateway
     * reads from messages; and not with a state, which may expire although nothing has changed.
     */
    static boolean decides(MessageQuery query) {
        var filter = query.filter();
        return !query.withState()
                && ordered(query.sort())
                && Stream.of(filter.from(), filter.to(), filter.subject(), filter.text())
                        .allMatch(Objects::isNull);
    }

    private static boolean ordered(@Nullable MessageSort sort) {
        return switch (sort) {
            case null -> true;
            case RECEIVED_AT, RECEIVED_AT_DESCENDING, SIZE, SIZE_DESCENDING -> true;
            default -> false;
        };
    }

    /** The version of a page; null where it could be different although the mailbox is the same. */
    static @Nullable ListVersion of(
            long request,
            SelectedState before,
            List<FetchedMessage> page,
            List<MessageSummary> rows,
            MessageQuery query) {
        return decides(query) && rows.stream().allMatch(row -> whole(row, query))
                ? ListVersion.of(request, before, page)
                : null;
    }

    /** Whether the row will not be better the next time. */
    private static boolean whole(MessageSummary row, MessageQuery query) {
        boolean previewed = row.preview() != null && !row.preview().isEmpty();
        return row.keywords() != null
                && row.degraded() == null
                && (previewed || !query.fields().contains(MessageField.PREVIEW));
    }

    /**
     * A hash of all that a page depends on besides the mailbox's messages.
     *
     * @param server what is used of the mail server: rows have some fields only with it, and an
     *     operator may disable it
     */
    static long request(
            Account account,
            MailboxName mailbox,
            @Nullable Cursor cursor,
            MessageQuery query,
            Capabilities server) {
        var release = ListVersions.class.getPackage().getImplementationVersion();
        var fields = new TreeSet<>(query.fields());
        var text =
                String.join(
                        "\n",
                        ROWS,
                        String.valueOf(release),
                        List.of(server.preview(), server.objectId(), server.gmail()).toString(),
                        AccountKey.of(account).sharedName("list"),
                        mailbox.identity(),
                        String.valueOf(query.limit()),
                        fields.toString(),
                        query.headers().toString(),
                        query.filter().toString(),
                        String.valueOf(query.sort()),
                        cursor == null ? "" : cursor.toString());
        return ByteBuffer.wrap(Sha256.of(text)).getLong();
    }

    /** Looks at the mailbox where one of the caller's ETags is of this page. */
    Found among(
            Account account,
            MailboxName mailbox,
            @Nullable Cursor cursor,
            MessageQuery query,
            List<String> tags) {
        if (tags.isEmpty() || !decides(query)) {
            return Found.NOTHING;
        }
        var given =
                tags.stream()
                        .limit(MOST_TAGS)
                        .map(ListVersion::in)
                        .filter(Objects::nonNull)
                        .toList();
        if (given.isEmpty()) {
            return Found.NOTHING;
        }
        long request = request(account, mailbox, cursor, query, capabilities(account));
        var versions = given.stream().filter(it -> it.request() == request).toList();
        if (versions.isEmpty() || !own(account, mailbox)) {
            return Found.NOTHING;
        }
        return switch (connections.visit(account, List.of(examine(mailbox, versions))).getFirst()) {
            case MailboxOutcome.Refused<ExaminedMailbox> _ -> Found.NOTHING; // the list says why
            case MailboxOutcome.Done<ExaminedMailbox>(var _, var examined) ->
                    found(examined, request, tags);
        };
    }

    private Capabilities capabilities(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return connection.capabilities();
        }
    }

    private static ExamineRequest examine(MailboxName mailbox, List<ListVersion> versions) {
        var witnesses = new ArrayList<Long>();
        versions.forEach(version -> version.uids().stream().forEach(witnesses::add));
        var fetch =
                FetchRequest.uids(
                        UidSet.of(witnesses), FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ));
        return ExamineRequest.extra(mailbox, witnesses.isEmpty() ? List.of() : List.of(fetch));
    }

    private static Found found(ExaminedMailbox examined, long request, List<String> tags) {
        var messages = examined.fetched().stream().flatMap(List::stream).toList();
        for (var tag : tags.subList(0, Math.min(MOST_TAGS, tags.size()))) {
            var version = ListVersion.in(tag);
            if (version != null
                    && version.request() == request
                    && version.holds(examined.state(), messages)) {
                return new Found(tag, examined.state());
            }
        }
        return new Found(null, examined.state());
    }

    /**
     * Whether the mailbox is the user's own. Of others' mailboxes some servers keep {@code \Seen}
     * for each user, without a mod-sequence.
     */
    private boolean own(Account account, MailboxName mailbox) {
        if (mailbox.inbox()) {
            return true;
        }
        var key = AccountKey.ofCached(account);
        var known = namespaces.getIfPresent(key);
        if (known == null) {
            try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
                known = connection.namespaces();
            }
            namespaces.put(key, known);
        }
        return known.own(mailbox);
    }
}
