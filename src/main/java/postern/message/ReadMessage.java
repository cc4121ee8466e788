package postern.message;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.message.part.BodyPlan;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.PreviewText;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;

/**
 * What was read of one message, not decoded yet: that needs no connection.
 *
 * @param body without the alternatives that turned out to be blank
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

    /** What a list would show of its text; null where too little of it has been read. */
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
