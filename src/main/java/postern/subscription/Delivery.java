package postern.subscription;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import postern.digest.Sha256;

/// What an app is told by one request.
///
/// @param events In the order in which they are to be applied.
/// @param mailboxes The mailboxes whose messages the events are about.
record Delivery(
        String subscriptionId, List<DeliveredEvent> events, List<DeliveredCounts> mailboxes) {

    private static final int ID_OCTETS = 16;

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
