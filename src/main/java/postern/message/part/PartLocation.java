package postern.message.part;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import postern.imap.message.SectionRange;
import postern.mime.encoding.TransferEncoding;

/**
 * Where the octets of a part are, if the mail server does not know it as a part: a range of a
 * section, or a range of the decoded content of that section.
 *
 * @param range of a section that the mail server knows
 * @param inner one for each encoded message that contains the part; most often none
 */
public record PartLocation(SectionRange range, List<Inner> inner) {

    /** A range of octets within encoded content. */
    public record Inner(TransferEncoding encoding, int offset, int octets) {}

    public PartLocation {
        inner = List.copyOf(inner);
    }

    static PartLocation of(SectionRange range) {
        return new PartLocation(range, List.of());
    }

    /** Whether the octets can be fetched from the mail server without decoding. */
    public boolean direct() {
        return inner.isEmpty();
    }

    /** The number of octets to fetch. */
    public long octets() {
        return direct() ? range.octets() : inner.getLast().octets();
    }

    PartLocation part(TransferEncoding encoding, int offset, int octets) {
        if (direct() && encoding == TransferEncoding.IDENTITY) {
            // IMAP has no syntax for a range of no octets.
            var slice =
                    new SectionRange(range.section(), range.offset() + offset, Math.max(1, octets));
            return octets == 0 ? new PartLocation(slice, List.of(NOTHING)) : PartLocation.of(slice);
        }
        var step = new Inner(encoding, offset, octets);
        return new PartLocation(range, Stream.concat(inner.stream(), Stream.of(step)).toList());
    }

    private static final Inner NOTHING = new Inner(TransferEncoding.IDENTITY, 0, 0);

    /** Extracts the part's octets from those of the range. */
    public byte[] in(byte[] octets) {
        var part = octets;
        for (var step : inner) {
            var decoded = decoded(step.encoding(), part);
            int from = Math.min(step.offset(), decoded.length);
            int to = Math.min(step.offset() + step.octets(), decoded.length);
            part = Arrays.copyOfRange(decoded, from, to);
        }
        return part;
    }

    static byte[] decoded(TransferEncoding encoding, byte[] octets) {
        if (encoding == TransferEncoding.IDENTITY) {
            return octets;
        }
        try (var content = encoding.decode(new ByteArrayInputStream(octets))) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("decoding octets that are in memory", e);
        }
    }

    /** Identifies this location among all of the same message. */
    public String identity() {
        return range.section().wire() + "<" + range.offset() + "." + range.octets() + ">" + inner;
    }
}
