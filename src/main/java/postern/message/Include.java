package postern.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What of a message is only read when it is asked for. */
enum Include {
    TEXT,
    HTML,
    HEADERS;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
