package postern.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.message.part.BodyPlan;
import postern.message.part.BodySelection;
import postern.message.part.PartNames;
import postern.mime.html.SafeHtml;

/// The message as HTML, sanitised: no scripts, nothing loaded from elsewhere. Its `cid:` references
/// are those of `attachments`, and quotes are in `<details class="postern-quote">`, open where text
/// follows. Pictures that it does not refer to follow the text they stand behind, as far as they
/// have a `cid`. `getMessageHtml` answers a document in which all pictures lead to the parts.
///
/// @param truncated Whether the message goes on; its parts can be downloaded whole.
/// @param blockedRemoteContent How many references to remote content were taken out.
/// @param coloured Whether it brings colours of its own, so that within a dark page it must stand
///   on white.
record HtmlContent(
        String content,
        boolean truncated,
        int blockedRemoteContent,
        boolean coloured,
        @JsonIgnore String written) {

    /** Content-IDs that need no escape in a URL (RFC 2392). */
    private static final Pattern PLAIN_CID = Pattern.compile("[A-Za-z0-9!$&'*+=^_~.@:-]{1,255}");

    static HtmlContent of(ReadMessage read, BodyPlan plan) {
        var html =
                RenderedHtml.of(
                        plan,
                        read.sections(),
                        SafeHtml.RemoteContent.BLOCK,
                        PartLinks.of(read.message().bodyStructure(), null),
                        read.body().pictures(),
                        HtmlContent::cid);
        return new HtmlContent(
                html.body().html(),
                html.truncated(),
                html.body().blockedRemoteContent(),
                html.body().coloured(),
                html.written());
    }

    private static @Nullable String cid(BodySelection.Picture picture) {
        var cid = PartNames.cid(picture.part());
        return cid != null && PLAIN_CID.matcher(cid).matches() ? "cid:" + cid : null;
    }
}
