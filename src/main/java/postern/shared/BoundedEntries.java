package postern.shared;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries that end, bounded in octets. No caller waits for another one: the map decides by
 * compare-and-set which entry is present, and who put an entry in or took it out keeps the books.
 */
final class BoundedEntries {

    private static final Logger log = LoggerFactory.getLogger(BoundedEntries.class);

    /** Approximate memory of an entry beside its key and value: nodes of map and set, headers. */
    static final int OVERHEAD = 200;

    private static final Comparator<Entry> SOONEST_FIRST =
            Comparator.comparing(Entry::end).thenComparingLong(Entry::serial);

    private final String name;
    private final long most;
    private final boolean lossless;
    private final long mostOfOwner;
    private final InstantSource clock;
    private final Map<String, Entry> byKey = new ConcurrentHashMap<>();
    private final NavigableSet<Entry> byEnd = new ConcurrentSkipListSet<>(SOONEST_FIRST);
    private final Map<String, Long> byOwner = new ConcurrentHashMap<>();
    private final AtomicLong octets = new AtomicLong();
    private final AtomicLong serials = new AtomicLong();
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * @param lossless whether new entries are refused where there is no room for them
     * @param mostOfOwner how much of it the entries of one owner may take
     */
    BoundedEntries(
            String name, long most, boolean lossless, long mostOfOwner, InstantSource clock) {
        this.mostOfOwner = mostOfOwner;
        this.name = name;
        this.most = most;
        this.lossless = lossless;
        this.clock = clock;
    }

    /** Compared by identity: an entry is never changed, only replaced by another one. */
    static final class Entry {

        private final String key;
        private final byte[] value;
        private final Instant end;
        private final long serial;

        private Entry(String key, byte[] value, Instant end, long serial) {
            this.key = key;
            this.value = value;
            this.end = end;
            this.serial = serial;
        }

        byte[] value() {
            return value;
        }

        private Instant end() {
            return end;
        }

        private long serial() {
            return serial;
        }

        private int octets() {
            return OVERHEAD + key.length() + value.length;
        }

        private @Nullable String owner() {
            return BoundedEntries.owner(key);
        }
    }

    /** What stands before the colon; null for a key without one. */
    static @Nullable String owner(String key) {
        int colon = key.indexOf(':');
        return colon < 0 ? null : key.substring(0, colon);
    }

    /** Null for an entry that has ended. */
    @Nullable Entry get(String key) {
        var entry = byKey.get(key);
        if (entry != null && ended(entry)) {
            remove(entry);
            return null;
        }
        return entry;
    }

    void put(String key, byte[] value, Instant end) {
        var entry = entry(key, value, end);
        reserve(entry, byKey.containsKey(key));
        var before = byKey.put(key, entry);
        if (before != null) {
            removed(before);
        }
        added(entry);
    }

    /** False where the present entry is another one; null stands for no entry. */
    boolean replace(@Nullable Entry present, String key, byte[] value, Instant end) {
        var entry = entry(key, value, end);
        reserve(entry, present != null);
        boolean done =
                present == null
                        ? byKey.putIfAbsent(key, entry) == null
                        : byKey.replace(key, present, entry);
        if (!done) {
            count(entry, -entry.octets());
            return false;
        }
        if (present != null) {
            removed(present);
        }
        added(entry);
        return true;
    }

    /** False where it is present no more. */
    boolean remove(Entry entry) {
        boolean done = byKey.remove(entry.key, entry);
        if (done) {
            removed(entry);
        }
        return done;
    }

    long octets() {
        return octets.get();
    }

    private Entry entry(String key, byte[] value, Instant end) {
        return new Entry(key, value, end, serials.incrementAndGet());
    }

    /** Counts an entry before it is there. Throws SharedStateFull. */
    private void reserve(Entry entry, boolean replaces) {
        count(entry, entry.octets());
        if (!lossless) {
            return;
        }
        // the last eighth is for what replaces others, and for what belongs to nobody
        boolean reserved = replaces || entry.owner() == null;
        long room = reserved ? most : most - most / 8;
        if (octets.get() > room) {
            trim();
        }
        boolean full = octets.get() > room;
        boolean ownerFull = ofOwner(entry) > mostOfOwner;
        if (full || ownerFull && !replaces) {
            count(entry, -entry.octets());
            if (reported.compareAndSet(false, true)) {
                log.warn("the memory for {} is used up: new values are refused", name);
            }
            throw new SharedStateFull(!full);
        }
    }

    private void count(Entry entry, long size) {
        octets.addAndGet(size);
        var owner = lossless ? entry.owner() : null;
        if (owner == null) {
            return;
        }
        if (size > 0) {
            byOwner.merge(owner, size, Long::sum);
        } else {
            byOwner.computeIfPresent(
                    owner, (_, before) -> before + size == 0 ? null : before + size);
        }
    }

    private long ofOwner(Entry entry) {
        var owner = entry.owner();
        return owner == null ? 0 : byOwner.getOrDefault(owner, 0L);
    }

    private void added(Entry entry) {
        byEnd.add(entry);
        if (byKey.get(entry.key) != entry) {
            byEnd.remove(entry); // it was taken out before it was in the set
        }
        trim();
    }

    private void removed(Entry entry) {
        count(entry, -entry.octets());
        byEnd.remove(entry);
    }

    /** Takes out what has ended, and beyond the bound what ends soonest. */
    private void trim() {
        for (var soonest : byEnd) {
            boolean ended = ended(soonest);
            if (!ended && (lossless || octets.get() <= most)) {
                return;
            }
            byEnd.remove(soonest);
            if (remove(soonest) && !ended && reported.compareAndSet(false, true)) {
                log.warn("the memory for {} is used up: the values that end first are lost", name);
            }
        }
    }

    private boolean ended(Entry entry) {
        return !clock.instant().isBefore(entry.end);
    }
}
