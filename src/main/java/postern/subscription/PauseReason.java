package postern.subscription;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Why nothing is delivered: `failing`, deliveries have failed for too long; `gone`, the URL
/// answers 410; `credential-refused`, the mail server does not accept the credential any more;
/// `session-ended`, the narrowed token that subscribed has ended.
enum PauseReason {
    FAILING,
    GONE,
    CREDENTIAL_REFUSED,
    SESSION_ENDED;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
