package postern.message.part;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
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
public record HtmlContent(
        String content,
        boolean truncated,
        int blockedRemoteContent,
        boolean coloured,
        @JsonIgnore String written) {

    /** Content-IDs that need no escape in a URL (RFC 2392). */
    private static final Pattern PLAIN_CID = Pattern.compile("[A-Za-z0-9!$&'*+=^_~.@:-]{1,255}");

    /**
     * @param structure of the message, whose parts the HTML refers to
     * @param pictures of the message's body
     */
    public static HtmlContent of(
            BodyPlan plan,
            SectionOctets read,
            @Nullable BodyPart structure,
            List<BodySelection.Picture> pictures) {
        var html =
                RenderedHtml.of(
                        plan,
                        read,
                        SafeHtml.RemoteContent.BLOCK,
                        RenderedHtml.inlineParts(structure, null),
                        pictures,
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
