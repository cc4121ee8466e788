package postern.attachment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.attachment.StructureCache.Structure;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Section;
import postern.message.part.AttachedMessage;
import postern.message.part.BodySelection;
import postern.message.part.PartNames;
import postern.mime.encoding.TransferEncoding;
import postern.web.id.MessageId;
import postern.web.link.LinkKind;
import postern.web.link.LinkedFile;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Finds files in mailboxes and opens them at the least cost for mail server, network and heap. */
@Component
class Downloads {

    /**
     * Files up to this size are read into memory at once, so that the connection is free before the
     * client gets the first octet.
     */
    private static final int HELD_AT_MOST = 512 * 1024;

    private static final FetchItems DATE = FetchItems.of(FetchItem.INTERNAL_DATE);

    private final ImapConnections connections;
    private final StructureCache structures;
    private final DownloadProperties limits;
    private final Cache<StoredFile, Optional<Base64Layout>> layouts =
            Caffeine.newBuilder().maximumSize(10_000).build();
    private final Cache<StoredFile, Boolean> sizes =
            Caffeine.newBuilder().maximumSize(10_000).build();

    Downloads(ImapConnections connections, StructureCache structures, DownloadProperties limits) {
        this.connections = connections;
        this.structures = structures;
        this.limits = limits;
    }

    /**
     * The whole message. No round trip is needed when its structure is cached and its mailbox is
     * selected. Throws MessageNotFound when the id names a part that is not a message.
     */
    StoredFile message(Account account, MessageId id) {
        var message = id.message();
        try (var mailbox = select(account, message, Lane.INTERACTIVE)) {
            var structure = structures.of(account, message, id.part(), mailbox);
            var part = id.within() ? attached(structure.body(), id.part()) : null;
            return new StoredFile(
                    account.server(),
                    account.user(),
                    message,
                    part == null ? Section.MESSAGE : Section.part(part.partId()),
                    part == null ? TransferEncoding.IDENTITY : TransferEncoding.of(part.encoding()),
                    part == null ? structure.size() : part.size(),
                    FileType.of("message/rfc822", null, "message-" + number(id) + ".eml", false),
                    part == null ? null : structure.place(part));
        }
    }

    /** A part of the message. Throws PartNotFound when there is no such part. */
    StoredFile part(Account account, MessageId id, String partId) {
        try (var mailbox = select(account, id.message(), Lane.INTERACTIVE)) {
            var number = id.partIdInMailbox(partId);
            var structure = structures.of(account, id.message(), number, mailbox);
            var part =
                    body(structure.body(), id)
                            .walk()
                            .filter(node -> node.partId().equals(number))
                            .findFirst()
                            .orElseThrow(ImapException.PartNotFound::new);
            return file(account, id.message(), structure, part);
        }
    }

