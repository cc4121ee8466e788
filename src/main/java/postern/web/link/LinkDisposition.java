package postern.web.link;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whether a browser shows the file in place or saves it. What could act as a page is saved all the
/// same.
public enum LinkDisposition {
    INLINE,
    ATTACHMENT;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
