package postern.discovery;

import io.swagger.v3.oas.annotations.media.Schema;
import org.hibernate.validator.constraints.CodePointLength;
import postern.web.LargestBody;

/// A mail address. Its domain alone is sent to others.
@LargestBody(octets = 4 * 1024)
@Schema(example = "{\"email\": \"anne@example.com\"}")
record DiscoveryRequest(
        @Schema(minLength = 1, maxLength = 320, example = "anne@example.com")
                @CodePointLength(min = 1, max = 320)
                String email) {

    @Override
    public String toString() {
        return "DiscoveryRequest[]";
    }
}
