package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The field of a message in which a search text occurs.
public enum MatchedField {
    @JsonProperty("subject")
    SUBJECT,
    @JsonProperty("from")
    FROM,
    @JsonProperty("to")
    TO,
    @JsonProperty("cc")
    CC,
    /** Not part of a message in a list. */
    @JsonProperty("bcc")
    BCC,
    /** Another header field that is not part of a message in a list. */
    @JsonProperty("header")
    HEADER,
    @JsonProperty("preview")
    PREVIEW
}
