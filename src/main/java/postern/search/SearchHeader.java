package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A field of the message's header, and what occurs in it.
///
/// @param value Any text at all when not given.
public record SearchHeader(
        @Schema(example = "List-Id") String name,
        @Schema(example = "news.example.org") @Nullable String value) {}
