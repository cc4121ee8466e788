package postern.batch;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How messages are deleted.
enum Deletion {
    /** Moves them to the trash. */
    @JsonProperty("trash")
    TRASH,
    /** Expunges them. */
    @JsonProperty("permanent")
    PERMANENT
}
