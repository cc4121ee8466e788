package postern.export;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.imap.AppendOutcome;
import postern.imap.MailboxStatus;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.change.MessageBeginning;
import postern.message.change.SettlingTime;
import postern.web.idempotency.UnfinishedRequest;

/**
 * What is known of an import with an idempotency key: what became of each message, and by what
 * those can be found again of which nobody knows. They have a UID that was not given yet when they
 * were sent, the same size, and the same first octets.
 */
final class ImportTrace implements UnfinishedRequest {

    /** More new messages than these, or more of the same size, are not looked through. */
    private static final long MOST_MESSAGES = 60_000;

    private static final int MOST_OF_A_SIZE = 500;
    private static final int OCTETS_EACH = 400;
    private static final FetchItems SIZE = FetchItems.of(FetchItem.SIZE);

    private final Map<Integer, ImportedMessage> results = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private @Nullable MailboxStatus before;
    private Instant ended = Instant.now();

    /**
     * A message that was sent since the first of which nobody knows what became.
     *
     * @param beginning a hash of its first octets
     * @param id where it is, if it is known to be stored and the mail server told
     */
    record Sent(int index, long size, String beginning, boolean stored, @Nullable MessageRef id) {

        Sent(int index, long size, String beginning, AppendOutcome outcome) {
            this(
                    index,
                    size,
                    beginning,
                    outcome instanceof AppendOutcome.Stored,
                    outcome instanceof AppendOutcome.Stored(var appended)
                            ? appended.message()
                            : null);
        }

        boolean like(Sent other) {
            return size == other.size && beginning.equals(other.beginning);
        }

        boolean unknown() {
            return !stored;
        }
    }

    /** The attempt has ended. */
    void end() {
        ended = Instant.now();
    }

    /** Waits until the mail server has stored what it was still at. */
    void awaitSettled() {
        SettlingTime.await(ended);
    }

    @Override
    public int octets() {
        return OCTETS_EACH * (1 + results.size() + sent.size());
    }

    /** What an earlier attempt found out of that message; null when it is still to be sent. */
    @Nullable ImportedMessage result(int index) {
        return results.get(index);
    }

    /** What became of a message for certain, or that nobody knows. */
    void add(ImportedMessage result) {
        results.put(result.index(), result);
    }

    /**
     * Takes messages that were sent together.
     *
     * @param status of the mailbox before they were
     */
    void add(MailboxStatus status, List<Sent> together) {
        if (before == null && together.stream().anyMatch(Sent::unknown)) {
            before = status;
        }
        if (before != null) {
            sent.addAll(together);
        }
    }

    /** Forgets what can be tried once more, and tells what is left of the others. */
    boolean prepareAgain() {
        results.values()
                .removeIf(result ->
                        result.status() == ImportedMessage.ImportStatus.FAILED
                                && result.problem() != null
                                && result.problem().retryable());
        return before != null && sent.stream().anyMatch(Sent::unknown);
    }

    /**
     * Finds out what became of the messages of which nobody knew, as far as the mailbox tells.
     * Those that are not there are to be sent again.
     */
    void findOut(SelectedMailbox mailbox) {
        var since = before;
        if (since == null || since.uidNext() == null || since.uidValidity() == null) {
            return;
        }
        mailbox.fetch(List.of()); // hears of them, where the mailbox was open before
        if (mailbox.state().uidValidity() != since.uidValidity()) {
            return;
        }
        var arrived = arrived(mailbox, since.uidNext());
        if (arrived == null) {
            return;
        }
        var open = new LinkedHashMap<String, List<Sent>>();
        sent.stream()
                .filter(Sent::unknown)
                .forEach(it -> open.computeIfAbsent(key(it), _ -> new ArrayList<>()).add(it));
        open.values().forEach(alike -> match(alike, arrived));
    }

    private static String key(Sent message) {
        return key(message.size(), message.beginning());
    }

    private static String key(long size, String beginning) {
        return size + ":" + beginning;
    }

    /** With another number of new messages than there can be of ours it stays open. */
    private void match(List<Sent> alike, Map<String, List<MessageRef>> arrived) {
        var like = alike.getFirst();
        var candidates = arrived.getOrDefault(key(like), List.of());
        long others =
                sent.stream().filter(it -> it.stored() && it.id() == null && it.like(like)).count();
        if (candidates.size() == others) {
            alike.forEach(it -> results.remove(it.index()));
            sent.removeAll(alike);
        } else if (candidates.size() == others + alike.size()) {
            for (int i = 0; i < alike.size(); i++) {
                var message = alike.get(i);
                var id = others == 0 ? candidates.get(i) : null;
                add(ImportedMessage.imported(message.index(), message.size(), id));
                sent.remove(message);
                sent.add(new Sent(message.index(), message.size(), message.beginning(), true, id));
            }
        }
    }

    /** What came since and is none that is known, by what it looks like; null for too much. */
    private @Nullable Map<String, List<MessageRef>> arrived(SelectedMailbox mailbox, long uidNext) {
        var since = UidSet.from(uidNext);
        // Servers take the last message for one of a range that begins behind it.
        var found = mailbox.search(new SearchTerm.Uids(since)).within(since);
        if (found.size() > MOST_MESSAGES) {
            return null;
        }
        var candidates = new ArrayList<Long>();
        var sizes = sizes();
        var known = known();
        for (var piece : found.pieces()) {
            for (var message : mailbox.fetch(piece, SIZE)) {
                if (message.size() != null
                        && sizes.contains(message.size())
                        && !known.contains(message.uid())) {
                    candidates.add(message.uid());
                }
            }
        }
        if (candidates.size() > MOST_OF_A_SIZE) {
            return null;
        }
        var arrived = new HashMap<String, List<MessageRef>>();
        for (var piece : UidSet.of(candidates).pieces()) {
            for (var message : mailbox.fetch(piece, SIZE.with(MessageBeginning.SECTION))) {
                var octets = message.sections().get(MessageBeginning.SECTION);
                if (octets == null || message.size() == null) {
                    return null; // it may be any of them
                }
                arrived.computeIfAbsent(
                                key(message.size(), MessageBeginning.hash(octets)),
                                _ -> new ArrayList<>())
                        .add(mailbox.message(message.uid()));
            }
        }
        return arrived;
    }

    private Set<Long> sizes() {
        return sent.stream().filter(Sent::unknown).map(Sent::size).collect(Collectors.toSet());
    }

    private Set<Long> known() {
        var known = new HashSet<Long>();
        for (var result : results.values()) {
            if (result.id() != null) {
                known.add(result.id().ref().uid());
            }
        }
        return known;
    }
}
