package postern.message;

import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.Appended;
import postern.imap.BulkChange;
import postern.imap.Capabilities;
import postern.imap.Copied;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;
import postern.imap.message.Address;
import postern.imap.message.Envelope;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchListener;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.RawText;
import postern.imap.message.SearchTerm;
import postern.imap.message.SectionRange;
import postern.imap.message.SectionStream;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;
import postern.imap.message.ThreadedUids;
import postern.imap.message.UidSet;
import postern.testserver.SomeAccount;

/**
 * A mailbox for paging tests: other clients append and expunge in it, which the connection sees at
 * the NOOP before each flush. Like real servers it refuses sequence numbers past the end.
 */
public final class InMemoryMailbox implements SelectedMailbox {

    private final TreeMap<Long, Set<Flag>> messages = new TreeMap<>();
    private final Deque<Runnable> beforeFlushes = new ArrayDeque<>();
    private final List<String> trips = new ArrayList<>();
    private long uidNext = 1;
    private long heardOf;
    private Consumer<FetchedMessage> onAnswer = _ -> {};

    public InMemoryMailbox append(int count) {
        for (int i = 0; i < count; i++) {
            messages.put(uidNext++, Set.of());
        }
        return this;
    }

    InMemoryMailbox expunge(long... uids) {
        LongStream.of(uids).forEach(messages::remove);
        return this;
    }

    InMemoryMailbox expungeFrom(long first, long last) {
        return expunge(LongStream.rangeClosed(first, last).toArray());
    }

    /** Updates the connection's view to the current state. */
    public InMemoryMailbox selected() {
        heardOf = messages.size();
        trips.clear();
        return this;
    }

    /** Runs during the connection's next flush; once for each call. */
    void meanwhile(Runnable change) {
        beforeFlushes.add(change);
    }

    /** Called with each message of an answer. */
    public InMemoryMailbox onAnswer(Consumer<FetchedMessage> seen) {
        onAnswer = seen;
        return this;
    }

    /** The flushes since it was selected, such as {@code "951:* 1001:1050(all)"}. */
    public List<String> trips() {
        return trips;
    }

    @Override
    public MailboxName name() {
        return MailboxName.INBOX;
    }

    @Override
    public SelectedState state() {
        return new SelectedState(heardOf, 7, uidNext, null, true, null, null, null, false);
    }

    @Override
    public AccountTag accountTag() {
        return SomeAccount.TAG;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(List.of("IMAP4REV1"));
    }

    @Override
    public List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener) {
        noteNewMessages();
        trips.add(String.join(" ", requests.stream().map(InMemoryMailbox::words).toList()));
        var answers = requests.stream().map(this::answer).toList();
        answers.stream().flatMap(List::stream).forEach(listener::onFetched);
        return answers;
    }

    private void noteNewMessages() {
        var change = beforeFlushes.poll();
        if (change != null) {
            change.run();
        }
        heardOf = messages.size();
    }

    private static String words(FetchRequest request) {
        var items = request.items().items().equals(Set.of(FetchItem.FLAGS)) ? "(flags)" : "(all)";
        return items
                + switch (request.messages()) {
                    case FetchRequest.ByUid(var uids) -> "uid " + uids;
                    case FetchRequest.BySequenceNumber(long first, long last) ->
                            first + ":" + (last == FetchRequest.BySequenceNumber.END ? "*" : last);
                };
    }

    private List<FetchedMessage> answer(FetchRequest request) {
        var answer = new ArrayList<FetchedMessage>();
        var uids = List.copyOf(messages.keySet());
        for (int i = first(request.messages(), uids); i < uids.size(); i++) {
            if (names(request.messages(), i + 1, uids.get(i))) {
                answer.add(message(i + 1, uids.get(i), request.items()));
            }
        }
        answer.forEach(onAnswer);
        return answer;
    }

    /**
     * The index of the first matching message: avoids scanning large mailboxes for a few messages.
     */
    private static int first(FetchRequest.Messages wanted, List<Long> uids) {
        return switch (wanted) {
            case FetchRequest.ByUid(var named) when !named.isEmpty() -> {
                int at = Collections.binarySearch(uids, named.ranges().getFirst().first());
                yield at < 0 ? -at - 1 : at;
            }
            case FetchRequest.ByUid _, FetchRequest.BySequenceNumber _ -> 0;
        };
    }

    private boolean names(FetchRequest.Messages wanted, long place, long uid) {
        return switch (wanted) {
            case FetchRequest.ByUid(var uids) -> uids.contains(uid);
            case FetchRequest.BySequenceNumber(long first, long last) ->
                    first <= place
                            && place <= last
                            && (last <= messages.size()
                                    || last == FetchRequest.BySequenceNumber.END);
        };
    }

    private FetchedMessage message(long place, long uid, FetchItems items) {
        var described = items.items().contains(FetchItem.ENVELOPE);
        return new FetchedMessage(
                place,
                uid,
                messages.get(uid),
                null,
                items.items().contains(FetchItem.INTERNAL_DATE) ? arrival(uid) : null,
                items.items().contains(FetchItem.SIZE) ? uid : null,
                described ? envelope(uid) : null,
                null,
                null,
                null,
                null,
                Map.of(),
                false);
    }

    /**
     * The message with UID 1 arrived in the first second of 2026, each further one an hour later.
     */
    static Instant arrival(long uid) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(3600 * (uid - 1));
    }

    public static String subject(long uid) {
        return "message " + uid;
    }

    private static Envelope envelope(long uid) {
        var from = new Address(null, RawText.of("ada"), RawText.of("example.org"));
        return new Envelope(
                null,
                RawText.of(subject(uid)),
                List.of(from),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    @Override
    public UidSet search(SearchTerm term) {
        noteNewMessages();
        trips.add("search");
        return UidSet.of(messages.keySet().stream().filter(uid -> matches(term, uid)).toList());
    }

    @Override
    public SortedUids sort(SearchTerm term, SortKey key) {
        throw new UnsupportedOperationException();
    }

    private boolean matches(SearchTerm term, long uid) {
        return switch (term) {
            case SearchTerm.And(var terms) -> terms.stream().allMatch(t -> matches(t, uid));
            case SearchTerm.Uids(var uids) -> uids.contains(uid);
            case SearchTerm.Larger(long octets) -> uid > octets;
            case SearchTerm.Since(var day) -> !day(uid).isBefore(day);
            case SearchTerm.Before(var day) -> day(uid).isBefore(day);
            default -> throw new UnsupportedOperationException(term.toString());
        };
    }

    private static LocalDate day(long uid) {
        return arrival(uid).atZone(ZoneOffset.UTC).toLocalDate();
    }

    @Override
    public void close() {}

    @Override
    public ThreadedUids thread() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SectionStream open(long uid, SectionRange range) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SectionStream openDecoded(long uid, SectionRange range) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OptionalLong decodedSize(long uid, String partId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change, long unchangedSince) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Copied copy(UidSet uids, MailboxName destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Copied move(UidSet uids, MailboxName destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<MessageOutcome> apply(UidSet uids, BulkChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Appended replace(
            long uid,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void expunge(UidSet uids) {
        throw new UnsupportedOperationException();
    }
}
