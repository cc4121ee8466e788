package postern.imap.message;

import java.util.Arrays;

/**
 * UIDs in the server's sort order, stored as ascending or descending runs of consecutive UIDs. A
 * run is never expanded.
 */
public final class SortedUids {

    public static final SortedUids EMPTY = new Builder().build();

    private final long[] firsts;
    private final long[] lasts;

    /** The number of UIDs up to the end of each run. */
    private final long[] ends;

    private SortedUids(long[] firsts, long[] lasts) {
        this.firsts = firsts;
        this.lasts = lasts;
        ends = new long[firsts.length];
        long end = 0;
        for (int i = 0; i < firsts.length; i++) {
            end += Math.abs(lasts[i] - firsts[i]) + 1;
            ends[i] = end;
        }
    }

    public static SortedUids of(long... uids) {
        var builder = new Builder();
        for (long uid : uids) {
            builder.add(uid);
        }
        return builder.build();
    }

    public long size() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /** The UID at an index, from 0. */
    public long at(long index) {
        int run = Arrays.binarySearch(ends, index + 1);
        run = run < 0 ? -run - 1 : run;
        long into = index - (run == 0 ? 0 : ends[run - 1]);
        return firsts[run] <= lasts[run] ? firsts[run] + into : firsts[run] - into;
    }

    /** The index of a UID, from 0; -1 when it is absent. */
    public long indexOf(long uid) {
        for (int run = 0; run < firsts.length; run++) {
            long low = Math.min(firsts[run], lasts[run]);
            long high = Math.max(firsts[run], lasts[run]);
            if (low <= uid && uid <= high) {
                return (run == 0 ? 0 : ends[run - 1]) + Math.abs(uid - firsts[run]);
            }
        }
        return -1;
    }

    /** These UIDs in reverse order. */
    public SortedUids reversed() {
        int runs = firsts.length;
        var newFirsts = new long[runs];
        var newLasts = new long[runs];
        for (int i = 0; i < runs; i++) {
            newFirsts[i] = lasts[runs - 1 - i];
            newLasts[i] = firsts[runs - 1 - i];
        }
        return new SortedUids(newFirsts, newLasts);
    }

    /** The UIDs that are also in the set, in the same order. */
    public SortedUids within(UidSet uids) {
        var kept = new Builder();
        for (int run = 0; run < firsts.length; run++) {
            long step = firsts[run] <= lasts[run] ? 1 : -1;
            for (long uid = firsts[run]; uid != lasts[run] + step; uid += step) {
                if (uids.contains(uid)) {
                    kept.add(uid);
                }
            }
        }
        return kept.build();
    }

    /** Joins consecutive UIDs to runs as they are added. */
    public static final class Builder {

        private long[] firsts = new long[16];
        private long[] lasts = new long[16];
        private int runs;

        public Builder add(long uid) {
            return add(uid, uid);
        }

        public Builder add(long first, long last) {
            if (Math.min(first, last) < 1 || Math.max(first, last) > UidSet.MAX) {
                throw new IllegalArgumentException("%d:%d are no UIDs".formatted(first, last));
            }
            if (first == last && runs > 0 && lasts[runs - 1] + 1 == first && upwards(runs - 1)) {
                lasts[runs - 1] = first;
                return this;
            }
            if (runs == firsts.length) {
                firsts = Arrays.copyOf(firsts, runs * 2);
                lasts = Arrays.copyOf(lasts, runs * 2);
            }
            firsts[runs] = first;
            lasts[runs++] = last;
            return this;
        }

        private boolean upwards(int run) {
            return firsts[run] <= lasts[run];
        }

        public SortedUids build() {
            return new SortedUids(Arrays.copyOf(firsts, runs), Arrays.copyOf(lasts, runs));
        }
    }
}
