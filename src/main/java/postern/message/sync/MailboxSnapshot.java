package postern.message.sync;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;
import postern.imap.message.Flag;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;
import postern.web.id.OpaqueText;

/**
 * Which messages a mailbox had, for mail servers that do not remember it themselves: their UIDs,
 * and a hash of the flags of each where the server has no mod-sequences.
 *
 * @param flags one hash for each message, in ascending UIDs; null where flags are not recorded
 */
record MailboxSnapshot(UidSet uids, long @Nullable [] flags) {

    /** No honest snapshot is larger: the limit of {@code SyncFetchCommand}, 12 octets each. */
    private static final int MOST_OCTETS = 12_000_000;

    /** What a stranger could put into a token, who has not logged in yet. */
    private static final int MOST_OCTETS_IN_TOKEN = 200_000;

    private static final int MOST_RANGES_IN_TOKEN = 5_000;

    static MailboxSnapshot of(UidSet uids) {
        return new MailboxSnapshot(uids, null);
    }

    /** Of all messages, with their flags. */
    static MailboxSnapshot of(List<MessageFlags> messages) {
        var uids = new long[messages.size()];
        var flags = new long[messages.size()];
        var known = new HashMap<Set<Flag>, Long>();
        for (int i = 0; i < uids.length; i++) {
            uids[i] = messages.get(i).uid();
            flags[i] = hash(messages.get(i).flags(), known);
        }
        return new MailboxSnapshot(UidSet.of(uids), flags);
    }

    /** Above the UIDs of all of its messages. */
    long uidNext() {
        return uids.isEmpty() ? 1 : uids.ranges().getLast().last() + 1;
    }

    private static long hash(@Nullable Set<Flag> flags, Map<Set<Flag>, Long> known) {
        return flags == null ? 0 : known.computeIfAbsent(flags, MailboxSnapshot::hash);
    }

    /** {@code \Recent} is left out: it changes by being looked at. */
    private static long hash(Set<Flag> flags) {
        var names =
                flags.stream()
                        .map(Flag::name)
                        .filter(name -> !name.equalsIgnoreCase("\\Recent"))
                        .sorted()
                        .collect(Collectors.joining(" "));
        return ByteBuffer.wrap(Sha256.of(names)).getLong();
    }

    /** The messages that are in both, and whose flags differ. */
    UidSet changedIn(MailboxSnapshot later) {
        var changed = new ArrayList<UidSet.Range>();
        var mine = uids.iterator();
        int index = -1;
        long uid = 0;
        var theirs = later.uids.iterator();
        for (int other = 0; theirs.hasNext(); other++) {
            long wanted = theirs.nextLong();
            while (uid < wanted && mine.hasNext()) {
                uid = mine.nextLong();
                index++;
            }
            if (uid == wanted && hash(index) != later.hash(other)) {
                changed.add(new UidSet.Range(uid, uid));
            }
        }
        return new UidSet(changed);
    }

    private long hash(int index) {
        return flags == null ? 0 : flags[index];
    }

    /** Whether a message that it has has other flags there; never where it records no flags. */
    boolean contradicts(Collection<MessageFlags> later) {
        return flags != null && !changedIn(of(ascending(later))).isEmpty();
    }

    private static List<MessageFlags> ascending(Collection<MessageFlags> messages) {
        return messages.stream().sorted(Comparator.comparingLong(MessageFlags::uid)).toList();
    }

    /** Compressed; equal snapshots have equal octets. */
    byte[] octets() {
        var out = new ByteArrayOutputStream();
        OpaqueText.putNumber(out, uids.ranges().size());
        long last = 0;
        for (var range : uids.ranges()) {
            OpaqueText.putNumber(out, range.first() - last);
            OpaqueText.putNumber(out, range.last() - range.first());
            last = range.last();
        }
        if (flags != null) {
            putFlags(out, flags);
        }
        return deflated(out.toByteArray());
    }

    /** First the different hashes, then the index of each message's own. */
    private static void putFlags(ByteArrayOutputStream out, long[] flags) {
        var indices = new HashMap<Long, Integer>();
        var distinct = new ArrayList<Long>();
        for (long hash : flags) {
            if (indices.putIfAbsent(hash, distinct.size()) == null) {
                distinct.add(hash);
            }
        }
        OpaqueText.putNumber(out, distinct.size());
        for (long hash : distinct) {
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(hash).array());
        }
        for (long hash : flags) {
            OpaqueText.putNumber(out, requireNonNull(indices.get(hash)));
        }
    }

    /** Whether {@link #ofToken} would read it. */
    boolean fitsIntoToken() {
        return uids.ranges().size() <= MOST_RANGES_IN_TOKEN
                && uids.size() <= MOST_OCTETS_IN_TOKEN / 2;
    }

    /** Reads a snapshot of our own; throws IllegalArgumentException where it is damaged. */
    static MailboxSnapshot read(byte[] octets) {
        return read(octets, MOST_OCTETS, Integer.MAX_VALUE);
    }

    /** Reads what a caller sent; throws IllegalArgumentException where it cannot be a snapshot. */
    static MailboxSnapshot ofToken(byte[] octets) {
        return read(octets, MOST_OCTETS_IN_TOKEN, MOST_RANGES_IN_TOKEN);
    }

    private static MailboxSnapshot read(byte[] octets, int mostOctets, int mostRanges) {
        var in = ByteBuffer.wrap(inflated(octets, mostOctets));
        var ranges = new ArrayList<UidSet.Range>();
        long last = 0;
        long count = OpaqueText.number(in);
        if (count > mostRanges) {
            throw new IllegalArgumentException("has too many ranges");
        }
        for (long left = count; left > 0; left--) {
            long first = last + OpaqueText.number(in);
            last = first + OpaqueText.number(in);
            ranges.add(new UidSet.Range(first, last));
        }
        var uids = new UidSet(ranges);
        return new MailboxSnapshot(uids, in.hasRemaining() ? flags(in, uids.size()) : null);
    }

    private static long[] flags(ByteBuffer in, long messages) {
        long count = OpaqueText.number(in);
        if (count < 0 || count * Long.BYTES > in.remaining() || messages > in.remaining()) {
            throw new IllegalArgumentException("ends within its flags");
        }
        var distinct = new long[(int) count];
        for (int i = 0; i < distinct.length; i++) {
            distinct[i] = in.getLong();
        }
        var flags = new long[(int) messages];
        for (int i = 0; i < flags.length; i++) {
            long index = OpaqueText.number(in);
            if (index < 0 || index >= distinct.length) {
                throw new IllegalArgumentException("has flags that it does not tell");
            }
            flags[i] = distinct[(int) index];
        }
        return flags;
    }

    private static byte[] deflated(byte[] octets) {
        try (var deflater = new Deflater(Deflater.BEST_SPEED, true)) {
            deflater.setInput(octets);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] inflated(byte[] octets, int most) {
        try (var inflater = new Inflater(true)) {
            inflater.setInput(octets);
            var out = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                out.write(buffer, 0, count);
                if (count == 0 && !inflater.finished() || out.size() > most) {
                    throw new IllegalArgumentException("is not what was compressed");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException _) {
            throw new IllegalArgumentException("is not compressed");
        }
    }
}
