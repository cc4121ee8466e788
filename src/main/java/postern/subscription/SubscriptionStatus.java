package postern.subscription;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whether changes are delivered.
enum SubscriptionStatus {
    ACTIVE,
    PAUSED;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
