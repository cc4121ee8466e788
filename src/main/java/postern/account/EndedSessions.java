package postern.account;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The narrowed sessions of one login that were ended. Beyond {@link #MOST}, those that would expire
 * soonest are lost.
 */
record EndedSessions(List<Entry> entries) {

    static final int MOST = 200;

    /**
     * @param expiresAt in seconds since 1970, rounded up
     */
    record Entry(String id, long expiresAt) {}

    EndedSessions {
        entries = List.copyOf(entries);
    }

    /** What {@link #octets} wrote; null for none. */
    static EndedSessions read(byte @Nullable [] octets) {
        var entries = new ArrayList<Entry>();
        if (octets != null) {
            new String(octets, US_ASCII)
                    .lines()
                    .map(line -> line.split(" "))
                    .forEach(entry -> entries.add(new Entry(entry[0], Long.parseLong(entry[1]))));
        }
        return new EndedSessions(entries);
    }

    byte[] octets() {
        var text = new StringBuilder();
        entries.forEach(
                entry -> text.append(entry.id).append(' ').append(entry.expiresAt).append('\n'));
        return text.toString().getBytes(US_ASCII);
    }

    /** With this session, and without those that have expired by now. */
    EndedSessions with(Session session, Instant now) {
        var more = new ArrayList<>(entries);
        more.removeIf(
                entry -> entry.expiresAt <= now.getEpochSecond() || entry.id.equals(session.id()));
        more.add(new Entry(session.id(), session.expiresAt().getEpochSecond() + 1));
        more.sort(Comparator.comparingLong(Entry::expiresAt));
        return new EndedSessions(more.subList(Math.max(0, more.size() - MOST), more.size()));
    }

    boolean contain(String sessionId) {
        return entries.stream().anyMatch(entry -> entry.id.equals(sessionId));
    }

    /** When the last of them would have expired. */
    Instant end() {
        return Instant.ofEpochSecond(entries.getLast().expiresAt);
    }
}
