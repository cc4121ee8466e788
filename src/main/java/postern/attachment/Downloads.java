package postern.attachment;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItems;

/** Opens files of mailboxes at the least cost for mail server, network and heap. */
@Component
class Downloads {

    /**
     * Files up to this size are read into memory at once, so that the connection is free before the
     * client gets the first octet.
     */
    private static final int HELD_AT_MOST = 512 * 1024;

    private final ImapConnections connections;
    private final FileLengths lengths;
    private final DownloadProperties limits;

    Downloads(ImapConnections connections, FileLengths lengths, DownloadProperties limits) {
        this.connections = connections;
        this.lengths = lengths;
        this.limits = limits;
    }

    /** The same description as for a GET of the whole file. */
    FileContent describe(Account account, StoredFile file) {
        if (held(file)) {
            var held = held(account, file);
            return held != null
                    ? new DescribedContent(OptionalLong.of(held.length))
                    : describe(account, file.withoutSize());
        }
        try (var mailbox =
                connections.select(account, file.message(), Access.READ_ONLY, Lane.BULK)) {
            return new DescribedContent(lengths.length(mailbox, file));
        }
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
        var mailbox = connections.select(account, file.message(), Access.READ_ONLY, Lane.BULK);
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
        var location = file.location();
        return file.encodedSize() <= HELD_AT_MOST || location != null && !location.direct();
    }

    /** The whole file, decoded; null when it is longer than the server reported. */
    private byte @Nullable [] held(Account account, StoredFile file) {
        var location = file.location();
        var range = location != null ? location.range() : file.range(0, HELD_AT_MOST + 1);
        byte[] encoded;
        try (var mailbox =
                connections.select(account, file.message(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            var fetched = mailbox.fetch(file.message().uid(), FetchItems.of().with(range));
            encoded = fetched.sections().get(range);
        }
        if (encoded == null) {
            throw new ImapException.PartNotFound();
        }
        if (location != null) {
            encoded = location.in(encoded);
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
            boolean ranged = range != null && lengths.sizeIsRight(mailbox, file);
            return plain(account, mailbox, file, ranged ? range : null, false, file.encodedSize());
        }
        var layout = lengths.layout(mailbox, file);
        // Decoding here is cheaper than BINARY: with it Dovecot takes five times as long and sends
        // small pieces.
        if (layout.isEmpty() && file.location() == null && mailbox.capabilities().binary()) {
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

    private SectionSource source(
            Account account, StoredFile file, boolean decoded, long offset, long end) {
        var location = file.location();
        if (location == null) {
            return new SectionSource(
                    connections, account, file.message(), file.section(), decoded, offset, end);
        }
        var range = location.range();
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
}
