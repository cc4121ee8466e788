package postern.compose;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// An event that the sender wants to get a delivery report of (RFC 3461).
public enum ReportWish {
    SUCCESS,
    FAILURE,
    DELAY;

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
