package postern.thread;

import java.util.Arrays;
import java.util.Set;

/**
 * Which messages of a mailbox refer to one another, directly or by way of others, be those in the
 * mailbox or not: every Message-ID is a node, messages and what they refer to are joined, and what
 * is joined is one conversation. So it does not matter in which order the messages are added, nor
 * that some of them go later. Subjects do not count.
 *
 * <p>Some 50 octets a message, whatever its header holds. Safe for use by several threads.
 */
final class ReferenceIndex {

    private static final int NOBODY = -1;

    // Of each node: its Message-ID, who stands for its conversation, the next node of the same
    // conversation in a ring, its newest message.
    private long[] ids = new long[64];
    private int[] above = new int[64];
    private int[] ring = new int[64];
    private int[] newest = new int[64];
    private int nodes;

    // Of each message, in ascending UIDs: the UID, its node, the next older message of that node.
    private long[] uids = new long[64];
    private int[] nodeOf = new int[64];
    private int[] older = new int[64];
    private int messages;

    private final long floor;
    private long lastSeen;

    /** Open addressing: nodes by Message-ID, 0 for nothing, else one more than the node. */
    private int[] table = new int[128];

    /**
     * @param floor what has a UID up to this is left out
     */
    ReferenceIndex(long floor) {
        this.floor = floor;
        this.lastSeen = floor;
    }

    long floor() {
        return floor;
    }

    /** The highest UID that was added or looked for in vain. */
    synchronized long lastSeen() {
        return lastSeen;
    }

    synchronized int messages() {
        return messages;
    }

    /** All UIDs up to this have been looked for. */
    synchronized void seen(long uid) {
        lastSeen = Math.max(lastSeen, uid);
    }

    /** Does nothing for a message that is not higher than all before. */
    synchronized void add(long uid, ReferenceHeader header) {
        if (uid <= lastSeen) {
            return;
        }
        lastSeen = uid;
        int node =
                header.messageId() == MessageIdHash.NONE
                        ? newNode(MessageIdHash.NONE)
                        : node(header.messageId());
        addMessage(uid, node);
        for (long reference : header.references()) {
            join(node, node(reference));
        }
    }

    private void addMessage(long uid, int node) {
        if (messages == uids.length) {
            uids = Arrays.copyOf(uids, messages * 2);
            nodeOf = Arrays.copyOf(nodeOf, messages * 2);
            older = Arrays.copyOf(older, messages * 2);
        }
        uids[messages] = uid;
        nodeOf[messages] = node;
        older[messages] = newest[node];
        newest[node] = messages++;
    }

    private int node(long id) {
        int slot = slot(id);
        if (table[slot] == 0) {
            int node = newNode(id);
            table[slot] = node + 1;
            if (nodes * 2 > table.length) {
                growTable();
            }
            return node;
        }
        return table[slot] - 1;
    }

    private int newNode(long id) {
        if (nodes == ids.length) {
            ids = Arrays.copyOf(ids, nodes * 2);
            above = Arrays.copyOf(above, nodes * 2);
            ring = Arrays.copyOf(ring, nodes * 2);
            newest = Arrays.copyOf(newest, nodes * 2);
        }
        ids[nodes] = id;
        above[nodes] = nodes;
        ring[nodes] = nodes;
        newest[nodes] = NOBODY;
        return nodes++;
    }

    private int slot(long id) {
        int mask = table.length - 1;
        int slot = Long.hashCode(id) & mask;
        while (table[slot] != 0 && ids[table[slot] - 1] != id) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void growTable() {
        table = new int[table.length * 2];
        for (int node = 0; node < nodes; node++) {
            if (ids[node] != MessageIdHash.NONE) {
                table[slot(ids[node])] = node + 1;
            }
        }
    }

    private void join(int one, int other) {
        int a = top(one);
        int b = top(other);
        if (a == b) {
            return;
        }
        above[Math.max(a, b)] = Math.min(a, b);
        int next = ring[a];
        ring[a] = ring[b];
        ring[b] = next;
    }

    /** Halves the way for whoever comes next, so that no way stays long. */
    private int top(int node) {
        int at = node;
        while (above[at] != at) {
            above[at] = above[above[at]];
            at = above[at];
        }
        return at;
    }

    /** These messages by conversation; one that was never added is a conversation of its own. */
    synchronized Conversations conversations(Uids present) {
        var labels = new int[present.count()];
        int message = 0;
        for (int i = 0; i < labels.length; i++) {
            long uid = present.at(i);
            while (message < messages && uids[message] < uid) {
                message++;
            }
            boolean known = message < messages && uids[message] == uid;
            labels[i] = known ? top(nodeOf[message]) : nodes + i;
        }
        return Conversations.of(present, labels);
    }

    /** Takes the messages of a conversation, in no order. */
    interface Found {

        /** The id is {@link MessageIdHash#NONE} for a message without a Message-ID. */
        void message(long id, long uid);
    }

    /**
     * Finds all that belongs together with this message, and adds the Message-IDs that are named
     * there; nothing for an unknown one.
     */
    synchronized void aroundMessage(long uid, Set<Long> named, Found found) {
        int message = Arrays.binarySearch(uids, 0, messages, uid);
        if (message >= 0) {
            walk(nodeOf[message], named, found);
        }
    }

    /** The same of a Message-ID, whether or not the message itself is there. */
    synchronized void aroundId(long id, Set<Long> named, Found found) {
        int slot = slot(id);
        if (table[slot] != 0) {
            walk(table[slot] - 1, named, found);
        }
    }

    /**
     * Who stands for the conversation around a Message-ID, for the moment; -1 for an unknown one.
     */
    synchronized int conversation(long id) {
        int slot = slot(id);
        return table[slot] == 0 ? NOBODY : top(table[slot] - 1);
    }

    private void walk(int start, Set<Long> named, Found found) {
        int node = start;
        do {
            if (ids[node] != MessageIdHash.NONE) {
                named.add(ids[node]);
            }
            for (int message = newest[node]; message != NOBODY; message = older[message]) {
                found.message(ids[node], uids[message]);
            }
            node = ring[node];
        } while (node != start);
    }

    /** What it takes of the heap, roughly. */
    synchronized int octets() {
        return 200 + ids.length * 20 + uids.length * 16 + table.length * 4;
    }
}
