package postern.message.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

/**
 * Determines which copies were made when the connection was lost during a copy. If the number of
 * new messages with an original's fingerprint equals the number of originals with it, these are the
 * copies; if there is none, no copy was made; with any other number the outcome is undecided.
 */
@Component
public class LostCopyFinder {

    /** If more messages arrived, they are not compared and the outcome is undecided. */
    private static final long MOST_MESSAGES = 20_000;

    /**
     * If more messages exist both as original and as copy, the outcome of the rest is undecided.
     */
    private static final int MOST_COMPARED = 100;

    private static final FetchItems FLAGS = FetchItems.of(FetchItem.FLAGS);
    private static final SectionRange BEGINNING = MessageBeginning.SECTION;

    private final ImapConnections connections;

    LostCopyFinder(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * A copy or move whose outcome is unknown.
     *
     * @param open the originals with unknown outcome, each with its copy if the server reported it
     * @param made the originals that were copied for certain, likewise
     * @param moved whether it was a move: an original that still exists is then compared with its
     *     copy
     */
    public record Lost(
            CopyTrace trace,
            Map<MessageRef, @Nullable MessageRef> open,
            Map<MessageRef, @Nullable MessageRef> made,
            boolean moved) {}

    /** Throws the server's error when it cannot be asked. */
    public Map<MessageRef, CopyOutcome> find(Account account, Lost lost) {
        lost.trace().awaitSettled();
        var left = left(account, lost.open().keySet());
        var copies = copies(account, lost);
        var outcomes = new LinkedHashMap<MessageRef, CopyOutcome>();
        lost.open()
                .forEach((original, reported) ->
                        outcomes.put(
                                original,
                                reported == null
                                        ? outcome(copies.get(original), left.contains(original))
                                        : new CopyOutcome.Made(
                                                reported, null, left.contains(original))));
        return lost.moved() ? compared(account, lost, outcomes) : outcomes;
    }

    private static CopyOutcome outcome(@Nullable Search found, boolean originalLeft) {
        return switch (found) {
            case null -> new CopyOutcome.Undecided();
            case NotFound _ -> new CopyOutcome.NotMade(originalLeft);
            case Found(var copy, var flags) -> new CopyOutcome.Made(copy, flags, originalLeft);
        };
    }

    /** What was found out about a copy. */
    private sealed interface Search {}

    /**
     * @param copy null when several equal messages could be the copy
     */
    private record Found(@Nullable MessageRef copy, @Nullable Set<Flag> flags) implements Search {}

    private record NotFound() implements Search {}

    /** The originals that still exist. */
    private Set<MessageRef> left(Account account, Collection<MessageRef> originals) {
        var left = new HashSet<MessageRef>();
        each(account, originals, FLAGS, (original, _) -> left.add(original));
        return left;
    }

    /** Called with each message that was read. */
    private interface Reading {
        void read(MessageRef message, FetchedMessage fetched);
    }

    /** Reads those of these messages that still exist; mailboxes that are gone are skipped. */
    private void each(
            Account account, Collection<MessageRef> messages, FetchItems items, Reading reading) {
        var byMailbox =
                messages.stream()
                        .collect(
                                Collectors.groupingBy(
                                        MessageRef::mailbox,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        byMailbox.forEach((name, refs) -> {
            try (var mailbox =
                    connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
                long uidValidity = mailbox.state().uidValidity();
                var uids =
                        UidSet.of(
                                refs.stream()
                                        .filter(ref -> ref.uidValidity() == uidValidity)
                                        .map(MessageRef::uid)
                                        .toList());
                for (var piece : uids.pieces()) {
                    for (var message : mailbox.fetch(piece, items)) {
                        reading.read(mailbox.message(message.uid()), message);
                    }
                }
            } catch (ImapException.MailboxNotFound _) {
                // its messages are gone too
            }
        });
    }

    /** Originals whose outcome is undecided are left out. */
    private Map<MessageRef, Search> copies(Account account, Lost lost) {
        var trace = lost.trace();
        var open = lost.open().keySet().stream().filter(it -> lost.open().get(it) == null).toList();
        if (open.isEmpty()) {
            return Map.of();
        }
        try (var mailbox =
                connections.select(
                        account, trace.destination(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.fetch(List.of()); // if it was selected before, this NOOP updates it
            if (!mailbox.numbersOn(trace.uidValidity(), trace.uidNext())) {
                return Map.of();
            }
            var known = new HashSet<Long>();
            lost.open().values().forEach(it -> add(known, it));
            lost.made().values().forEach(it -> add(known, it));
            var arrivals = arrivals(mailbox, trace, known);
            return arrivals == null ? Map.of() : match(lost, mailbox, open, arrivals);
        } catch (ImapException.MailboxNotFound _) {
            return Map.of();
        }
    }

    private static void add(Set<Long> known, @Nullable MessageRef copy) {
        if (copy != null) {
            known.add(copy.uid());
        }
    }

    /**
     * The messages that arrived since; null when there are too many, or one that could be any of
     * the copies.
     */
    private static @Nullable Arrivals<FetchedMessage> arrivals(
            SelectedMailbox mailbox, CopyTrace trace, Set<Long> known) {
        var uids = Arrivals.since(mailbox, trace.uidNext(), MOST_MESSAGES);
        if (uids == null) {
            return null;
        }
        var arrivals = new Arrivals<FetchedMessage>();
        for (var piece : uids.pieces()) {
            for (var message : mailbox.fetch(piece, CopyTrace.ITEMS)) {
                var fingerprint = CopyTrace.fingerprint(message);
                if (fingerprint == null) {
                    return null;
                }
                if (!known.contains(message.uid())) {
                    arrivals.add(fingerprint, message);
                }
            }
        }
        return arrivals;
    }

    private static Map<MessageRef, Search> match(
            Lost lost,
            SelectedMailbox destination,
            List<MessageRef> open,
            Arrivals<FetchedMessage> arrivals) {
        var trace = lost.trace();
        var alike = new LinkedHashMap<String, List<MessageRef>>();
        for (var original : open) {
            var fingerprint = trace.fingerprintOf(original);
            if (fingerprint != null) {
                alike.computeIfAbsent(fingerprint, _ -> new ArrayList<>()).add(original);
            }
        }
        var matched = new HashMap<MessageRef, Search>();
        alike.forEach((fingerprint, originals) -> {
            long certain =
                    lost.made().entrySet().stream()
                            .filter(made -> made.getValue() == null)
                            .filter(made -> fingerprint.equals(trace.fingerprintOf(made.getKey())))
                            .count();
            switch (arrivals.match(fingerprint, originals.size(), certain)) {
                case Arrivals.NotArrived<FetchedMessage> _ ->
                        originals.forEach(original -> matched.put(original, new NotFound()));
                case Arrivals.Arrived<FetchedMessage>(var copies, boolean identified) -> {
                    for (int i = 0; i < originals.size(); i++) {
                        var copy = copies.get(i);
                        var ref = identified ? destination.message(copy.uid()) : null;
                        matched.put(originals.get(i), new Found(ref, copy.flags()));
                    }
                }
                case Arrivals.Undecided<FetchedMessage> _ -> {}
            }
        });
        return matched;
    }

    /**
     * An original is not removed on the strength of a fingerprint alone: when both messages exist,
     * their first octets must be equal.
     */
    private Map<MessageRef, CopyOutcome> compared(
            Account account, Lost lost, Map<MessageRef, CopyOutcome> outcomes) {
        var both = new LinkedHashMap<MessageRef, @Nullable MessageRef>();
        outcomes.forEach((original, outcome) -> {
            if (outcome instanceof CopyOutcome.Made(var copy, var _, boolean left)
                    && left
                    && lost.open().get(original) == null) {
                both.put(original, copy);
            }
        });
        var beginnings = new HashMap<MessageRef, String>();
        var messages = new ArrayList<MessageRef>();
        both.forEach((original, copy) -> {
            if (copy != null && both.size() <= MOST_COMPARED) {
                messages.addAll(List.of(original, copy));
            }
        });
        each(
                account,
                messages,
                FetchItems.of().with(BEGINNING),
                (message, fetched) -> {
                    var octets = fetched.sections().get(BEGINNING);
                    if (octets != null) {
                        beginnings.put(message, BeginningDigest.of(octets));
                    }
                });
        both.forEach((original, copy) -> {
            var beginning = beginnings.get(original);
            if (beginning == null || copy == null || !beginning.equals(beginnings.get(copy))) {
                outcomes.put(original, new CopyOutcome.Undecided());
            }
        });
        return outcomes;
    }
}
