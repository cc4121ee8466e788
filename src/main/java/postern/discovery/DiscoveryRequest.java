package postern.discovery;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import postern.web.LargestBody;

/// A mail address. Its domain alone is sent to others.
@LargestBody(octets = 4 * 1024)
@Schema(example = "{\"email\": \"anne@example.com\"}")
record DiscoveryRequest(
        @Schema(example = "anne@example.com") @NotEmpty @Size(max = 320) String email) {

    @Override
    public String toString() {
        return "DiscoveryRequest[]";
    }
}
