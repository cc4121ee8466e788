package postern.web;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * An answer {@linkplain TaggedByContent tagged by its content} that knows as well the version of
 * what it was made from. Its ETag has both: who asks with it may be told without making the answer
 * that nothing has changed.
 */
public interface Versioned {

    /** Letters, digits, hyphens and underscores; null where there is no version. */
    @JsonIgnore
    @Nullable String version();
}
