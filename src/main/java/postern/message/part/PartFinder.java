package postern.message.part;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.MediaType;

/**
 * Finds parts that are missing from the server's BODYSTRUCTURE: of a multipart whose boundary the
 * server did not find, of a message whose structure it could not parse, and of an attached message
 * that is encoded, or of a type that the server does not parse (message/global, RFC 6532). The
 * gateway then reads and parses the message itself. Most messages do not need this and cost
 * nothing.
 */
public final class PartFinder {

    /** Upper bound on the octets that are read and parsed; parts after that are not found. */
    private static final long MOST_OCTETS = 1 << 20;

    /** Upper bound on nested encoded messages. */
    private static final int DEEPEST = 8;

    private static final byte[] NOTHING = {};

    private final SelectedMailbox mailbox;
    private final List<ParsedMessage> opened = new ArrayList<>();
    private FetchedMessage message;

    /** Upper bound on the octets read of one message for a list. */
    private static final long LISTED_OCTETS = 64 << 10;

    private static final int MOST_LISTED = 32;

    private PartFinder(SelectedMailbox mailbox, FetchedMessage message) {
        this.mailbox = mailbox;
        this.message = message;
    }

    /**
     * Fetches the structure and these items of a message. Throws MessageNotFound.
     *
     * @param path the part that is wanted: attached messages that contain it are parsed
     */
    public static PartFinder fetch(
            SelectedMailbox mailbox, long uid, String path, FetchItem... items) {
        var asked = FetchItems.of(items);
        try {
            var whole =
                    PartHeaders.asked(asked.with(FetchItem.BODY_STRUCTURE), mailbox.capabilities());
            return of(mailbox, mailbox.fetch(uid, whole), path);
        } catch (ImapException.NotPossible _) {
            // Some servers refuse the entire FETCH when they cannot parse the structure.
            return of(mailbox, mailbox.fetch(uid, asked), path);
        }
    }

    /**
     * @param path the part that is wanted: attached messages that contain it are parsed
     */
    public static PartFinder of(SelectedMailbox mailbox, FetchedMessage message, String path) {
        var own = new PartFinder(mailbox, message);
        if (!untold(message) || !own.openWhole()) {
            own.message = PartHeaders.whole(mailbox, message);
        }
        own.forgetWhatIsEncoded();
        for (int level = 0; level < DEEPEST && own.openAlong(path); level++) {}
        return own;
    }

    /** Whether BODYSTRUCTURE lacks parts that the message has. */
    public static boolean untold(FetchedMessage message) {
        var structure = message.bodyStructure();
        return structure == null
                || message.degraded() && structure.children().isEmpty()
                || empty(structure)
                || structure.walk().anyMatch(PartFinder::hollow);
    }

    /**
     * As {@link #untold}, but cheap enough for lists: a degraded message is already marked as such,
     * and a message without a body is read only if its header announces a multipart.
     */
    static boolean untoldInList(FetchedMessage message) {
        var structure = message.bodyStructure();
        return structure != null
                && !message.degraded()
                && (empty(structure) && saysMultipart(message)
                        || structure.walk().anyMatch(PartFinder::hollow));
    }

    private static boolean saysMultipart(FetchedMessage message) {
        var header = message.sections().get(DoubtfulPart.OF_MESSAGE);
        return header != null
                && HeaderField.first(HeaderField.split(header), "content-type")
                        .map(MediaType::meant)
                        .filter(type -> type.startsWith("multipart/"))
                        .isPresent();
    }

    /**
     * Reads the beginning of each of these messages in one FETCH, to find what a list shows. A
     * message that is longer and has shown no file by then is marked degraded.
     */
    static List<FetchedMessage> listed(OptionalFetch extra, List<FetchedMessage> messages) {
        var uids =
                messages.stream()
                        .filter(PartFinder::untoldInList)
                        .map(FetchedMessage::uid)
                        .limit(MOST_LISTED)
                        .toList();
        if (uids.isEmpty()) {
            return messages;
        }
        var range = SectionRange.first(Section.MESSAGE, LISTED_OCTETS);
        var items = new FetchItems(Set.of(), List.of(range));
        var beginnings = new HashMap<Long, byte[]>();
        extra.fetch(
                List.of(FetchRequest.uids(UidSet.of(uids), items)),
                answer ->
                        answer.forEach(told ->
                                beginnings.put(
                                        told.uid(), told.sections().getOrDefault(range, NOTHING))),
                _ -> {});
        return messages.stream()
                .map(message -> listed(message, beginnings.getOrDefault(message.uid(), NOTHING)))
                .toList();
    }

