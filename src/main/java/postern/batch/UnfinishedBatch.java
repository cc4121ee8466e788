package postern.batch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.web.id.MessageId;
import postern.web.idempotency.UnfinishedRequest;

/**
 * A batch of which some messages are such that nobody knows what became of them.
 *
 * @param matched as {@link BatchResult} has it
 */
record UnfinishedBatch(MailboxChange change, List<BatchItem> items, @Nullable Long matched)
        implements UnfinishedRequest {

    private static final int OCTETS_EACH = 600;

    @Override
    public int octets() {
        var trace = change.trace();
        return OCTETS_EACH * items.size() + (trace == null ? 0 : trace.octets());
    }

    /** The messages of which it is not known, each with its copy where that much is. */
    Map<MessageRef, @Nullable MessageRef> unknown() {
        var unknown = new HashMap<MessageRef, @Nullable MessageRef>();
        for (var item : items) {
            if (item.unknown()) {
                unknown.put(item.id().ref(), ref(item.newId()));
            }
        }
        return unknown;
    }

    /** Those whose copies were made for certain, likewise. */
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
