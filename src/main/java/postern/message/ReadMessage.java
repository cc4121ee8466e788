package postern.message;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.FetchedMessage;

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
        @Nullable BodyPlan html) {}
