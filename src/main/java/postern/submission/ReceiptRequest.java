package postern.submission;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the receipt for a message says.
///
/// @param disposition What was done with the message; `displayed` when absent.
/// @param automatic Whether nobody was asked: the receipt says so. `false` when absent.
/// @param confirmed Whether the user has seen the addresses in `receiptRequested` and wants them to
///   get the receipt; needed where `confirmationNeeded` is true. `false` when absent.
/// @param returnHeaders Whether the receipt has the header of the message as its sender wrote it:
///   From, To, Subject, Date, the Message-IDs, without what was added on the way. `false` when
///   absent.
/// @param from The user's address that got the message; when absent it is looked for among its
///   recipients, and else is the user name.
@Schema(example = "{\"disposition\": \"displayed\", \"confirmed\": true}")
record ReceiptRequest(
        @Nullable Disposition disposition,
        @Nullable Boolean automatic,
        @Nullable Boolean confirmed,
        @Nullable Boolean returnHeaders,
        @Schema(example = "anne@example.com") @Size(max = 1000) @Nullable String from) {

    /// What became of a message (RFC 8098 §3.2.6.2).
    @Schema(name = "ReceiptDisposition")
    enum Disposition {
        DISPLAYED,
        DELETED,
        DISPATCHED,
        PROCESSED;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    String words() {
        var modes =
                Boolean.TRUE.equals(automatic)
                        ? "automatic-action/MDN-sent-automatically"
                        : "manual-action/MDN-sent-manually";
        return modes + "; " + type();
    }

    String type() {
        return (disposition == null ? Disposition.DISPLAYED : disposition).id();
    }
}
