package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.StringJoiner;

/** A message as plain text. */
@Schema(description = "The message as plain text: its text parts, or its HTML put into words.")
record TextContent(
        String content,
        @Schema(description = "Whether the message goes on; its parts can be downloaded whole.")
                boolean truncated) {

    static TextContent of(BodyPlan plan, SectionOctets read) {
        var text = new StringJoiner("\n");
        for (var piece : plan.pieces()) {
            text.add(PartText.of(piece.part(), read.of(piece.section())).asText());
        }
        return new TextContent(text.toString(), plan.truncated(read));
    }
}
