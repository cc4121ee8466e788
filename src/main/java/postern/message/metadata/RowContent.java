package postern.message.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.part.HeaderField;
import postern.message.part.HtmlContent;
import postern.message.part.TextContent;

/**
 * What a row shows besides the metadata of its message; null where it was not asked for.
 *
 * @param attachments null as well where the metadata have them
 * @param degraded whether something that was asked for could not be read
 */
public record RowContent(
        @Nullable List<MessageAttachment> attachments,
        @Nullable List<HeaderField> headers,
        @Nullable TextContent text,
        @Nullable HtmlContent html,
        boolean degraded) {

    public static final RowContent NONE = new RowContent(null, null, null, null, false);
}
