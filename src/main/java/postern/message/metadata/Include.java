package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Content of a message that is read only on request.
public enum Include {
    TEXT,
    HTML,
    HEADERS;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
