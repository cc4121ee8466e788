package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A condition on any header field. */
@Schema(description = "A field of the message's header, and what occurs in it.")
public record SearchHeader(
        @Schema(example = "List-Id") String name,
        @Schema(description = "Any text at all when not given.", example = "news.example.org")
                @Nullable String value) {}
