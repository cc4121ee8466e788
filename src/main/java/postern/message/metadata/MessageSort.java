package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.Set;
import postern.imap.message.FetchItem;
import postern.imap.message.SortKey;

/// What to sort by: with a minus sign the greatest, newest or last comes first. `subject` leaves
/// out `Re:` and the like; `from` and `to` go by the name that people see.
public enum MessageSort {
    RECEIVED_AT("receivedAt", SortKey.ARRIVAL, FetchItem.INTERNAL_DATE),
    RECEIVED_AT_DESCENDING("-receivedAt", SortKey.ARRIVAL, FetchItem.INTERNAL_DATE),
    SENT_AT("sentAt", SortKey.DATE, FetchItem.ENVELOPE, FetchItem.INTERNAL_DATE),
    SENT_AT_DESCENDING("-sentAt", SortKey.DATE, FetchItem.ENVELOPE, FetchItem.INTERNAL_DATE),
    FROM("from", SortKey.DISPLAY_FROM, FetchItem.FROM, FetchItem.ENVELOPE),
    FROM_DESCENDING("-from", SortKey.DISPLAY_FROM, FetchItem.FROM, FetchItem.ENVELOPE),
    TO("to", SortKey.DISPLAY_TO, FetchItem.TO, FetchItem.ENVELOPE),
    TO_DESCENDING("-to", SortKey.DISPLAY_TO, FetchItem.TO, FetchItem.ENVELOPE),
    SUBJECT("subject", SortKey.SUBJECT, FetchItem.ENVELOPE),
    SUBJECT_DESCENDING("-subject", SortKey.SUBJECT, FetchItem.ENVELOPE),
    SIZE("size", SortKey.SIZE, FetchItem.SIZE),
    SIZE_DESCENDING("-size", SortKey.SIZE, FetchItem.SIZE);

    private final String id;
    private final SortKey key;
    private final Set<FetchItem> items;

    MessageSort(String id, SortKey key, FetchItem... items) {
        this.id = id;
        this.key = key;
        this.items = Set.of(items);
    }

    @JsonValue
    public String id() {
        return id;
    }

    public SortKey key() {
        return key;
    }

    public boolean descending() {
        return id.startsWith("-");
    }

    /** The items to fetch for the sort value. */
    public Set<FetchItem> items() {
        return items;
    }

    public SortValue valueOf(MessageMetadata metadata) {
        return SortValue.of(key, metadata);
    }

    /** Compares sort values in this order, ascending or descending. */
    public <T extends Comparable<T>> Comparator<T> comparator() {
        return descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }
}
