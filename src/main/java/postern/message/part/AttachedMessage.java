package postern.message.part;

import java.util.HashMap;
import postern.imap.ImapException;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;

/**
 * Reads an attached message as if it were a message of its own: requests are rewritten to the part,
 * and the part ids of the answer are made relative to it.
 *
 * @param part empty for a message that is not attached
 */
public record AttachedMessage(String part) {

    /** Whether this part is a message that can be read. */
    public static boolean opens(BodyPart part) {
        return AttachmentKind.of(part) == AttachmentKind.MESSAGE;
    }

    /** Whether its structure is known. */
    private static boolean open(BodyPart part) {
        return part.message() && !part.children().isEmpty();
    }

    /** The items to fetch of the outer message. */
    public FetchItems outside(FetchItems items) {
        return part.isEmpty()
                ? items
                : new FetchItems(
                        items.items(), items.sections().stream().map(this::outside).toList());
    }

    private SectionRange outside(SectionRange range) {
        return new SectionRange(range.section().within(part), range.offset(), range.octets());
    }

    /**
     * Throws MessageNotFound when the part does not exist, or is not a message that can be read.
     */
    public FetchedMessage inside(FetchedMessage outside, FetchItems asked) {
        if (part.isEmpty()) {
            return outside;
        }
        var sections = new HashMap<SectionRange, byte[]>();
        for (var range : asked.sections()) {
            var octets = outside.sections().get(outside(range));
            if (octets != null) {
                sections.put(range, octets);
            }
        }
        var structure = outside.bodyStructure();
        var message = structure == null ? null : in(structure);
        return new FetchedMessage(
                outside.place(),
                outside.uid(),
                outside.flags(),
                outside.modSeq(),
                null,
                message == null ? null : message.size(),
                message == null ? null : message.envelope(),
                message == null ? null : message.children().getFirst().alone(part),
                null,
                null,
                null,
                sections,
                outside.degraded());
    }

    /**
     * Finds this part in the structure of the outer message; the body of the attached message is
     * its only child. Throws MessageNotFound when it does not exist or cannot be read.
     */
    public BodyPart in(BodyPart structure) {
        return structure
                .walk()
                .filter(node -> node.partId().equals(part) && open(node))
                .findFirst()
                .orElseThrow(ImapException.MessageNotFound::new);
    }

    public static FetchedMessage withoutParts(FetchedMessage message) {
        return new FetchedMessage(
                message.place(),
                message.uid(),
                message.flags(),
                message.modSeq(),
                message.internalDate(),
                message.size(),
                message.envelope(),
                null,
                message.preview(),
                message.emailId(),
                message.threadId(),
                message.sections(),
                true);
    }
}
