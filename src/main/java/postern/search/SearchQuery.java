package postern.search;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;
import postern.imap.message.FetchItem;
import postern.message.metadata.ChosenHeaders;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSort;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;

/**
 * A checked {@link SearchRequest}.
 *
 * @param mailboxIds null for all mailboxes of the account
 * @param fingerprint hash of everything that a cursor depends on
 */
record SearchQuery(
        Criteria criteria,
        @Nullable List<MailboxId> mailboxIds,
        boolean includeTrashAndJunk,
        MessageSort sort,
        int limit,
        @Nullable Cursor cursor,
        Set<MessageField> fields,
        Set<Include> include,
        ChosenHeaders headers,
        int waitSeconds,
        long fingerprint) {

    private static final int MOST = 500;
    private static final int MOST_MAILBOXES = 1_000;
    private static final int LIMIT = 50;
    private static final int MOST_SECONDS = 60;

    static SearchQuery of(SearchRequest request) {
        int limit = request.limit() == null ? LIMIT : request.limit();
        if (limit < 1 || limit > MOST) {
            throw InvalidRequest.at("/limit", "must be from 1 to " + MOST);
        }
        var mailboxes = request.mailboxIds();
        if (mailboxes != null && mailboxes.size() > MOST_MAILBOXES) {
            throw InvalidRequest.at("/mailboxIds", "must be at most " + MOST_MAILBOXES);
        }
        var sort = request.sort() == null ? MessageSort.RECEIVED_AT_DESCENDING : request.sort();
        var include = request.include() == null ? Set.<Include>of() : Set.copyOf(request.include());
        boolean everywhere = Boolean.TRUE.equals(request.includeTrashAndJunk());
        return new SearchQuery(
                Criteria.of(request.filter(), "/filter"),
                mailboxes,
                everywhere,
                sort,
                limit,
                request.cursor(),
                request.fields() == null ? MessageField.ALL : Set.copyOf(request.fields()),
                include,
                ChosenHeaders.ofBody(request.headerFields(), include),
                waitSeconds(request),
                hash(request.filter() + "\n" + mailboxes + "\n" + everywhere + "\n" + sort.id()));
    }

    private static int waitSeconds(SearchRequest request) {
        int seconds = request.waitSeconds() == null ? 0 : request.waitSeconds();
        if (seconds < 0 || seconds > MOST_SECONDS) {
            throw InvalidRequest.at("/waitSeconds", "must be from 0 to " + MOST_SECONDS);
        }
        return request.cursor() == null ? seconds : 0;
    }

    /** Whether a row has more than its metadata. */
    boolean wantsContent() {
        return !include.isEmpty() || !headers.none() || fields.contains(MessageField.ATTACHMENTS);
    }

    /** The metadata items that each message of the page needs, in addition to flags. */
    Set<FetchItem> items() {
        var items = new HashSet<>(MessageField.items(fields));
        items.addAll(sort.items());
        if (MatchedFields.anyTexts(criteria)) {
            items.addAll(MessageField.items(MatchedFields.FIELDS));
        }
        return Set.copyOf(items);
    }

    /** A hash of 48 bits, which is short as a number in a cursor. */
    static long hash(String text) {
        return ByteBuffer.wrap(Sha256.of(text)).getLong() >>> 16;
    }
}
