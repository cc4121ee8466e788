package postern.attachment;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.web.InvalidRequest;

/**
 * What a Range header asks for (RFC 9110 §14.1.2): octets from the first to the last one, or so
 * many at the end.
 *
 * @param first of the octets, or -1 where only the last ones are wanted
 * @param last of the octets, or how many at the end; Long.MAX_VALUE for all that follow
 */
record ByteRange(long first, long last) {

    private static final Pattern ONE =
            Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");
    private static final Pattern SEVERAL =
            Pattern.compile(
                    "bytes\\s*=\\s*(?:\\d*\\s*-\\s*\\d*\\s*,\\s*)+(?:\\d*\\s*-\\s*\\d*)\\s*");
    private static final Pattern OTHER_UNIT = Pattern.compile("(?!bytes)[a-zA-Z][\\w-]*\\s*=.*");

    /** A range that lies within a file: the first octet and how many. */
    record Slice(long offset, long octets) {

        long last() {
            return offset + octets - 1;
        }
    }

    /**
     * Null where the whole file is to be sent: without a header, for other units, and for several
     * ranges at once, which a server may answer that way (RFC 9110 §14.2). Throws InvalidRequest
     * for what is none of these.
     */
    static @Nullable ByteRange parse(@Nullable String header) {
        if (header == null || OTHER_UNIT.matcher(header.strip()).matches()) {
            return null;
        }
        var one = ONE.matcher(header.strip());
        if (!one.matches()) {
            if (SEVERAL.matcher(header.strip()).matches()) {
                return null;
            }
            throw invalid();
        }
        var first = one.group(1);
        var last = one.group(2);
        if (first.isEmpty() && last.isEmpty()) {
            throw invalid();
        }
        if (first.isEmpty()) {
            return new ByteRange(-1, Long.parseLong(last));
        }
        var range =
                new ByteRange(
                        Long.parseLong(first),
                        last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last));
        if (range.last < range.first) {
            throw invalid();
        }
        return range;
    }

    private static InvalidRequest invalid() {
        return InvalidRequest.parameter("Range", "is not a range such as bytes=0-499");
    }

    /** The part of a file of so many octets that this is; empty when there is none. */
    Optional<Slice> of(long length) {
        if (first < 0) {
            long octets = Math.min(last, length);
            return octets == 0 ? Optional.empty() : Optional.of(new Slice(length - octets, octets));
        }
        if (first >= length) {
            return Optional.empty();
        }
        return Optional.of(new Slice(first, Math.min(last, length - 1) - first + 1));
    }
}
