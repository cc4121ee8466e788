package postern.thread;

import java.util.Arrays;
import java.util.stream.LongStream;
import postern.imap.message.ThreadedUids;

/** The messages of a mailbox grouped by conversation; an immutable snapshot. */
final class Conversations {

    private final Uids uids;

    /** The number of each message's conversation, from 0. */
    private final int[] numbers;

    /**
     * The index in {@link #members} where each conversation begins, followed by the end of the last
     * one.
     */
    private final int[] starts;

    /** Indexes of messages, grouped by conversation, ascending within each. */
    private final int[] members;

    private Conversations(Uids uids, int[] numbers, int count) {
        this.uids = uids;
        this.numbers = numbers;
        this.starts = new int[count + 1];
        this.members = new int[numbers.length];
        for (int number : numbers) {
            starts[number + 1]++;
        }
        for (int i = 0; i < count; i++) {
            starts[i + 1] += starts[i];
        }
        var next = starts.clone();
        for (int i = 0; i < numbers.length; i++) {
            members[next[numbers[i]]++] = i;
        }
    }

    /**
     * @param labels of each message: an equal number, 0 or more, for all messages of a conversation
     */
    static Conversations of(Uids uids, int[] labels) {
        var byLabel = new int[Arrays.stream(labels).max().orElse(0) + 1];
        var numbers = new int[labels.length];
        int count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (byLabel[labels[i]] == 0) {
                byLabel[labels[i]] = ++count;
            }
            numbers[i] = byLabel[labels[i]] - 1;
        }
        return new Conversations(uids, numbers, count);
    }

    /** A message that is missing in the server's THREAD response is a conversation of its own. */
    static Conversations of(Uids uids, ThreadedUids threads) {
        var labels = new int[uids.count()];
        Arrays.fill(labels, -1);
        int free = 0;
        for (int i = 0; i < threads.size(); i++) {
            int index = uids.indexOf(threads.uid(i));
            if (index >= 0) {
                labels[index] = threads.thread(i);
            }
            free = Math.max(free, threads.thread(i) + 1);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                labels[i] = free++;
            }
        }
        return of(uids, labels);
    }

    Uids uids() {
        return uids;
    }

    /** The number of conversations. */
    int count() {
        return starts.length - 1;
    }

    /** The number of this message's conversation; -1 when the message is not in the mailbox. */
    int of(long uid) {
        int index = uids.indexOf(uid);
        return index < 0 ? -1 : numbers[index];
    }

    int size(int conversation) {
        return starts[conversation + 1] - starts[conversation];
    }

    /** The UIDs of a conversation, ascending. */
    LongStream members(int conversation) {
        return Arrays.stream(members, starts[conversation], starts[conversation + 1])
                .mapToLong(uids::at);
    }

    /** The conversation's newest message with at most this UID; 0 for none. */
    long newest(int conversation, long upTo) {
        int last = uids.indexUpTo(upTo);
        int found =
                Arrays.binarySearch(members, starts[conversation], starts[conversation + 1], last);
        int at = found >= 0 ? found : -found - 2;
        return at < starts[conversation] ? 0 : uids.at(members[at]);
    }

    /** Approximate heap use. */
    int octets() {
        return 150 + 12 * numbers.length + 4 * starts.length;
    }
}
