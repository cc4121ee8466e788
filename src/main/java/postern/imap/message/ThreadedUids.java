package postern.imap.message;

import java.util.Arrays;

/**
 * The messages of a mailbox as grouped by THREAD (RFC 5256 §4), in the server's order: a message
 * follows its parent. Stored in primitive arrays, since a mailbox may be large.
 */
public final class ThreadedUids {

    public static final ThreadedUids NONE = new ThreadedUids(new int[0], new int[0], new int[0]);

    private final int[] uids;
    private final int[] parents;
    private final int[] threads;

    private ThreadedUids(int[] uids, int[] parents, int[] threads) {
        this.uids = uids;
        this.parents = parents;
        this.threads = threads;
    }

    /** The number of messages. */
    public int size() {
        return uids.length;
    }

    public long uid(int index) {
        return Integer.toUnsignedLong(uids[index]);
    }

    /**
     * The index of the message's parent; -1 where it has none, or where the parent is not in the
     * mailbox.
     */
    public int parent(int index) {
        return parents[index];
    }

    /** The number of the message's thread, from 0. */
    public int thread(int index) {
        return threads[index];
    }

    /** Adds the messages one by one. */
    public static final class Builder {

        private int[] uids = new int[64];
        private int[] parents = new int[64];
        private int[] threads = new int[64];
        private int size;

        /**
         * Throws IllegalArgumentException for an invalid UID.
         *
         * @param parent the index of its parent, which was added before; -1 for none
         * @return the message's index
         */
        public int add(long uid, int parent, int thread) {
            if (uid < 1 || uid > UidSet.MAX || parent >= size) {
                throw new IllegalArgumentException("%d below %d".formatted(uid, parent));
            }
            if (size == uids.length) {
                uids = Arrays.copyOf(uids, size * 2);
                parents = Arrays.copyOf(parents, size * 2);
                threads = Arrays.copyOf(threads, size * 2);
            }
            uids[size] = (int) uid;
            parents[size] = parent;
            threads[size] = thread;
            return size++;
        }

        /** The number of messages added so far. */
        public int size() {
            return size;
        }

        public ThreadedUids build() {
            return new ThreadedUids(
                    Arrays.copyOf(uids, size),
                    Arrays.copyOf(parents, size),
                    Arrays.copyOf(threads, size));
        }
    }
}
