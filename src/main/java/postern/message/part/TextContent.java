package postern.message.part;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import postern.mime.text.QuotedText;

/// The message as plain text: its text parts, or its HTML put into words.
///
/// @param truncated Whether the message goes on; its parts can be downloaded whole.
/// @param quotes What of it is quoted, in its order, so that an app can fold it; what is in doubt
///   is left out.
/// @param signature Where it is signed; absent where it is not, or not plainly.
public record TextContent(
        String content, boolean truncated, List<TextQuote> quotes, @Nullable TextRange signature) {

    /// Characters of the text that are quoted, with the line that introduces them. Offsets count
    /// UTF-16 code units, as JavaScript and Java do; the end is excluded.
    ///
    /// @param depth 1 for the outermost; quotes within a quote follow it and are deeper.
    /// @param trailing Whether the sender wrote nothing behind it: a quote that is answered in
    ///   place is better left open.
    @Schema(name = "TextQuote")
    public record TextQuote(int start, int end, int depth, boolean trailing) {}

    /// Characters of the text in UTF-16 code units; the end is excluded.
    @Schema(name = "TextRange")
    public record TextRange(int start, int end) {}

    public static TextContent of(BodyPlan plan, SectionOctets read) {
        var text = new StringJoiner("\n");
        for (var piece : plan.pieces()) {
            text.add(PartText.of(piece.part(), read.of(piece.section())).asText());
        }
        var content = text.toString();
        var quoted = QuotedText.of(content);
        return new TextContent(
                content,
                plan.truncated(read),
                quoted.quotes().stream()
                        .map(q -> new TextQuote(q.start(), q.end(), q.depth(), q.trailing()))
                        .toList(),
                quoted.signature() == null
                        ? null
                        : new TextRange(quoted.signature().start(), quoted.signature().end()));
    }
}
