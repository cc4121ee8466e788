package postern.changes;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an app knows of the mailboxes of an account.
///
/// @param states By the id of each mailbox that the app knows, the state of its copy; null where it
///   keeps none. Empty for an app that knows nothing yet.
@Schema(
        example =
                "{\"states\": {\"EUlOQk9YYA6bfA\": \"HRorAQIDBICm-swGtALTAdn4AgKzAtn4ArIC0_gCedEb2A\"}}")
public record AccountChangesRequest(
        @Size(max = 5_000) @Schema(maxProperties = 5_000) Map<String, @Nullable String> states) {}
