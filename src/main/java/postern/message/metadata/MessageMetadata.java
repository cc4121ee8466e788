package postern.message.metadata;

import java.time.Instant;
import java.time.OffsetDateTime;
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
import postern.message.part.AttachedFile;
import postern.message.part.BodySelection;
import postern.message.part.HeaderField;
import postern.message.part.MessageIds;
import postern.message.part.StructuredParts;
import postern.mime.header.HeaderText;

/**
 * The immutable metadata of a message, decoded: all fields of a message in a list except its flags.
 *
 * @param items the items that were fetched; fields of other items are unknown
 * @param threadId the mail server's id of its thread, if it has one
 * @param emailId the mail server's id of its content, if it has one
 * @param origin what the header tells of how it came about
 * @param degraded whether some of it was reconstructed from the header
 */
public record MessageMetadata(
        Set<FetchItem> items,
        @Nullable Instant receivedAt,
        @Nullable Long size,
        Header header,
        Addresses addresses,
        Parts parts,
        @Nullable String preview,
        @Nullable String threadId,
        @Nullable String emailId,
        MessageOrigin origin,
        boolean degraded) {

    /** Approximate heap use of the records themselves. */
    private static final int OVERHEAD = 370;

    /** What the ENVELOPE says besides addresses. */
    public record Header(
            @Nullable String subject,
            @Nullable OffsetDateTime sentAt,
            @Nullable String internetMessageId,
            List<String> inReplyTo) {

        public static final Header EMPTY = new Header(null, null, null, List.of());

        private static Header of(FetchedMessage message) {
            var envelope = message.envelope() == null ? Envelope.EMPTY : message.envelope();
            return new Header(
                    text(envelope.subject()),
                    MessageMetadata.sentAt(message, envelope),
                    first(MessageIds.parse(envelope.messageId())),
                    MessageIds.parse(envelope.inReplyTo()));
        }

        private int octets() {
            return MessageMetadata.octets(subject)
                    + MessageMetadata.octets(internetMessageId)
                    + texts(inReplyTo);
        }
    }

    /** The addresses that lists show; each field is an item of its own. */
    public record Addresses(List<EmailAddress> from, List<EmailAddress> to, List<EmailAddress> cc) {

        public static final Addresses EMPTY = new Addresses(List.of(), List.of(), List.of());

        private int octets() {
            return MessageMetadata.octets(from)
                    + MessageMetadata.octets(to)
                    + MessageMetadata.octets(cc);
        }
    }

    /**
     * What the BODYSTRUCTURE says.
     *
     * @param text the ids of the parts that make up the text, so that they need not be guessed when
     *     it is read
     * @param html the same for the HTML
     * @param objects the ids of the parts that are interpreted, such as calendars and reports
     * @param files null where the structure leaves their names in doubt
     */
    public record Parts(
            boolean hasAttachment,
            List<String> text,
            List<String> html,
            List<String> objects,
            @Nullable List<AttachedFile> files) {

        public static final Parts EMPTY = new Parts(false, List.of(), List.of(), List.of(), null);

        private static Parts of(@Nullable BodyPart structure, BodySelection body) {
            return new Parts(
                    body.hasAttachment(),
                    partIds(body.text()),
                    partIds(body.html()),
                    StructuredParts.of(structure).partIds(),
                    structure != null && body.files().isEmpty() ? List.of() : null);
        }

        private Parts withFiles(List<AttachedFile> found) {
            return new Parts(hasAttachment, text, html, objects, found);
        }

        private Parts or(Parts others) {
            return files == null && others.files != null ? others : this;
        }

        private int octets() {
            int sum = texts(text) + texts(html) + texts(objects);
            for (var file : files == null ? List.<AttachedFile>of() : files) {
                sum +=
                        200
                                + MessageMetadata.octets(file.name())
                                + MessageMetadata.octets(file.cid());
            }
            return sum;
        }
    }

    /** Of a message of which nothing but the flags was fetched. */
    static final MessageMetadata NONE =
            new MessageMetadata(
                    Set.of(),
                    null,
                    null,
                    Header.EMPTY,
                    Addresses.EMPTY,
                    Parts.EMPTY,
                    null,
                    null,
                    null,
                    MessageOrigin.EMPTY,
                    false);

    public static MessageMetadata of(FetchedMessage message, Set<FetchItem> items) {
        var header = Header.of(message);
        var addresses = AddressFields.of(message);
        var body = body(message);
        return new MessageMetadata(
                known(message, items),
                message.internalDate(),
                message.size(),
                header,
                new Addresses(addresses.from(), addresses.to(), addresses.cc()),
                Parts.of(message.bodyStructure(), body),
                ServerPreview.of(message.preview(), body, header.subject()),
                message.threadId(),
                message.emailId(),
                MessageOrigin.of(message, items),
                message.degraded() || addresses.cut());
    }

    private static Set<FetchItem> known(FetchedMessage message, Set<FetchItem> items) {
        var missing = MessageOrigin.missing(message, items);
        if (missing.isEmpty()) {
            return items;
        }
        var known = new HashSet<>(items);
        known.removeAll(missing);
        return Set.copyOf(known);
    }

    /** From the header if it was read: some servers change the date in the ENVELOPE. */
    private static @Nullable OffsetDateTime sentAt(FetchedMessage message, Envelope envelope) {
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
        var all = new HashSet<>(items);
        all.addAll(others.items);
        return new MessageMetadata(
                Set.copyOf(all),
                receivedAt == null ? others.receivedAt : receivedAt,
                size == null ? others.size : size,
                having(FetchItem.ENVELOPE, others).header,
                new Addresses(
                        having(FetchItem.FROM, others).addresses.from,
                        having(FetchItem.TO, others).addresses.to,
                        having(FetchItem.CC, others).addresses.cc),
                having(FetchItem.BODY_STRUCTURE, others).parts.or(others.parts),
                preview == null ? others.preview : preview,
                threadId == null ? others.threadId : threadId,
                emailId == null ? others.emailId : emailId,
                new MessageOrigin(
                        having(FetchItem.AUTOMATIC, others).origin.automatic(),
                        having(FetchItem.LIST, others).origin.list(),
                        having(FetchItem.RECEIPT, others).origin.receipt()),
                degraded || others.degraded);
    }

    private MessageMetadata having(FetchItem item, MessageMetadata others) {
        return items.contains(item) ? this : others;
    }

    public MessageMetadata withPreview(String made) {
        var all = new HashSet<>(items);
        all.add(FetchItem.PREVIEW);
        return new MessageMetadata(
                Set.copyOf(all),
                receivedAt,
                size,
                header,
                addresses,
                parts,
                made,
                threadId,
                emailId,
                origin,
                degraded);
    }

    /** With the files of this message, whose structure has their right names. */
    public MessageMetadata withFiles(FetchedMessage message) {
        return new MessageMetadata(
                items,
                receivedAt,
                size,
                header,
                addresses,
                parts.withFiles(
                        BodySelection.of(message.bodyStructure()).files().stream()
                                .map(AttachedFile::of)
                                .toList()),
                preview,
                threadId,
                emailId,
                origin,
                degraded);
    }

    /** With what a header that was read afterwards tells. */
    MessageMetadata withOrigin(MessageOrigin read) {
        var all = new HashSet<>(items);
        all.addAll(MessageOrigin.ITEMS);
        return new MessageMetadata(
                Set.copyOf(all),
                receivedAt,
                size,
                header,
                addresses,
                parts,
                preview,
                threadId,
                emailId,
                read,
                degraded);
    }

    public boolean knows(Set<FetchItem> wanted) {
        return items.containsAll(wanted);
    }

    /** Approximate heap use. */
    int octets() {
        return OVERHEAD
                + header.octets()
                + addresses.octets()
                + parts.octets()
                + octets(preview)
                + octets(threadId)
                + octets(emailId)
                + origin.octets();
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
