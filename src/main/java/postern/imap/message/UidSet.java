package postern.imap.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A set of UIDs as ascending, separate ranges (RFC 9051 §9, sequence-set). A range is never
 * expanded to an array.
 */
public record UidSet(List<Range> ranges) {

    /**
     * The largest possible UID, used as "the end": unlike {@code *} it does not match the last
     * message when the range is past the end.
     */
    public static final long MAX = 4_294_967_295L;

    /** RFC 9051 and RFC 7162 require servers to accept command lines of 8192 octets. */
    private static final int LONGEST = 7_500;

    public static final UidSet EMPTY = new UidSet(List.of());

    /** The UIDs from first to last, both included. */
    public record Range(long first, long last) {
        public Range {
            if (first < 1 || last < first || last > MAX) {
                throw new IllegalArgumentException(
                        "%d:%d is no range of UIDs".formatted(first, last));
            }
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + ":" + last;
        }
    }

    public UidSet {
        ranges = merged(ranges);
    }

    public static UidSet of(long... uids) {
        var sorted = uids.clone();
        Arrays.sort(sorted);
        var ranges = new ArrayList<Range>();
        for (int i = 0; i < sorted.length; ) {
            int end = i;
            while (end + 1 < sorted.length && sorted[end + 1] <= sorted[end] + 1) {
                end++;
            }
            ranges.add(new Range(sorted[i], sorted[end]));
            i = end + 1;
        }
        return new UidSet(ranges);
    }

    public static UidSet of(Collection<Long> uids) {
        return of(uids.stream().mapToLong(Long::longValue).toArray());
    }

    public static UidSet range(long first, long last) {
        return new UidSet(List.of(new Range(first, last)));
    }

    public static UidSet from(long first) {
        return range(first, MAX);
    }

    /** Parses {@code 1:4,7,12:9}; throws IllegalArgumentException for anything else. */
    public static UidSet parse(String text) {
        var ranges = new ArrayList<Range>();
        for (var item : text.split(",", -1)) {
            var ends = item.split(":", 2);
            long a = Long.parseLong(ends[0]);
            long b = ends.length == 1 ? a : Long.parseLong(ends[1]);
            ranges.add(new Range(Math.min(a, b), Math.max(a, b)));
        }
        return new UidSet(ranges);
    }

    /** The UIDs of this set that are not in the other one. */
    public UidSet without(UidSet others) {
        var left = new ArrayList<Range>();
        int next = 0;
        for (var range : ranges) {
            long first = range.first;
            while (next < others.ranges.size() && others.ranges.get(next).last < first) {
                next++;
            }
            // The last range that begins within this one may overlap the next one as well.
            for (int i = next; i < others.ranges.size(); i++) {
                var other = others.ranges.get(i);
                if (other.first > range.last) {
                    break;
                }
                if (other.first > first) {
                    left.add(new Range(first, other.first - 1));
                }
                first = other.last + 1;
            }
            if (first <= range.last) {
                left.add(new Range(first, range.last));
            }
        }
        return new UidSet(left);
    }

    /** The UIDs that are in both sets. */
    public UidSet within(UidSet others) {
        var both = new ArrayList<Range>();
        for (int i = 0, j = 0; i < ranges.size() && j < others.ranges.size(); ) {
            var one = ranges.get(i);
            var other = others.ranges.get(j);
            long first = Math.max(one.first, other.first);
            long last = Math.min(one.last, other.last);
            if (first <= last) {
                both.add(new Range(first, last));
            }
            if (one.last < other.last) {
                i++;
            } else {
                j++;
            }
        }
        return new UidSet(both);
    }

    public UidSet with(UidSet more) {
        return new UidSet(Stream.concat(ranges.stream(), more.ranges.stream()).toList());
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public boolean contains(long uid) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var range = ranges.get(middle);
            if (range.last < uid) {
                low = middle + 1;
            } else if (range.first > uid) {
                high = middle - 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** The number of UIDs in the ranges. */
    public long size() {
        return ranges.stream().mapToLong(r -> r.last - r.first + 1).sum();
    }

    /** The UIDs in ascending order, generated lazily. */
    public LongStream stream() {
        return ranges.stream().flatMapToLong(r -> LongStream.rangeClosed(r.first, r.last));
    }

    public PrimitiveIterator.OfLong iterator() {
        return iterator(ranges);
    }

    /**
     * The UIDs of these ranges, one range after the other. The iterator of a stream would first
     * keep all UIDs of a range in memory.
     */
    public static PrimitiveIterator.OfLong iterator(List<Range> ranges) {
        return new PrimitiveIterator.OfLong() {

            private int at;
            private long next = ranges.isEmpty() ? 0 : ranges.getFirst().first;

            @Override
            public boolean hasNext() {
                return at < ranges.size();
            }

            @Override
            public long nextLong() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                long uid = next++;
                if (uid == ranges.get(at).last && ++at < ranges.size()) {
                    next = ranges.get(at).first;
                }
                return uid;
            }
        };
    }

    /** The wire form, such as {@code 1:4,7}. */
    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }

    /** Splits the set into as few sets as possible that each fit into a command line. */
    public List<UidSet> pieces() {
        return pieces(LONGEST);
    }

    List<UidSet> pieces(int characters) {
        var pieces = new ArrayList<UidSet>();
        var piece = new ArrayList<Range>();
        int length = 0;
        for (var range : ranges) {
            int more = range.toString().length() + 1;
            if (length + more > characters + 1 && !piece.isEmpty()) {
                pieces.add(new UidSet(piece));
                piece.clear();
                length = 0;
            }
            piece.add(range);
            length += more;
        }
        if (!piece.isEmpty()) {
            pieces.add(new UidSet(piece));
        }
        return List.copyOf(pieces);
    }

    private static List<Range> merged(List<Range> ranges) {
        var sorted = ranges.stream().sorted((a, b) -> Long.compare(a.first, b.first)).toList();
        var merged = new ArrayList<Range>(sorted.size());
        for (var range : sorted) {
            var last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && range.first <= last.last + 1) {
                merged.set(
                        merged.size() - 1, new Range(last.first, Math.max(last.last, range.last)));
            } else {
                merged.add(range);
            }
        }
        return List.copyOf(merged);
    }
}
