package postern.subscription;

import java.util.List;

/**
 * What to deliver next.
 *
 * @param delivery without events where there is nothing to tell
 * @param next the progress when that has been delivered
 * @param more whether there may be more to tell at once
 */
record Batch(Delivery delivery, Progress next, boolean more) {

    static Batch of(String subscriptionId, DeliveredEvent event, Progress next) {
        return new Batch(new Delivery(subscriptionId, List.of(event), List.of()), next, false);
    }

    static Batch nothing(String subscriptionId, Progress next, boolean more) {
        return new Batch(new Delivery(subscriptionId, List.of(), List.of()), next, more);
    }

    boolean empty() {
        return delivery.events().isEmpty();
    }
}
