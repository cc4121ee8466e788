package postern.subscription;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/** The body of a delivery. */
record Delivery(String subscriptionId, List<DeliveredEvent> events, List<Counts> mailboxes) {

    private static final int ID_OCTETS = 16;

    /**
     * What a delivery tells of one mailbox.
     *
     * @param state of the mailbox after all that has been told; null where more is to come
     */
    record Counts(
            MailboxId mailboxId, int added, int updated, int removed, @Nullable SyncState state) {}

    /** The {@code webhook-id}: the same where the same events are delivered again. */
    String id() {
        var events = this.events.stream().map(DeliveredEvent::id).collect(Collectors.joining("\n"));
        var text = subscriptionId + "\n" + events;
        return "msg_" + Sha256.base64Url(text.getBytes(StandardCharsets.UTF_8), ID_OCTETS);
    }

    @Override
    public String toString() {
        return "Delivery[events=%d]".formatted(events.size());
    }
}
