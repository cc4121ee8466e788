package postern.message;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.FetchedMessage;
import postern.imap.Section;

/**
 * What was read of one message, not decoded yet: that needs no connection.
 *
 * @param text null when not asked for
 * @param html null when not asked for
 */
record ReadMessage(
        FetchedMessage message,
        List<HeaderField.Raw> header,
        BodySelection body,
        ObjectParts objects,
        SectionOctets sections,
        @Nullable BodyPlan text,
        @Nullable BodyPlan html) {

    /** What a list would show of its text; null where none of it has been read. */
    @Nullable String preview() {
        if (body.text().isEmpty()) {
            return null;
        }
        var part = body.text().getFirst();
        var octets = sections.of(Section.part(part.partId()));
        int some = (int) Math.min(octets.length, Previews.OCTETS);
        return some == 0 ? null : Previews.of(part, Arrays.copyOf(octets, some));
    }
}
