package postern.batch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.web.id.MessageId;
import postern.web.idempotency.UnfinishedRequest;

/**
 * A batch with messages whose outcome is unknown, or that may succeed when tried again.
 *
 * @param matched as in {@link BatchResult}
 */
record UnfinishedBatch(MailboxChange change, List<BatchItem> items, @Nullable Long matched)
        implements UnfinishedRequest {

    private static final int OCTETS_EACH = 600;

    @Override
    public int octets() {
        var trace = change.trace();
        return OCTETS_EACH * items.size() + (trace == null ? 0 : trace.octets());
    }

    /** The messages with an unknown outcome, each with its copy if that is known. */
    Map<MessageRef, @Nullable MessageRef> unknown() {
        var unknown = new HashMap<MessageRef, @Nullable MessageRef>();
        for (var item : items) {
            if (item.unknown()) {
                unknown.put(item.id().ref(), ref(item.newId()));
            }
        }
        return unknown;
    }

    /** The messages that were certainly copied, each with its copy if that is known. */
    Map<MessageRef, @Nullable MessageRef> made() {
        var made = new HashMap<MessageRef, @Nullable MessageRef>();
        for (var item : items) {
            if (!item.unknown() && (item.succeeded() || item.newId() != null)) {
                made.put(item.id().ref(), ref(item.newId()));
            }
        }
        return made;
    }

    private static @Nullable MessageRef ref(@Nullable MessageId id) {
        return id == null ? null : id.ref();
    }
}
