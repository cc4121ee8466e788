package postern.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where in a message's line a text occurs. */
public enum MatchedField {
    @JsonProperty("subject")
    SUBJECT,
    @JsonProperty("from")
    FROM,
    @JsonProperty("to")
    TO,
    @JsonProperty("cc")
    CC,
    @JsonProperty("preview")
    PREVIEW
}
