package postern.thread;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where the messages of a thread are looked for. */
enum ThreadScope {
    MAILBOX,
    ACCOUNT;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
