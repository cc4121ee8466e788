package postern.message;

import org.jspecify.annotations.Nullable;
import postern.imap.BodyPart;
import postern.mime.HeaderText;
import postern.mime.InlineParts;

/** URLs of a message's parts, for its HTML to refer to. */
final class PartLinks {

    /** A message of more parts is an attack or an accident. */
    private static final int MOST = 1_000;

    private PartLinks() {}

    /**
     * Relative to the message's own HTML, so that they hold behind any prefix that a proxy puts in
     * front of the gateway's paths.
     */
    static InlineParts relative(@Nullable BodyPart structure) {
        var parts = new InlineParts();
        if (structure != null) {
            structure
                    .walkBody()
                    .filter(part -> !part.multipart())
                    .limit(MOST)
                    .forEach(part ->
                            parts.add(
                                    PartNames.cid(part),
                                    part.location() == null
                                            ? null
                                            : HeaderText.decode(part.location().octets()),
                                    "parts/" + part.partId()));
        }
        return parts;
    }
}
