package postern.mailbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** The namespace of a mailbox (RFC 2342). */
@Schema(description = "Whose a mailbox is: the user's own, another user's, or everybody's.")
enum NamespaceKind {
    @JsonProperty("personal")
    PERSONAL,
    @JsonProperty("otherUsers")
    OTHER_USERS,
    @JsonProperty("shared")
    SHARED
}
