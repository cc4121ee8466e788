package postern.mailbox;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Whose a mailbox is: the user's own, another user's, or everybody's.
enum NamespaceKind {
    @JsonProperty("personal")
    PERSONAL,
    @JsonProperty("otherUsers")
    OTHER_USERS,
    @JsonProperty("shared")
    SHARED
}
