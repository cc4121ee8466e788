package postern.web.link;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// A part with its encoding taken off, the message as it is, or all files that came with it as one
/// ZIP.
public enum LinkKind {
    PART,
    MESSAGE,
    ATTACHMENTS;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
