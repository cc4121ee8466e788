package postern.batch;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How messages are deleted. */
enum Deletion {
    /** Into the trash. */
    @JsonProperty("trash")
    TRASH,
    /** For good. */
    @JsonProperty("permanent")
    PERMANENT
}