    private static FetchedMessage listed(FetchedMessage message, byte[] beginning) {
        if (beginning.length == 0) {
            return message;
        }
        boolean complete = beginning.length < LISTED_OCTETS;
        var place = PartLocation.of(SectionRange.first(Section.MESSAGE, LISTED_OCTETS));
        var identity = TransferEncoding.IDENTITY;
        var whole = new ParsedMessage("", place, identity, beginning, complete, true);
        if (!better(message.bodyStructure(), whole)) {
            return message;
        }
        var body = BodySelection.of(whole.body());
        var preview = body.text().isEmpty() ? null : preview(whole, body.text().getFirst());
        boolean known = whole.complete() || body.hasAttachment();
        return with(message, whole.body(), preview, known);
    }

    private static @Nullable RawText preview(ParsedMessage whole, BodyPart text) {
        var section = Section.part(text.partId());
        var octets = whole.octets(SectionRange.first(section, PreviewText.MORE_OCTETS));
        return octets == null ? null : RawText.of(PreviewText.ofBeginning(text, octets));
    }

    /**
     * A multipart without parts, or with one empty part (Dovecot). Cyrus reports an empty part
     * alone.
     */
    private static boolean hollow(BodyPart part) {
        return part.multipart() && part.children().stream().allMatch(PartFinder::empty);
    }

    private static boolean empty(BodyPart part) {
        return !part.multipart() && part.children().isEmpty() && part.size() == 0;
    }

    /** Whether the parsed structure is better than the server's. */
    private static boolean better(@Nullable BodyPart told, ParsedMessage whole) {
        return told == null
                || whole.complete()
                || told.children().isEmpty() && whole.body().multipart()
                || told.walk().allMatch(part -> part.multipart() || empty(part));
    }

    /** Whether it is an attached message that the gateway parses because the server does not. */
    static boolean closed(BodyPart part) {
        return AttachmentKind.of(part) == AttachmentKind.MESSAGE
                && (part.children().isEmpty()
                        || TransferEncoding.of(part.encoding()) != TransferEncoding.IDENTITY);
    }

    /** The message with all parts that were found, and the sections as the server sent them. */
    public FetchedMessage message() {
        return message;
    }

    /** Where the part's octets are; null when the mail server knows the part by this id. */
    public @Nullable PartLocation place(String partId) {
        var holder = holder(Section.part(partId));
        return holder == null ? null : holder.place(partId);
    }

    /** Whether the part is cut: it continues after the octets that were read here. */
    public boolean cuts(String partId) {
        var holder = holder(Section.part(partId));
        return holder != null && holder.cuts(partId);
    }

    public boolean holds(SectionRange range) {
        return holder(range.section()) != null;
    }

    byte @Nullable [] octets(SectionRange range) {
        var holder = holder(range.section());
        return holder == null ? null : holder.octets(range);
    }

    private @Nullable ParsedMessage holder(Section section) {
        // Nested messages are opened from the outside in; the innermost one answers.
        return opened.reversed().stream()
                .filter(message -> message.holds(section))
                .findFirst()
                .orElse(null);
    }

    private boolean openWhole() {
        var range = SectionRange.first(Section.MESSAGE, MOST_OCTETS);
        var octets = fetched(range);
        if (octets == null || octets.length == 0) {
            return false;
        }
        boolean complete = octets.length < MOST_OCTETS;
        var whole =
                new ParsedMessage(
                        "",
                        PartLocation.of(range),
                        TransferEncoding.IDENTITY,
                        octets,
                        complete,
                        false);
        if (!better(message.bodyStructure(), whole)) {
            return false;
        }
        opened.add(whole);
        // A preview that the server made of a message that it cannot parse is wrong, if there is
        // any.
        message = with(message, whole.body(), null, whole.complete());
        return true;
    }

