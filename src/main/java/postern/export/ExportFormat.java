package postern.export;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// `mbox`: one text, as RFC 4155 has it, with the quoting of mboxrd. `zip`: one `.eml` file a
/// message.
enum ExportFormat {
    MBOX("application/mbox", ".mbox"),
    ZIP("application/zip", ".zip");

    private final String mediaType;
    private final String extension;

    ExportFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    String mediaType() {
        return mediaType;
    }

    String extension() {
        return extension;
    }

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
