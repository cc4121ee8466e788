package postern.session;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What becomes of the subscriptions when the session ends.
enum SubscriptionsAtLogout {
    KEEP,
    END;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
