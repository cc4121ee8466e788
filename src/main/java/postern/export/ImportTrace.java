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
import postern.imap.message.UidSet;
import postern.message.change.Arrivals;
import postern.message.change.MessageBeginning;
import postern.message.change.SettlingTime;
import postern.web.idempotency.UnfinishedRequest;

/**
 * The state of an import with an idempotency key: the result of each message, and how to find those
 * with an unknown outcome. Such a message has a UID of at least the UIDNEXT before it was sent, the
 * same size, and the same first octets.
 */
final class ImportTrace implements UnfinishedRequest {

    /** Upper bound on the new messages that are examined. */
    private static final long MOST_MESSAGES = 60_000;

    private static final int MOST_OF_A_SIZE = 500;
    private static final int OCTETS_EACH = 400;
    private static final FetchItems SIZE = FetchItems.of(FetchItem.SIZE);

    private final Map<Integer, ImportedMessage> results = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private @Nullable MailboxStatus before;
    private Instant ended = Instant.now();

    /**
     * A message sent at or after the first one with an unknown outcome.
     *
     * @param beginning a hash of its first octets
     * @param id its location if it is known to be stored and the mail server sent APPENDUID
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

        String fingerprint() {
            return ImportTrace.fingerprint(size, beginning);
        }

        boolean unknown() {
            return !stored;
        }
    }

    /** Marks the end of the attempt. */
    void end() {
        ended = Instant.now();
    }

    /** Waits until the mail server has finished commands of the previous attempt. */
    void awaitSettled() {
        SettlingTime.await(ended);
    }

    @Override
    public int octets() {
        return OCTETS_EACH * (1 + results.size() + sent.size());
    }

    /** The result of the message in an earlier attempt; null if it is still to be sent. */
    @Nullable ImportedMessage result(int index) {
        return results.get(index);
    }

    /** Records the result of a message, which may be unknown. */
    void add(ImportedMessage result) {
        results.put(result.index(), result);
    }

    /**
     * Records messages that were sent together.
     *
     * @param status the mailbox status before they were sent
     */
    void add(MailboxStatus status, List<Sent> together) {
        if (before == null && together.stream().anyMatch(Sent::unknown)) {
            before = status;
        }
        if (before != null) {
            sent.addAll(together);
        }
    }

    /** Removes retryable results; returns whether messages with an unknown outcome are left. */
    boolean prepareAgain() {
        results.values()
                .removeIf(result ->
                        result.status() == ImportedMessage.ImportStatus.FAILED
                                && result.problem() != null
                                && result.problem().retryable());
        return before != null && sent.stream().anyMatch(Sent::unknown);
    }

    /**
     * Determines the outcome of messages with an unknown one, as far as possible, by searching the
     * mailbox. Those not found are sent again.
     */
    void findOut(SelectedMailbox mailbox) {
        var since = before;
        if (since == null || since.uidNext() == null || since.uidValidity() == null) {
            return;
        }
        mailbox.fetch(List.of()); // learns of new messages if the mailbox was already selected
        if (!mailbox.numbersOn(since.uidValidity(), since.uidNext())) {
            return;
        }
        var arrivals = arrivals(mailbox, since.uidNext());
        if (arrivals == null) {
            return;
        }
        var unknown = new LinkedHashMap<String, List<Sent>>();
        sent.stream()
                .filter(Sent::unknown)
                .forEach(it ->
                        unknown.computeIfAbsent(it.fingerprint(), _ -> new ArrayList<>()).add(it));
        unknown.forEach((fingerprint, alike) -> match(fingerprint, alike, arrivals));
    }

    private void match(String fingerprint, List<Sent> alike, Arrivals<MessageRef> arrivals) {
        long certain =
                sent.stream()
                        .filter(it -> it.stored() && it.id() == null)
                        .filter(it -> it.fingerprint().equals(fingerprint))
                        .count();
        switch (arrivals.match(fingerprint, alike.size(), certain)) {
            case Arrivals.NotArrived<MessageRef> _ -> {
                alike.forEach(it -> results.remove(it.index()));
                sent.removeAll(alike);
            }
            case Arrivals.Arrived<MessageRef>(var messages, boolean identified) -> {
                for (int i = 0; i < alike.size(); i++) {
                    arrived(alike.get(i), identified ? messages.get(i) : null);
                }
            }
            case Arrivals.Undecided<MessageRef> _ -> {}
        }
    }

    private void arrived(Sent message, @Nullable MessageRef id) {
        add(ImportedMessage.imported(message.index(), message.size(), id));
        sent.remove(message);
        sent.add(new Sent(message.index(), message.size(), message.beginning(), true, id));
    }

    /** The new messages that are not accounted for; null if there are too many. */
    private @Nullable Arrivals<MessageRef> arrivals(SelectedMailbox mailbox, long uidNext) {
        var uids = Arrivals.since(mailbox, uidNext, MOST_MESSAGES);
        if (uids == null) {
            return null;
        }
        var candidates = new ArrayList<Long>();
        var sizes = sizes();
        var known = known();
        for (var piece : uids.pieces()) {
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
        var arrivals = new Arrivals<MessageRef>();
        for (var piece : UidSet.of(candidates).pieces()) {
            for (var message : mailbox.fetch(piece, SIZE.with(MessageBeginning.SECTION))) {
                var octets = message.sections().get(MessageBeginning.SECTION);
                if (octets == null || message.size() == null) {
                    return null; // ambiguous
                }
                arrivals.add(
                        fingerprint(message.size(), MessageBeginning.hash(octets)),
                        mailbox.message(message.uid()));
            }
        }
        return arrivals;
    }

    private static String fingerprint(long size, String beginning) {
        return size + ":" + beginning;
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
