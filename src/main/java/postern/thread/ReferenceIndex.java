package postern.thread;

import java.util.Arrays;
import java.util.Set;

/**
 * Groups the messages of a mailbox into conversations by their references, direct or indirect.
 * Every Message-ID is a node, whether or not its message is in the mailbox; each message's node is
 * joined with the nodes that it refers to (union-find). The result does not depend on the order in
 * which messages are added, nor on messages that are expunged later. Subjects do not count.
 *
 * <p>Takes some 50 octets per message, however long its header is. Thread-safe.
 */
final class ReferenceIndex {

    private static final int NOBODY = -1;

    // For each node: its Message-ID, its parent (union-find), the next node in the ring of its
    // conversation, its newest message.
    private long[] ids = new long[64];
    private int[] above = new int[64];
    private int[] ring = new int[64];
    private int[] newest = new int[64];
    private int nodes;

    // For each message, in ascending UIDs: the UID, its node, the next older message of that node.
    private long[] uids = new long[64];
    private int[] nodeOf = new int[64];
    private int[] older = new int[64];
    private int messages;

    private final long floor;
    private long lastSeen;

    /** Open-addressing hash table from Message-ID to node: 0 is empty, else the node plus one. */
    private int[] table = new int[128];

    /**
     * @param floor messages with a UID up to this one are left out
     */
    ReferenceIndex(long floor) {
        this.floor = floor;
        this.lastSeen = floor;
    }

    long floor() {
        return floor;
    }

    /** The highest UID that was added or found to be expunged. */
    synchronized long lastSeen() {
        return lastSeen;
    }

    synchronized int messages() {
        return messages;
    }

    /** Records that all UIDs up to this one were fetched. */
    synchronized void seen(long uid) {
        lastSeen = Math.max(lastSeen, uid);
    }

    /** Ignores a message whose UID is not higher than all before. */
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

    /** The root of a node's conversation (union-find with path halving). */
    private int top(int node) {
        int at = node;
        while (above[at] != at) {
            above[at] = above[above[at]];
            at = above[at];
        }
        return at;
    }

    /** Groups these messages; one that was never added is a conversation of its own. */
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

    /** Receives the messages of a conversation, in no particular order. */
    interface Found {

        /** The id is {@link MessageIdHash#NONE} for a message without a Message-ID. */
        void message(long id, long uid);
    }

    /**
     * Finds the conversation of this message and adds all Message-IDs named in it to {@code named};
     * does nothing for an unknown message.
     */
    synchronized void aroundMessage(long uid, Set<Long> named, Found found) {
        int message = Arrays.binarySearch(uids, 0, messages, uid);
        if (message >= 0) {
            walk(nodeOf[message], named, found);
        }
    }

    /** As above, for a Message-ID, whether or not its message is in the mailbox. */
    synchronized void aroundId(long id, Set<Long> named, Found found) {
        int slot = slot(id);
        if (table[slot] != 0) {
            walk(table[slot] - 1, named, found);
        }
    }

    /** The current root of the conversation with a Message-ID; -1 when the id is unknown. */
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

    /** Approximate heap use. */
    synchronized int octets() {
        return 200 + ids.length * 20 + uids.length * 16 + table.length * 4;
    }
}
