package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where in a message a text occurs. */
public enum MatchedField {
    @JsonProperty("subject")
    SUBJECT,
    @JsonProperty("from")
    FROM,
    @JsonProperty("to")
    TO,
    @JsonProperty("cc")
    CC,
    /** Which no line shows. */
    @JsonProperty("bcc")
    BCC,
    /** A field of the header that no line shows. */
    @JsonProperty("header")
    HEADER,
    @JsonProperty("preview")
    PREVIEW
}
