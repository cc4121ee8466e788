package postern.message;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItem;
import postern.message.metadata.ChosenHeaders;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSort;
import postern.web.problem.InvalidRequest;

/** The parameters of a list request. */
public record MessageQuery(
        int limit,
        Set<MessageField> fields,
        ChosenHeaders headers,
        MessageFilter filter,
        @Nullable MessageSort sort,
        boolean withState) {

    static final int MOST = 1_000;

    /** Of rows that have only what always comes. */
    static final int MOST_SHORT = 10_000;

    /** What each row has, whatever was asked for. */
    private static final Set<MessageField> ALWAYS =
            EnumSet.of(
                    MessageField.ID,
                    MessageField.MAILBOX_ID,
                    MessageField.KEYWORDS,
                    MessageField.RECEIVED_AT);

    public MessageQuery {
        boolean isShort =
                ALWAYS.containsAll(fields)
                        && headers.none()
                        && sort == null
                        && filter.terms().isEmpty();
        if (limit < 1 || limit > (isShort ? MOST_SHORT : MOST)) {
            throw InvalidRequest.parameter(
                    "limit",
                    "must be from 1 to %d, or with `fields=id` alone to %d"
                            .formatted(MOST, MOST_SHORT));
        }
        if (withState && (sort != null || !filter.terms().isEmpty())) {
            throw InvalidRequest.parameter(
                    "withState", "is for whole mailboxes, without conditions and sort");
        }
    }

    public MessageQuery(
            int limit,
            Set<MessageField> fields,
            MessageFilter filter,
            @Nullable MessageSort sort,
            boolean withState) {
        this(limit, fields, ChosenHeaders.NONE, filter, sort, withState);
    }

    /** The metadata that each message needs, in addition to its flags. */
    Set<FetchItem> items() {
        var items = new HashSet<>(MessageField.items(fields));
        if (filter.exact()) {
            items.add(FetchItem.INTERNAL_DATE);
        }
        if (sort != null) {
            items.addAll(sort.items());
        }
        return Set.copyOf(items);
    }
}
