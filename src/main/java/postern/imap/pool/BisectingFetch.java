package postern.imap.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.UidSet;

/**
 * Repeats a failed FETCH by bisection. It finds the existing messages and halves the set until the
 * messages that make the answer fail are isolated: the server refuses them, or its process dies
 * when it reads them. For these it fetches what the server can still deliver; all others are
 * complete.
 *
 * <p>Each failure may cost the connection; the next step then runs on a fresh one. Commands,
 * connections and the time are bounded; beyond the bounds the first failure is thrown.
 */
final class BisectingFetch {

    private static final int MOST_COMMANDS = 100;
    private static final int MOST_CONNECTIONS = 20;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final FetchItems PRESENCE = FetchItems.of(FetchItem.FLAGS);

    /** Items that most servers answer without reading the message. */
    private static final Set<FetchItem> READ_WITHOUT_MESSAGE =
            Set.of(
                    FetchItem.FLAGS,
                    FetchItem.MOD_SEQ,
                    FetchItem.INTERNAL_DATE,
                    FetchItem.SIZE,
                    FetchItem.EMAIL_ID,
                    FetchItem.THREAD_ID);

    private final Lease lease;
    private final Function<PoolableConnection, SelectedMailbox> mailbox;
    private final ImapException reason;
    private final long started = System.nanoTime();
    private boolean readsBody;
    private int commands;
    private int connections;

    /**
     * @param mailbox opens the mailbox on a connection
     * @param reason why the FETCH failed
     */
    BisectingFetch(
            Lease lease,
            Function<PoolableConnection, SelectedMailbox> mailbox,
            ImapException reason) {
        this.lease = lease;
        this.mailbox = mailbox;
        this.reason = reason;
    }

    /** Whether a message may be the cause of the failure. */
    static boolean mayHelp(ImapException reason) {
        return switch (reason) {
            case ImapException.ConnectionLost _,
                    ImapException.ProtocolError _,
                    ImapException.NotPossible _,
                    ImapException.PermissionDenied _,
                    ImapException.MessageNotFound _,
                    ImapException.PartNotFound _,
                    ImapException.UnknownEncoding _ ->
                    true;
            default -> false;
        };
    }

    List<List<FetchedMessage>> fetch(List<FetchRequest> requests) {
        var answers = new ArrayList<List<FetchedMessage>>();
        for (var request : requests) {
            answers.add(requests.size() == 1 ? bisect(request) : fetch(request));
        }
        return answers;
    }

    private List<FetchedMessage> fetch(FetchRequest request) {
        var answer = attempt(request);
        return answer == null ? bisect(request) : answer;
    }

    private List<FetchedMessage> bisect(FetchRequest request) {
        readsBody = readsBody(request);
        var found = new ArrayList<FetchedMessage>();
        halve(present(request), request.items(), found);
        found.sort(Comparator.comparingLong(FetchedMessage::uid));
        return found;
    }

    /** The requested messages that exist. */
    private List<FetchedMessage> present(FetchRequest request) {
        var answer = attempt(new FetchRequest(request.messages(), PRESENCE));
        return answer == null ? searched(request.messages()) : answer;
    }

    /**
     * The requested messages that exist, by SEARCH, for a server that fails even to fetch flags.
     */
    private List<FetchedMessage> searched(FetchRequest.Messages messages) {
        var all = run(mailbox -> mailbox.search(new SearchTerm.All()));
        if (all == null) {
            throw reason;
        }
        return switch (messages) {
            case FetchRequest.ByUid(var uids) ->
                    uids.within(all).stream().mapToObj(uid -> uidOnly(uid, 0)).toList();
            case FetchRequest.BySequenceNumber(long first, long last) -> {
                var uids = all.stream().skip(first - 1).limit(last - first + 1).toArray();
                var uidOnly = new ArrayList<FetchedMessage>();
                for (int i = 0; i < uids.length; i++) {
                    uidOnly.add(uidOnly(uids[i], first + i));
                }
                yield uidOnly;
            }
        };
    }

