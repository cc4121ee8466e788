package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;

/** A message as HTML that is safe to show. */
@Schema(description = "The message as HTML, sanitised: no scripts, nothing loaded from elsewhere.")
record HtmlContent(
        String content,
        @Schema(description = "Whether the message goes on; its parts can be downloaded whole.")
                boolean truncated,
        @Schema(description = "How many references to remote content were taken out.")
                int blockedRemoteContent) {

    static HtmlContent of(BodyPlan plan, SectionOctets read) {
        var html = new StringBuilder();
        int blocked = 0;
        for (var piece : plan.pieces()) {
            var safe = PartText.of(piece.part(), read.of(piece.section())).asHtml();
            html.append(safe.html());
            blocked += safe.blockedRemoteContent();
        }
        return new HtmlContent(html.toString(), plan.truncated(read), blocked);
    }
}
