package postern.message;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What of a message is only read when it is asked for. */
enum Include {
    TEXT,
    HTML,
    HEADERS;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Include> ofId(String id) {
        return Arrays.stream(values()).filter(i -> i.id().equals(id)).findFirst();
    }
}
