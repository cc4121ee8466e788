package postern.message.part;

import java.util.HashMap;
import postern.imap.ImapException;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;

/**
 * Reads a message that is a part of another one as if it stood alone: what is asked of it is asked
 * of that part, and what comes back is numbered anew.
 *
 * @param part empty for a message that does stand alone
 */
public record AttachedMessage(String part) {

    /** Whether this part is a message that can be read. */
    public static boolean opens(BodyPart part) {
        return AttachmentKind.of(part) == AttachmentKind.MESSAGE;
    }

    /** Whether it is known what is in it. */
    private static boolean open(BodyPart part) {
        return part.message() && !part.children().isEmpty();
    }

    /** What to fetch of the message around it. */
    public FetchItems outside(FetchItems items) {
        return part.isEmpty()
                ? items
                : new FetchItems(
                        items.items(), items.sections().stream().map(this::outside).toList());
    }

    private SectionRange outside(SectionRange range) {
        return new SectionRange(range.section().within(part), range.offset(), range.octets());
    }

    /** Throws MessageNotFound when there is no message, or none that can be looked into. */
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
     * The part that it is, in the structure of the message around it; its body is that part's only
     * child. Throws MessageNotFound when there is none, or none that can be looked into.
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
