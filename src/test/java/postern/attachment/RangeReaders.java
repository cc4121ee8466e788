package postern.attachment;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.web.Preconditions;
import postern.web.problem.InvalidRequest;

/** Fuzz targets for the parsers of Range and conditional headers. */
public final class RangeReaders {

    private static final long LENGTH = 1_000;

    private RangeReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("Range", RangeReaders::range)
                        .throwing(InvalidRequest.class)
                        .of("bytes=0-499", "bytes=-5", "bytes=9-", ", ", "-", "=", "lines=1-2"),
                FuzzTarget.of("If-None-Match", RangeReaders::conditions)
                        .of("\"a\"", "W/", "*", ", ", "\""));
    }

    private static @Nullable CharSequence range(byte[] octets) {
        var range = ByteRange.parse(new String(octets, ISO_8859_1));
        var slice = range == null ? null : range.of(LENGTH).orElse(null);
        if (slice != null && (slice.offset() < 0 || slice.octets() < 1 || slice.last() >= LENGTH)) {
            throw new AssertionError(slice + " is not within the file");
        }
        return String.valueOf(slice);
    }

    private static @Nullable CharSequence conditions(byte[] octets) {
        var header = new String(octets, ISO_8859_1);
        return ""
                + new Preconditions(null, header).notModified("\"a\"")
                + FileDelivery.permitsRange(header, "\"a\"");
    }
}
