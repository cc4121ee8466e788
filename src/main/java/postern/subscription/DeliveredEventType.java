package postern.subscription;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What happened. `resync`: more changed than is told, or it is not known what; ask `listChanges`,
/// or `queryAccountChanges` where it has no `mailboxId`. Those of subscriptions are about this one.
enum DeliveredEventType {
    MESSAGE_ADDED,
    MESSAGE_UPDATED,
    MESSAGE_REMOVED,
    MAILBOX_CHANGED,
    MAILBOX_CREATED,
    MAILBOX_RENAMED,
    MAILBOX_REMOVED,
    RESYNC,
    SUBSCRIPTION_VERIFIED,
    SUBSCRIPTION_EXPIRING,
    SUBSCRIPTION_CREDENTIAL_REFUSED,
    SUBSCRIPTION_PAUSED;

    static DeliveredEventType of(EventType type) {
        return valueOf(type.name());
    }

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');
    }
}
