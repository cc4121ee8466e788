package postern.attachment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;
import postern.cache.MeasuredCache;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItems;
import postern.mime.encoding.TransferEncoding;

/**
 * Determines how long files are without reading them: by a sample of their octets, which shows
 * whether the size that the mail server reports is right and how the lines of base64 are laid out.
 */
@Component
class FileLengths implements MeasuredCache {

    /** Approximate memory of a file besides its texts: key, Caffeine's node, layout. */
    private static final int OVERHEAD = 600;

    private final Cache<StoredFile, Sampled> sampled;

    /**
     * What a sample has shown.
     *
     * @param sizeIsRight of a file that is not encoded
     * @param layout of a file in base64
     */
    private record Sampled(boolean sizeIsRight, Optional<Base64Layout> layout) {

        static final Sampled NOTHING = new Sampled(false, Optional.empty());
    }

    FileLengths(DownloadProperties properties) {
        sampled =
                Caffeine.newBuilder()
                        .maximumWeight(properties.lengthCacheSize().toBytes())
                        .weigher((StoredFile file, Sampled _) -> OVERHEAD + file.octets())
                        .recordStats()
                        .build();
    }

    @Override
    public String cacheName() {
        return "file-lengths";
    }

    @Override
    public Cache<?, ?> cache() {
        return sampled;
    }

    /** The length of the decoded file; empty when only reading all of it would tell. */
    OptionalLong length(SelectedMailbox mailbox, StoredFile file) {
        if (!file.encoded()) {
            return sizeIsRight(mailbox, file)
                    ? OptionalLong.of(file.encodedSize())
                    : OptionalLong.empty();
        }
        var layout = layout(mailbox, file);
        if (layout.isEmpty() && file.location() != null) {
            return OptionalLong.empty();
        }
        return layout.isPresent()
                ? OptionalLong.of(layout.get().decoded())
                : mailbox.decodedSize(file.message().uid(), file.section().partId());
    }

    /** Some servers include the part's header in its size, or count line ends differently. */
    boolean sizeIsRight(SelectedMailbox mailbox, StoredFile file) {
        if (file.location() != null) {
            return true; // computed by the gateway
        }
        if (!file.sized()) {
            return false;
        }
        var known = sampled.getIfPresent(file);
        if (known != null) {
            return known.sizeIsRight();
        }
        var end = file.range(file.encodedSize() - 1, 2);
        var sections = mailbox.fetch(file.message().uid(), FetchItems.of().with(end)).sections();
        boolean right = sections.getOrDefault(end, new byte[0]).length == 1;
        sampled.put(file, new Sampled(right, Optional.empty()));
        return right;
    }

    /** Empty for files that are not base64, are small, or have lines of different lengths. */
    Optional<Base64Layout> layout(SelectedMailbox mailbox, StoredFile file) {
        if (file.encoding() != TransferEncoding.BASE64
                || !file.sized()
                || file.encodedSize() < 2 * Base64Layout.SAMPLE) {
            return Optional.empty();
        }
        var known = sampled.getIfPresent(file);
        if (known != null) {
            return known.layout();
        }
        var layout = sample(mailbox, file);
        sampled.put(file, new Sampled(false, layout));
        return layout;
    }

    private static Optional<Base64Layout> sample(SelectedMailbox mailbox, StoredFile file) {
        var head = file.range(0, Base64Layout.SAMPLE);
        // Asks for one octet after the expected end: if the size is right, it is missing in the
        // answer.
        var tail = file.range(file.encodedSize() - Base64Layout.SAMPLE, Base64Layout.SAMPLE + 1L);
        var sections =
                mailbox.fetch(file.message().uid(), FetchItems.of().with(head).with(tail))
                        .sections();
        var first = sections.getOrDefault(head, new byte[0]);
        var last = sections.getOrDefault(tail, new byte[0]);
        return first.length == Base64Layout.SAMPLE && last.length == Base64Layout.SAMPLE
                ? Base64Layout.of(first, last, file.encodedSize())
                : Optional.empty();
    }

    /** Marks a layout that turned out to be wrong, so that it is not used again. */
    void distrust(StoredFile file) {
        if (file.encoded()) {
            sampled.put(file, Sampled.NOTHING);
        }
    }
}