    private static FetchedMessage uidOnly(long uid, long place) {
        return degraded(place, uid, null, null);
    }

    private static FetchedMessage degraded(FetchedMessage known) {
        return degraded(known.place(), known.uid(), known.flags(), known.modSeq());
    }

    private static FetchedMessage degraded(
            long place, long uid, @Nullable Set<Flag> flags, @Nullable Long modSeq) {
        return new FetchedMessage(
                place, uid, flags, modSeq, null, null, null, null, null, null, null, Map.of(),
                true);
    }

    private void halve(
            List<FetchedMessage> messages, FetchItems items, List<FetchedMessage> found) {
        if (messages.isEmpty()) {
            return;
        }
        var answer = attempt(FetchRequest.uids(uids(messages), items));
        if (answer != null) {
            found.addAll(answer);
            found.addAll(omitted(messages, answer));
        } else if (messages.size() == 1) {
            found.addAll(fetchReduced(messages.getFirst(), items));
        } else {
            int middle = messages.size() / 2;
            halve(messages.subList(0, middle), items, found);
            halve(messages.subList(middle, messages.size()), items, found);
        }
    }

    private static UidSet uids(List<FetchedMessage> messages) {
        return UidSet.of(messages.stream().map(FetchedMessage::uid).toList());
    }

    /** Messages that still exist although the answer lacks them. */
    private List<FetchedMessage> omitted(List<FetchedMessage> asked, List<FetchedMessage> answer) {
        if (answer.size() >= asked.size()) {
            return List.of();
        }
        var answered = answer.stream().map(FetchedMessage::uid).collect(Collectors.toSet());
        var missing = asked.stream().filter(message -> !answered.contains(message.uid())).toList();
        var present = attempt(FetchRequest.uids(uids(missing), PRESENCE));
        return (present == null ? missing : present)
                .stream().map(BisectingFetch::degraded).toList();
    }

    /**
     * The data that can be fetched of a message whose full FETCH fails; empty when it is expunged.
     */
    private List<FetchedMessage> fetchReduced(FetchedMessage message, FetchItems items) {
        var uid = UidSet.of(message.uid());
        var header = attempt(FetchRequest.uids(uid, items.asFromHeader()));
        if (header != null) {
            return header;
        }
        if (readsBody) {
            throw reason;
        }
        var cheapItems =
                items.items().stream()
                        .filter(READ_WITHOUT_MESSAGE::contains)
                        .collect(Collectors.toSet());
        var messages = attempt(FetchRequest.uids(uid, FetchItems.of(cheapItems).asFromHeader()));
        return messages == null ? List.of(degraded(message)) : messages;
    }

    /** Null when a message may be the cause of the failure. */
    private @Nullable List<FetchedMessage> attempt(FetchRequest request) {
        return run(mailbox -> mailbox.fetch(List.of(request)).getFirst());
    }

    private <T> @Nullable T run(Function<SelectedMailbox, T> command) {
        if (++commands > MOST_COMMANDS
                || System.nanoTime() - started > LONGEST.toNanos()
                || !lease.connection().usable() && ++connections > MOST_CONNECTIONS) {
            throw reason;
        }
        try {
            return lease.readAnew(connection -> command.apply(mailbox.apply(connection)));
        } catch (ImapException e) {
            if (!mayHelp(e)) {
                throw e;
            }
            return null;
        }
    }

    /**
     * Whether the caller reads the body of one message; a degraded answer would be useless to it.
     */
    private static boolean readsBody(FetchRequest request) {
        return request.messages() instanceof FetchRequest.ByUid(var uids)
                && uids.size() == 1
                && request.items().sections().stream()
                        .anyMatch(range -> isBody(range.section().kind()));
    }

    private static boolean isBody(Section.Kind kind) {
        return kind == Section.Kind.BODY || kind == Section.Kind.TEXT;
    }
}