    /**
     * The attachments of the message, and with {@code inline} also those shown within its text.
     * Throws a 404 {@code part-not-found} when there are none.
     */
    AttachmentsZip attachments(Account account, MessageId id, boolean inline) {
        var message = id.message();
        try (var mailbox = select(account, message, Lane.INTERACTIVE)) {
            var structure = structures.of(account, message, id.part(), mailbox);
            var files =
                    BodySelection.of(body(structure.body(), id)).files().stream()
                            .filter(file -> file.attached() || inline && file.inline())
                            .map(file -> file(account, message, structure, file.part()))
                            .toList();
            if (files.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.PART_NOT_FOUND, "the message has no attachments");
            }
            // The files have the date of the outermost message, also those of an attached message.
            var date = mailbox.fetch(message.uid(), DATE).internalDate();
            var name = "attachments-" + number(id) + ".zip";
            return new AttachmentsZip(account, name, files, date);
        }
    }

    private static String number(MessageId id) {
        var uid = Long.toString(id.message().uid());
        return id.within() ? uid + "-" + id.part() : uid;
    }

    /** The file that a link refers to. */
    StoredFile file(Account account, LinkedFile link) {
        var file =
                switch (link.kind()) {
                    case PART -> part(account, link.message(), link.partId());
                    case MESSAGE -> message(account, link.message());
                    case ATTACHMENTS -> throw new IllegalArgumentException("is no single file");
                };
        return link.disposition() == null
                ? file
                : file.withType(file.type().as(link.disposition()));
    }

    /** Throws MessageNotFound or PartNotFound unless all of these files of one message exist. */
    void require(Account account, List<LinkedFile> files) {
        var id = files.getFirst().message();
        try (var mailbox = select(account, id.message(), Lane.INTERACTIVE)) {
            var structure = structures.of(account, id.message(), id.part(), mailbox).body();
            if (id.within() && files.stream().allMatch(it -> it.kind() == LinkKind.MESSAGE)) {
                attached(structure, id.part());
                return; // it can be downloaded even if the server does not parse it
            }
            var body = body(structure, id);
            for (var file : files) {
                boolean there =
                        switch (file.kind()) {
                            case PART -> has(account, id, file.partId(), mailbox);
                            case MESSAGE -> true;
                            case ATTACHMENTS ->
                                    BodySelection.of(body).files().stream()
                                            .anyMatch(part -> part.attached() || part.inline());
                        };
                if (!there) {
                    throw new ImapException.PartNotFound();
                }
            }
        }
    }

    private boolean has(Account account, MessageId id, String partId, SelectedMailbox mailbox) {
        var number = id.partIdInMailbox(partId);
        var structure = structures.of(account, id.message(), number, mailbox);
        return body(structure.body(), id).walk().anyMatch(part -> part.partId().equals(number));
    }

    /** The structure of the message, with the part ids of the outer message. */
    private static BodyPart body(BodyPart structure, MessageId id) {
        return id.within()
                ? new AttachedMessage(id.part()).in(structure).children().getFirst()
                : structure;
    }

    private static BodyPart attached(BodyPart structure, String partId) {
        return structure
                .walk()
                .filter(node -> node.partId().equals(partId) && node.message())
                .findFirst()
                .orElseThrow(ImapException.MessageNotFound::new);
    }

    private static StoredFile file(
            Account account, MessageRef message, Structure structure, BodyPart part) {
        // A multipart has no encoding, whatever its header says (RFC 2045 §6.4). A message must not
        // have one either, but some do, and are useless unless decoded.
        boolean leaf = !part.multipart();
        // BODYSTRUCTURE has no size for a multipart.
        var place = structure.place(part);
        long size = part.multipart() ? StoredFile.UNKNOWN : part.size();
        return new StoredFile(
                account.server(),
                account.user(),
                message,
                Section.part(part.partId()),
                leaf ? TransferEncoding.of(part.encoding()) : TransferEncoding.IDENTITY,
                place == null ? size : place.octets(),
                FileType.of(
                        part.mediaType(),
                        PartNames.parameters(part).get("charset"),
                        PartNames.fileName(part),
                        "inline".equals(part.disposition())),
                place);
    }

    /** The same description as for a GET of the whole file. */
    FileContent describe(Account account, StoredFile file) {
        if (held(file)) {
            var held = held(account, file);
            return held != null
                    ? new DescribedContent(OptionalLong.of(held.length))
                    : describe(account, file.withoutSize());
        }
        try (var mailbox = select(account, file.message(), Lane.BULK)) {
            return new DescribedContent(length(mailbox, file));
        }
    }

    private OptionalLong length(SelectedMailbox mailbox, StoredFile file) {
        if (!file.encoded()) {
            return sizeIsRight(mailbox, file)
                    ? OptionalLong.of(file.encodedSize())
                    : OptionalLong.empty();
        }
        var layout = layout(mailbox, file);
        if (layout.isEmpty() && file.place() != null) {
            return OptionalLong.empty();
        }
        return layout.isPresent()
                ? OptionalLong.of(layout.get().decoded())
                : mailbox.decodedSize(file.message().uid(), file.section().partId());
    }

    /**
     * Opens the file or a range of it. Throws {@link NoSuchRange} when the range begins after its
     * end.
     */
    FileContent open(Account account, StoredFile file, @Nullable ByteRange range) {
        if (held(file)) {
            var octets = held(account, file);
            return octets != null
                    ? new HeldContent(octets, range == null ? null : slice(range, octets.length))
                    : open(account, file.withoutSize(), range);
        }
        var mailbox = select(account, file.message(), Lane.BULK);
        FileContent opened = null;
        try {
            opened = stream(account, mailbox, file, range);
            return opened;
        } finally {
            if (opened == null) {
                mailbox.close();
            }
        }
    }

    /**
     * A part of an encoded message must be read as a whole, because ranges of it cannot be fetched.
     */
    private static boolean held(StoredFile file) {
        var place = file.place();
        return file.encodedSize() <= HELD_AT_MOST || place != null && !place.direct();
    }

    /** The whole file, decoded; null when it is longer than the server reported. */
    private byte @Nullable [] held(Account account, StoredFile file) {
        var place = file.place();
        var range = place != null ? place.range() : file.range(0, HELD_AT_MOST + 1);
        byte[] encoded;
        try (var mailbox = select(account, file.message(), Lane.INTERACTIVE)) {
            var fetched = mailbox.fetch(file.message().uid(), FetchItems.of().with(range));
            encoded = fetched.sections().get(range);
        }
        if (encoded == null) {
            throw new ImapException.PartNotFound();
        }
        if (place != null) {
            encoded = place.in(encoded);
        } else if (encoded.length > HELD_AT_MOST) {
            return null;
        }
        if (!file.encoded()) {
            return encoded;
        }
        try (var decoded = file.encoding().decode(new ByteArrayInputStream(encoded))) {
            return decoded.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never happens in memory
        }
    }

    private FileContent stream(
            Account account, SelectedMailbox mailbox, StoredFile file, @Nullable ByteRange range) {
        if (!file.encoded()) {
            boolean ranged = range != null && sizeIsRight(mailbox, file);
            return plain(account, mailbox, file, ranged ? range : null, false, file.encodedSize());
        }
        var layout = layout(mailbox, file);
        // Decoding here is cheaper than BINARY: with it Dovecot takes five times as long and sends
        // small pieces.
        if (layout.isEmpty() && file.place() == null && mailbox.capabilities().binary()) {
            try {
                var content = decodedByServer(account, mailbox, file, range);
                if (content != null) {
                    return content;
                }
            } catch (ImapException.UnknownEncoding | ImapException.NotPossible _) {
                // decoded here instead
            }
        }
        return decodedHere(account, mailbox, file, layout, range);
    }

    private @Nullable FileContent decodedByServer(
            Account account, SelectedMailbox mailbox, StoredFile file, @Nullable ByteRange range) {
        if (range == null) {
            return plain(account, mailbox, file, null, true, StoredFile.UNKNOWN);
        }
        var size = mailbox.decodedSize(file.message().uid(), file.section().partId());
        return size.isEmpty() ? null : plain(account, mailbox, file, range, true, size.getAsLong());
    }

    /** Octets that need no decoding here, so that any range can be fetched as it is. */
    private FileContent plain(
            Account account,
            SelectedMailbox mailbox,
            StoredFile file,
            @Nullable ByteRange range,
            boolean decoded,
            long size) {
        if (range == null || size == StoredFile.UNKNOWN) {
            var source = source(account, file, decoded, 0, Long.MAX_VALUE);
            // The length of the literal is used: some servers count line ends differently in
            // RFC822.SIZE.
            long length = source.open(mailbox);
            return new StreamedContent(
                    source, source, OptionalLong.of(length), null, 0, new ClientPace(limits));
        }
        var slice = slice(range, size);
        var source =
                source(account, file, decoded, slice.offset(), slice.offset() + slice.octets());
        long length = source.open(mailbox);
        if (length < slice.octets()) {
            source.close();
            throw SectionSource.notAsAnnounced();
        }
        return new StreamedContent(
                source, source, OptionalLong.of(size), slice, 0, new ClientPace(limits));
    }

    private FileContent decodedHere(
            Account account,
            SelectedMailbox mailbox,
            StoredFile file,
            Optional<Base64Layout> layout,
            @Nullable ByteRange range) {
        if (layout.isEmpty() || range == null) {
            // When the length is not known in advance, a range request gets the whole file (RFC
            // 9110 §14.2).
            var source = source(account, file, false, 0, Long.MAX_VALUE);
            source.open(mailbox);
            var length = layout.map(l -> OptionalLong.of(l.decoded())).orElse(OptionalLong.empty());
            return new StreamedContent(
                    source, decode(file, source), length, null, 0, new ClientPace(limits));
        }
        var lines = layout.get();
        var slice = slice(range, lines.decoded());
        var source =
                source(
                        account,
                        file,
                        false,
                        lines.encodedOffset(slice.offset()),
                        lines.encodedOffset(slice.last()) + 4);
        source.open(mailbox);
        return new StreamedContent(
                source,
                decode(file, source),
                OptionalLong.of(lines.decoded()),
                slice,
                lines.skip(slice.offset()),
                new ClientPace(limits));
    }

    /** Some servers include the part's header in its size, or count line ends differently. */
    private boolean sizeIsRight(SelectedMailbox mailbox, StoredFile file) {
        if (file.place() != null) {
            return true; // computed by the gateway
        }
        if (!file.sized()) {
            return false;
        }
        var known = sizes.getIfPresent(file);
        if (known != null) {
            return known;
        }
        var end = file.range(file.encodedSize() - 1, 2);
        var sections = mailbox.fetch(file.message().uid(), FetchItems.of().with(end)).sections();
        boolean right = sections.getOrDefault(end, new byte[0]).length == 1;
        sizes.put(file, right);
        return right;
    }

    private Optional<Base64Layout> layout(SelectedMailbox mailbox, StoredFile file) {
        if (file.encoding() != TransferEncoding.BASE64
                || !file.sized()
                || file.encodedSize() < 2 * Base64Layout.SAMPLE) {
            return Optional.empty();
        }
        var known = layouts.getIfPresent(file);
        if (known != null) {
            return known;
        }
        var head = file.range(0, Base64Layout.SAMPLE);
        // Asks for one octet after the expected end: if the size is right, it is missing in the
        // answer.
        var tail = file.range(file.encodedSize() - Base64Layout.SAMPLE, Base64Layout.SAMPLE + 1L);
        var sections =
                mailbox.fetch(file.message().uid(), FetchItems.of().with(head).with(tail))
                        .sections();
        var first = sections.getOrDefault(head, new byte[0]);
        var last = sections.getOrDefault(tail, new byte[0]);
        var layout =
                first.length == Base64Layout.SAMPLE && last.length == Base64Layout.SAMPLE
                        ? Base64Layout.of(first, last, file.encodedSize())
                        : Optional.<Base64Layout>empty();
        layouts.put(file, layout);
        return layout;
    }

    /** Marks a layout that turned out to be wrong, so that it is not used again. */
    void distrust(StoredFile file) {
        layouts.put(file, Optional.empty());
    }

    private SectionSource source(
            Account account, StoredFile file, boolean decoded, long offset, long end) {
        var place = file.place();
        if (place == null) {
            return new SectionSource(
                    connections, account, file.message(), file.section(), decoded, offset, end);
        }
        var range = place.range();
        return new SectionSource(
                connections,
                account,
                file.message(),
                range.section(),
                false,
                range.offset() + offset,
                range.offset() + Math.min(end, range.octets()));
    }

    private static InputStream decode(StoredFile file, InputStream encoded) {
        return file.encoding().decode(encoded);
    }

    private static ByteRange.Slice slice(ByteRange range, long length) {
        return range.of(length).orElseThrow(() -> new NoSuchRange(length));
    }

    private SelectedMailbox select(Account account, MessageRef message, Lane lane) {
        var mailbox = connections.select(account, message.mailbox(), Access.READ_ONLY, lane);
        try {
            mailbox.require(message);
            return mailbox;
        } catch (RuntimeException e) {
            mailbox.close();
            throw e;
        }
    }
}
