package postern.thread;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The mailboxes in which the messages of a thread are searched.
enum ThreadScope {
    MAILBOX,
    ACCOUNT;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
