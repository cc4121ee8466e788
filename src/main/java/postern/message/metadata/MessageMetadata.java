package postern.message.metadata;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.Envelope;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.message.part.Alternatives;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.MessageIds;
import postern.message.part.StructuredParts;
import postern.mime.header.HeaderText;

/**
 * The immutable metadata of a message, decoded: all fields of a message in a list except its flags.
 *
 * @param items the items that were fetched; fields of other items are unknown
 * @param textParts the ids of the parts that make up the text, so that they need not be guessed
 *     when it is read
 * @param htmlParts the same for the HTML
 * @param objectParts the ids of the parts that are interpreted, such as calendars and reports
 * @param threadId the mail server's id of its thread, if it has one
 * @param degraded whether some of it was reconstructed from the header
 */
public record MessageMetadata(
        Set<FetchItem> items,
        @Nullable Instant receivedAt,
        @Nullable Long size,
        @Nullable String subject,
        List<EmailAddress> from,
        List<EmailAddress> to,
        List<EmailAddress> cc,
        @Nullable Instant sentAt,
        @Nullable String internetMessageId,
        List<String> inReplyTo,
        boolean hasAttachment,
        List<String> textParts,
        List<String> htmlParts,
        List<String> objectParts,
        @Nullable String preview,
        @Nullable String threadId,
        boolean degraded) {

    /** Of a message of which nothing but the flags was fetched. */
    static final MessageMetadata NONE =
            new MessageMetadata(
                    Set.of(), null, null, null, List.of(), List.of(), List.of(), null, null,
                    List.of(), false, List.of(), List.of(), List.of(), null, null, false);

    public static MessageMetadata of(FetchedMessage message, Set<FetchItem> items) {
        var envelope = message.envelope() == null ? Envelope.EMPTY : message.envelope();
        var addresses = AddressFields.of(message);
        var body = body(message);
        var subject = text(envelope.subject());
        return new MessageMetadata(
                items,
                message.internalDate(),
                message.size(),
                subject,
                addresses.from(),
                addresses.to(),
                addresses.cc(),
                sentAt(message, envelope),
                first(MessageIds.parse(envelope.messageId())),
                MessageIds.parse(envelope.inReplyTo()),
                body.hasAttachment(),
                partIds(body.text()),
                partIds(body.html()),
                StructuredParts.of(message.bodyStructure()).partIds(),
                ServerPreview.of(message.preview(), body, subject),
                message.threadId(),
                message.degraded() || addresses.cut());
    }

    /** From the header if it was read: some servers change the date in the ENVELOPE. */
    private static @Nullable Instant sentAt(FetchedMessage message, Envelope envelope) {
        for (var read : message.sections().entrySet()) {
            var range = read.getKey();
            if (!range.section().equals(Section.HEADER) || range.offset() > 0) {
                continue;
            }
            var date = HeaderField.first(HeaderField.split(read.getValue()), "date");
            if (date.isPresent()) {
                return MailDate.parse(RawText.of(HeaderText.decode(date.get()).strip()));
            }
            if (read.getValue().length < range.octets() && read.getValue().length > 0) {
                return null;
            }
        }
        return MailDate.parse(envelope.date());
    }

    /** The mail server's preview, if it is reliable. */
    public static @Nullable String previewOf(FetchedMessage message) {
        var envelope = message.envelope() == null ? Envelope.EMPTY : message.envelope();
        return ServerPreview.of(message.preview(), body(message), text(envelope.subject()));
    }

    /** An empty part is blank, which is known without reading it. */
    private static BodySelection body(FetchedMessage message) {
        return Alternatives.withoutBlank(
                BodySelection.of(message.bodyStructure()), part -> part.size() == 0);
    }

    private static @Nullable String text(@Nullable RawText header) {
        return header == null ? null : HeaderText.decode(header.octets());
    }

    private static @Nullable String first(List<String> ids) {
        return ids.isEmpty() ? null : ids.getFirst();
    }

    private static List<String> partIds(List<BodyPart> parts) {
        return parts.stream().map(BodyPart::partId).toList();
    }

    /**
     * These metadata, with unknown fields filled in from {@code others}, which are of the same
     * message.
     */
    public MessageMetadata with(MessageMetadata others) {
        boolean envelope = items.contains(FetchItem.ENVELOPE);
        boolean structure = items.contains(FetchItem.BODY_STRUCTURE);
        var all = new HashSet<>(items);
        all.addAll(others.items);
        return new MessageMetadata(
                Set.copyOf(all),
                receivedAt == null ? others.receivedAt : receivedAt,
                size == null ? others.size : size,
                envelope ? subject : others.subject,
                items.contains(FetchItem.FROM) ? from : others.from,
                items.contains(FetchItem.TO) ? to : others.to,
                items.contains(FetchItem.CC) ? cc : others.cc,
                envelope ? sentAt : others.sentAt,
                envelope ? internetMessageId : others.internetMessageId,
                envelope ? inReplyTo : others.inReplyTo,
                structure ? hasAttachment : others.hasAttachment,
                structure ? textParts : others.textParts,
                structure ? htmlParts : others.htmlParts,
                structure ? objectParts : others.objectParts,
                preview == null ? others.preview : preview,
                threadId == null ? others.threadId : threadId,
                degraded || others.degraded);
    }

    public MessageMetadata withPreview(String made) {
        var all = new HashSet<>(items);
        all.add(FetchItem.PREVIEW);
        return new MessageMetadata(
                Set.copyOf(all),
                receivedAt,
                size,
                subject,
                from,
                to,
                cc,
                sentAt,
                internetMessageId,
                inReplyTo,
                hasAttachment,
                textParts,
                htmlParts,
                objectParts,
                made,
                threadId,
                degraded);
    }

    public boolean knows(Set<FetchItem> wanted) {
        return items.containsAll(wanted);
    }

    /** Approximate heap use. */
    int octets() {
        return 240
                + octets(subject)
                + octets(preview)
                + octets(threadId)
                + octets(internetMessageId)
                + octets(from)
                + octets(to)
                + octets(cc)
                + texts(inReplyTo)
                + texts(textParts)
                + texts(htmlParts)
                + texts(objectParts);
    }

    private static int octets(@Nullable String text) {
        return text == null ? 0 : 48 + 2 * text.length();
    }

    private static int octets(List<EmailAddress> addresses) {
        int sum = 24;
        for (var address : addresses) {
            sum += 24 + octets(address.name()) + octets(address.email());
        }
        return sum;
    }

    private static int texts(List<String> texts) {
        int sum = 24;
        for (var text : texts) {
            sum += octets(text);
        }
        return sum;
    }
}
