package postern.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchListener;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchRequest.BySequenceNumber;
import postern.imap.message.FetchedMessage;
import postern.message.metadata.ListPosition;

/**
 * Finds the newest messages below an anchor by their sequence numbers. Most often this takes one
 * round trip; it never needs SEARCH.
 *
 * <p>The sequence number of a message only decreases, when older messages are expunged; new
 * messages are appended at the end. So all messages older than the anchor have lower sequence
 * numbers than the one it once had; the walk down from there skips newer messages that it meets.
 */
final class SequenceNumberWalk {

    /**
     * After that many round trips SEARCH is cheaper: many messages were expunged, or the hint was
     * wrong.
     */
    private static final int MOST_TRIPS = 3;

    private final SelectedMailbox mailbox;
    private final FetchItems items;
    private final int limit;
    private final FetchListener listener;
    private final List<FetchedMessage> found = new ArrayList<>();
    private final List<FetchedMessage> news = new ArrayList<>();

    private record Places(long first, long last) {

        static Places upTo(long last, long count) {
            return new Places(Math.max(1, last - count + 1), last);
        }

        Places toTheEnd() {
            return new Places(first, BySequenceNumber.END);
        }

        /**
         * The next range to fetch, given how many messages the mailbox now has. When the last
         * sequence number was past the end, the server refused the whole range: the mailbox had
         * just shrunk.
         */
        Places next(long messages, long count) {
            var refused = last > messages && last != BySequenceNumber.END;
            return upTo(Math.min(refused ? last : first - 1, messages), count);
        }

        /** Whether the range reaches down to the oldest message. */
        boolean bottom(long messages) {
            return first == 1 && (last <= messages || last == BySequenceNumber.END);
        }
    }

    /**
     * @param listener called with each message as it arrives
     */
    SequenceNumberWalk(
            SelectedMailbox mailbox, FetchItems items, int limit, FetchListener listener) {
        this.mailbox = mailbox;
        this.items = items;
        this.limit = limit;
        this.listener = listener;
    }

    /**
     * Empty when the sequence numbers do not lead to the anchor.
     *
     * @param alongside further requests for the first flush; {@link #news()} returns their results
     */
    Optional<ListPage> below(ListPosition anchor, List<FetchRequest> alongside) {
        if (anchor.place() < 1) {
            return Optional.empty();
        }
        if (mailbox.state().messages() == 0) {
            mailbox.fetch(List.of()); // a NOOP, so that the server can announce the first message
        }
        var places = start(anchor);
        if (places.last() == 0) {
            return Optional.of(ListPage.EMPTY);
        }
        var answer = fetch(places, alongside);
        if (anchor.top()) {
            answer = withLatecomers(answer);
        }
        return reaches(anchor, places, answer)
                ? walk(anchor.uid(), places, answer)
                : Optional.empty();
    }

    List<FetchedMessage> news() {
        return news;
    }

    /**
     * A server may announce new messages only after the FETCH that did not include them. They are
     * fetched as well, for at most {@link #MOST_TRIPS} round trips.
     */
    private List<FetchedMessage> withLatecomers(List<FetchedMessage> answer) {
        var all = new ArrayList<>(answer);
        for (int trip = 1; trip <= MOST_TRIPS; trip++) {
            long reached = all.isEmpty() ? 0 : all.getLast().place();
            long messages = mailbox.state().messages();
            if (reached >= messages) {
                break;
            }
            long first = Math.max(reached + 1, messages - limit + 1);
            all.addAll(fetch(new Places(first, messages).toTheEnd(), List.of()));
        }
        return all;
    }

    /**
     * Includes the anchor's own sequence number: finding the anchor or a newer message there proves
     * the hint right.
     */
    private Places start(ListPosition anchor) {
        long messages = mailbox.state().messages();
        if (messages == 0) {
            return new Places(1, 0);
        }
        if (anchor.top()) {
            return Places.upTo(messages, limit).toTheEnd();
        }
        return anchor.place() < messages
                ? Places.upTo(anchor.place(), limit + 1L)
                : Places.upTo(messages, limit + 1L).toTheEnd();
    }

    private static boolean reaches(
            ListPosition anchor, Places places, List<FetchedMessage> answer) {
        return places.last() == BySequenceNumber.END
                || !answer.isEmpty() && answer.getLast().uid() >= anchor.uid();
    }

    private Optional<ListPage> walk(long bound, Places places, List<FetchedMessage> answer) {
        for (int trip = 1; ; trip++) {
            boolean more = take(answer, found.isEmpty() ? bound : found.getLast().uid());
            long messages = mailbox.state().messages();
            if (found.size() == limit || places.bottom(messages)) {
                return Optional.of(new ListPage(found, more || places.first() > 1));
            }
            places = places.next(messages, limit - found.size());
            if (places.last() == 0) {
                return Optional.of(new ListPage(found, false));
            }
            if (trip == MOST_TRIPS) {
                return Optional.empty();
            }
            answer = fetch(places, List.of());
        }
    }

    /** Returns whether there were more messages than the limit. */
    private boolean take(List<FetchedMessage> answer, long bound) {
        for (var message : answer.reversed()) {
            if (message.uid() >= bound) {
                continue;
            }
            if (found.size() == limit) {
                return true;
            }
            found.add(message);
        }
        return false;
    }

    private List<FetchedMessage> fetch(Places places, List<FetchRequest> alongside) {
        var wanted = FetchRequest.places(places.first(), places.last(), items);
        var requests = Stream.concat(Stream.of(wanted), alongside.stream()).toList();
        var answers = mailbox.fetch(requests, listener);
        answers.stream().skip(1).forEach(news::addAll);
        return answers.getFirst();
    }
}
