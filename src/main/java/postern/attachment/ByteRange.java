package postern.attachment;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.web.problem.InvalidRequest;

/**
 * What a Range header asks for (RFC 9110 §14.1.2): octets from the first to the last one, or so
 * many at the end.
 *
 * @param first of the octets, or -1 where only the last ones are wanted
 * @param last of the octets, or how many at the end; Long.MAX_VALUE for all that follow
 */
record ByteRange(long first, long last) {

    private static final int MOST_DIGITS = 18;

    // Possessive, so that no header makes these look at it more than once.
    private static final Pattern UNIT = Pattern.compile("[!#$%&'*+.^_`|~0-9a-zA-Z-]++");
    private static final Pattern SPEC = Pattern.compile("([0-9]*+)-([0-9]*+)");

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
        if (header == null) {
            return null;
        }
        int equals = header.indexOf('=');
        var unit = header.substring(0, Math.max(0, equals)).strip();
        if (!UNIT.matcher(unit).matches()) {
            throw invalid();
        }
        if (!unit.equalsIgnoreCase("bytes")) {
            return null;
        }
        var ranges =
                Arrays.stream(header.substring(equals + 1).split(",", -1))
                        .map(String::strip)
                        .filter(spec -> !spec.isEmpty()) // a list may have gaps (§5.6.1.2)
                        .map(ByteRange::one)
                        .toList();
        if (ranges.isEmpty()) {
            throw invalid();
        }
        return ranges.size() == 1 ? ranges.getFirst() : null;
    }

    private static ByteRange one(String spec) {
        var matcher = SPEC.matcher(spec);
        if (!matcher.matches() || spec.length() == 1) {
            throw invalid();
        }
        var first = matcher.group(1);
        var last = matcher.group(2);
        if (first.isEmpty()) {
            return new ByteRange(-1, number(last));
        }
        var range = new ByteRange(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last));
        if (range.last < range.first) {
            throw invalid();
        }
        return range;
    }

    /** No file is as long as the numbers that are cut here. */
    private static long number(String digits) {
        return digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
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
