package postern.changes;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageField;
import postern.web.LargestBody;
import postern.web.id.Cursor;
import postern.web.id.SyncState;

/// Which changes to tell.
///
/// @param since The `state` of the list, or of the changes before.
/// @param limit How many changes a page has; 500 when absent.
/// @param fields The fields of `added`; when absent, all but `attachments`, `automatic`, `list` and
///   `receiptRequested`.
/// @param waitSeconds How long to wait for a change when there is none, in seconds.
@Schema(
        example =
                "{\"since\": \"HRorAQIDBICm-swGtALTAdn4AgKzAtn4ArIC0_gCedEb2A\","
                        + " \"limit\": 100, \"fields\": [\"subject\", \"from\"]}")
@LargestBody(octets = 16 * 1024)
public record ChangesRequest(
        SyncState since,
        @Schema(minimum = "1", maximum = "1000") @Nullable Integer limit,
        @Nullable Cursor cursor,
        @Nullable List<MessageField> fields,
        @Schema(minimum = "0", maximum = "60") @Nullable Integer waitSeconds) {}
