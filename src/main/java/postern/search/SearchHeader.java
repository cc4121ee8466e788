package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.web.contract.Texts;

/// A field of the message's header, and what occurs in it.
///
/// @param value Any text at all when not given.
public record SearchHeader(
        @Schema(pattern = "^[!-9;-~]{1,100}$", example = "List-Id") String name,
        @Schema(minLength = 1, maxLength = 500, pattern = Texts.LINE, example = "news.example.org")
                @Nullable String value) {}
