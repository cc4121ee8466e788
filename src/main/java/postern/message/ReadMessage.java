package postern.message;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.message.metadata.MessageMetadata;
import postern.message.part.BodyPlan;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.PreviewText;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;

/**
 * The octets read of one message. They are decoded later, when the connection is given back.
 *
 * @param body without alternatives that turned out to be blank
 * @param text null when not asked for
 * @param html null when not asked for
 */
record ReadMessage(
        FetchedMessage message,
        List<HeaderField.Raw> header,
        BodySelection body,
        StructuredParts objects,
        SectionOctets sections,
        @Nullable BodyPlan text,
        @Nullable BodyPlan html) {

    /**
     * Its metadata, with the preview: the server's or the cached one, else one made of the text
     * that was read.
     *
     * @param items those that were fetched
     * @param before the metadata that were known before
     */
    MessageMetadata metadata(Set<FetchItem> items, @Nullable MessageMetadata before) {
        var metadata = MessageMetadata.of(message, items);
        if (metadata.preview() != null) {
            return metadata;
        }
        var earlier = before == null ? null : before.preview();
        if (before != null && earlier != null && !earlier.isEmpty()) {
            return metadata.with(before);
        }
        // A list may have no preview of a message that the gateway had to parse.
        var made = preview();
        var preview = made == null ? earlier : made;
        return preview == null ? metadata : metadata.withPreview(preview);
    }

    /** A preview made of the text that was read; null when too little was read. */
    @Nullable String preview() {
        for (var part : PreviewText.candidates(body)) {
            var section = Section.part(part.partId());
            var octets = sections.of(section);
            var preview = PreviewText.ofBeginning(part, octets);
            if (!preview.isEmpty()) {
                return preview;
            }
            if (octets.length < PreviewText.MORE_OCTETS && !sections.whole(section)) {
                return null;
            }
        }
        return body.text().isEmpty() ? null : "";
    }
}
