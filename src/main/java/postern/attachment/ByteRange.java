package postern.attachment;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.web.problem.InvalidRequest;

/**
 * The value of a Range header (RFC 9110 §14.1.2): a range of octets, or the last octets of the
 * file.
 *
 * @param first the first octet, or -1 for the last octets of the file
 * @param last the last octet, or the number of octets at the end; Long.MAX_VALUE when the range is
 *     open
 */
record ByteRange(long first, long last) {

    private static final int MOST_DIGITS = 18;

    // Possessive quantifiers, so that no header causes backtracking.
    private static final Pattern UNIT = Pattern.compile("[!#$%&'*+.^_`|~0-9a-zA-Z-]++");
    private static final Pattern SPEC = Pattern.compile("([0-9]*+)-([0-9]*+)");

    /** A range within a file. */
    record Slice(long offset, long octets) {

        long last() {
            return offset + octets - 1;
        }
    }

    /**
     * Null when the whole file must be sent: there is no header, the unit is unknown, or several
     * ranges are requested, which a server may ignore (RFC 9110 §14.2). Throws InvalidRequest for
     * any other value.
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
                        .filter(spec -> !spec.isEmpty()) // lists may have empty elements (§5.6.1.2)
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

    /** Larger numbers are cut; no file is that long. */
    private static long number(String digits) {
        return digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static InvalidRequest invalid() {
        return InvalidRequest.parameter("Range", "is not a range such as bytes=0-499");
    }

    /** The range within a file of this length; empty when it is not satisfiable. */
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
