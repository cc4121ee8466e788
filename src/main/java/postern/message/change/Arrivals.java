package postern.message.change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;

/**
 * The messages that arrived in a mailbox since a command whose outcome is unknown, by a fingerprint
 * that tells which message they may be. The number of messages that are alike decides.
 */
public final class Arrivals<M> {

    private final Map<String, List<M>> byFingerprint = new HashMap<>();

    /** Whether messages with an unknown outcome arrived. */
    public sealed interface Match<M> {}

    /** None of them arrived. */
    public record NotArrived<M>() implements Match<M> {}

    /**
     * All of them arrived.
     *
     * @param messages in ascending UIDs
     * @param identified whether these are the messages; otherwise messages that are alike and
     *     arrived for certain may be among them
     */
    public record Arrived<M>(List<M> messages, boolean identified) implements Match<M> {}

    /** The number of arrivals is not plausible. */
    public record Undecided<M>() implements Match<M> {}

    /** The UIDs of the messages from this one on; null when there are more than {@code most}. */
    public static @Nullable UidSet since(SelectedMailbox mailbox, long uidNext, long most) {
        var since = UidSet.from(uidNext);
        // A range such as 9:* includes the last message even if its UID is lower.
        var found = mailbox.search(new SearchTerm.Uids(since)).within(since);
        return found.size() > most ? null : found;
    }

    /** Messages are added in ascending UIDs. */
    public void add(String fingerprint, M message) {
        byFingerprint.computeIfAbsent(fingerprint, _ -> new ArrayList<>()).add(message);
    }

    /**
     * @param unknown the number of messages with this fingerprint and an unknown outcome
     * @param certain the number of those that arrived for certain, but it is unknown as which UID
     */
    public Match<M> match(String fingerprint, int unknown, long certain) {
        var arrived = byFingerprint.getOrDefault(fingerprint, List.of());
        if (arrived.size() == certain) {
            return new NotArrived<>();
        }
        return arrived.size() == certain + unknown
                ? new Arrived<>(arrived, certain == 0)
                : new Undecided<>();
    }
}
