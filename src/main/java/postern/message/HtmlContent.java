package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.mime.InlineParts;
import postern.mime.SafeHtml;

/** A message as HTML that is safe to show. */
@Schema(
        description =
                "The message as HTML, sanitised: no scripts, nothing loaded from elsewhere. Its `cid:`"
                        + " references are those of `attachments`, and"
                        + " quotes are in `<details class=\"postern-quote\">`, open where text follows; `getMessageHtml` answers a document in"
                        + " which they lead to the parts.")
record HtmlContent(
        String content,
        @Schema(description = "Whether the message goes on; its parts can be downloaded whole.")
                boolean truncated,
        @Schema(description = "How many references to remote content were taken out.")
                int blockedRemoteContent,
        @Schema(
                        description =
                                "Whether it brings colours of its own, so that within a dark page it must"
                                        + " stand on white.")
                boolean coloured) {

    static HtmlContent of(BodyPlan plan, SectionOctets read) {
        var html =
                RenderedHtml.of(
                        plan, read, SafeHtml.RemoteContent.BLOCK, InlineParts.asReferredTo());
        return new HtmlContent(
                html.body().html(),
                html.truncated(),
                html.body().blockedRemoteContent(),
                html.body().coloured());
    }
}