    private boolean openAlong(String path) {
        var structure = message.bodyStructure();
        if (path.isEmpty() || structure == null) {
            return false;
        }
        var next = closedAlong(structure, path).filter(part -> !opened(part.partId())).findFirst();
        return next.isPresent() && open(structure, next.get());
    }

    private static Stream<BodyPart> closedAlong(BodyPart structure, String path) {
        return structure.walk().filter(part -> leads(part, path)).filter(PartFinder::closed);
    }

    private static boolean leads(BodyPart part, String path) {
        return !part.partId().isEmpty() && (path + ".").startsWith(part.partId() + ".");
    }

    /** Whether attached messages must be parsed to reach that part. */
    public static boolean opensMore(BodyPart structure, String path) {
        return !path.isEmpty() && closedAlong(structure, path).findAny().isPresent();
    }

    /** Whether attached messages were parsed. */
    public boolean alongPath() {
        return opened.stream().anyMatch(message -> !message.isPart(""));
    }

    /** Whether that part is an attached message that was parsed here. */
    public boolean opened(String partId) {
        return opened.stream().anyMatch(message -> message.isPart(partId));
    }

    private boolean open(BodyPart structure, BodyPart part) {
        var range = SectionRange.first(Section.part(part.partId()), MOST_OCTETS);
        var octets = holds(range) ? octets(range) : fetched(range);
        if (octets == null) {
            return false;
        }
        var place = Optional.ofNullable(place(part.partId())).orElse(PartLocation.of(range));
        var encoding = TransferEncoding.of(part.encoding());
        boolean complete = octets.length < MOST_OCTETS;
        var inner = new ParsedMessage(part.partId(), place, encoding, octets, complete, false);
        opened.add(inner);
        var replaced = replaced(structure, part, inner);
        message = with(message, replaced, message.preview(), inner.complete());
        return true;
    }

    private byte @Nullable [] fetched(SectionRange range) {
        try {
            var items = new FetchItems(Set.of(), List.of(range));
            return mailbox.fetch(message.uid(), items).sections().get(range);
        } catch (ImapException.NotPossible | ImapException.ProtocolError _) {
            return null;
        }
    }

    /** Some servers look for parts in a body that is still encoded. */
    private void forgetWhatIsEncoded() {
        var structure = message.bodyStructure();
        if (structure != null && structure.walk().anyMatch(PartFinder::misread)) {
            message = with(message, pruned(structure), message.preview(), true);
        }
    }

    private static boolean misread(BodyPart part) {
        return closed(part) && !part.children().isEmpty();
    }

    private static BodyPart pruned(BodyPart part) {
        return part.withChildren(
                misread(part)
                        ? List.of()
                        : part.children().stream().map(PartFinder::pruned).toList());
    }

    private static BodyPart replaced(BodyPart node, BodyPart part, ParsedMessage opened) {
        if (node == part) {
            return node.opened(opened.envelope(), opened.body());
        }
        return node.children().isEmpty()
                ? node
                : node.withChildren(
                        node.children().stream()
                                .map(child -> replaced(child, part, opened))
                                .toList());
    }

    private static FetchedMessage with(
            FetchedMessage message,
            BodyPart structure,
            @Nullable RawText preview,
            boolean complete) {
        return new FetchedMessage(
                message.place(),
                message.uid(),
                message.flags(),
                message.modSeq(),
                message.internalDate(),
                message.size(),
                message.envelope(),
                structure,
                preview,
                message.emailId(),
                message.threadId(),
                message.sections(),
                message.degraded() || !complete);
    }

    /**
     * The message with these sections; the sections that the server does not know come from here.
     */
    public FetchedMessage answering(FetchedMessage told, List<SectionRange> asked) {
        var sections = new HashMap<>(told.sections());
        for (var range : asked) {
            if (holds(range)) {
                var octets = octets(range);
                if (octets == null) {
                    sections.remove(range);
                } else {
                    sections.put(range, octets);
                }
            }
        }
        return new FetchedMessage(
                message.place(),
                message.uid(),
                message.flags(),
                message.modSeq(),
                message.internalDate(),
                message.size(),
                message.envelope(),
                message.bodyStructure(),
                message.preview(),
                message.emailId(),
                message.threadId(),
                sections,
                message.degraded());
    }
}
