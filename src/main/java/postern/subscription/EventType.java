package postern.subscription;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What an app can be told of. Those of messages need `mailboxIds`; those of mailboxes are about
/// the whole account, and need it absent.
enum EventType {
    MESSAGE_ADDED,
    MESSAGE_UPDATED,
    MESSAGE_REMOVED,
    MAILBOX_CHANGED,
    MAILBOX_CREATED,
    MAILBOX_RENAMED,
    MAILBOX_REMOVED;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    boolean ofMessages() {
        return this == MESSAGE_ADDED || this == MESSAGE_UPDATED || this == MESSAGE_REMOVED;
    }
}
