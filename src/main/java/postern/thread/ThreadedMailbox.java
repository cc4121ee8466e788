package postern.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;

/** Groups the messages of a selected mailbox into conversations, starting from the cached ones. */
final class ThreadedMailbox {

    /** The number of headers in one FETCH; one flush has {@link #CHUNKS} of these. */
    private static final int CHUNK = 500;

    private static final int CHUNKS = 4;

    private static final FetchItems NOTHING = FetchItems.of();
    private static final FetchItems HEADER = NOTHING.with(ReferenceHeader.SECTION);
    private static final FetchItems NAME = FetchItems.of(FetchItem.THREAD_ID);

    private final SelectedMailbox mailbox;
    private final KnownMailbox known;

    ThreadedMailbox(SelectedMailbox mailbox, KnownMailbox known) {
        this.mailbox = mailbox;
        this.known = known;
    }

    /** Uses the server's thread ids or its THREAD=REFERENCES, else the reference headers. */
    Conversations conversations() {
        var named = byNames();
        if (named != null) {
            return named;
        }
        if (!mailbox.capabilities().threadRefs()) {
            return byReferences();
        }
        try {
            return byServer();
        } catch (ImapException.NotPossible _) {
            return byReferences(); // the server announces THREAD but refuses it
        }
    }

    /** Null when the mail server has no thread ids, even if it announces them. */
    @Nullable Conversations byNames() {
        if (!mailbox.capabilities().threadIds() || known.unnamed()) {
            return null;
        }
        var before = known.byServer();
        var uids = before == null ? presentAtFirst() : present(before.uids());
        if (uids.count() == 0) {
            return new ReferenceIndex(0).conversations(uids);
        }
        var index = known.names(uids);
        if (before != null && index != null && before.uids().equals(uids)) {
            return before;
        }
        if (index == null) {
            if (!named(uids)) {
                return null;
            }
            index = new ReferenceIndex(0);
        }
        complete(index, uids, NAME, message -> ReferenceHeader.of(message.threadId()));
        var now = index.conversations(uids);
        known.byNames(index, now);
        return now;
    }

    /** Some servers have thread ids only if configured so, for example Cyrus. */
    private boolean named(Uids uids) {
        if (mailbox.capabilities().gmail()) {
            return true;
        }
        var newest = mailbox.fetch(UidSet.of(uids.last()), NAME);
        if (!newest.isEmpty() && newest.getFirst().threadId() == null) {
            known.foundUnnamed();
        }
        return !newest.isEmpty() && newest.getFirst().threadId() != null;
    }

    private Conversations byServer() {
        var before = known.byServer();
        if (before != null && before.uids().equals(present(before.uids()))) {
            return before;
        }
        if (before == null) {
            refresh();
        }
        var threads = mailbox.thread();
        var uids = Uids.of(IntStream.range(0, threads.size()).mapToLong(threads::uid));
        var now = Conversations.of(uids, threads);
        known.byServer(now);
        return now;
    }

    /** Reads the headers of all messages that are not indexed yet. */
    Conversations byReferences() {
        return byReferences(0, present());
    }

    /** Reads the headers of at most this many of the newest messages. */
    Conversations ofNewest(int most) {
        var uids = present();
        long floor = uids.count() <= most ? 0 : uids.at(uids.count() - most - 1);
        return byReferences(floor, uids);
    }

    private Conversations byReferences(long floor, Uids uids) {
        var before = known.byReferences();
        var index = known.index(floor, uids);
        if (before != null && before.uids().equals(uids) && index.lastSeen() >= uids.last()) {
            return before;
        }
        complete(index, uids, HEADER, ThreadedMailbox::header);
        var now = index.conversations(uids);
        known.byReferences(now);
        return now;
    }

    private Uids present() {
        var before = known.byReferences();
        if (before != null) {
            return present(before.uids());
        }
        return presentAtFirst();
    }

    private Uids presentAtFirst() {
        refresh();
        return all();
    }

    /**
     * The UIDs in the mailbox now: those before plus the new ones, if their number equals EXISTS;
     * otherwise messages were expunged, and all UIDs are searched for.
     */
    private Uids present(Uids before) {
        var uids = before;
        if (before.last() < UidSet.MAX) {
            var news = mailbox.fetch(UidSet.from(before.last() + 1), NOTHING);
            uids =
                    news.isEmpty()
                            ? before
                            : before.with(news.stream().mapToLong(FetchedMessage::uid));
        } else {
            refresh();
        }
        return uids.count() == mailbox.state().messages() ? uids : all();
    }

    /** A NOOP, which updates the state of a mailbox that was selected long ago. */
    private void refresh() {
        mailbox.fetch(List.of());
    }

    private Uids all() {
        return Uids.of(mailbox.search(new SearchTerm.All()));
    }

    private void complete(
            ReferenceIndex index,
            Uids uids,
            FetchItems items,
            Function<FetchedMessage, ReferenceHeader> read) {
        int next = uids.indexUpTo(index.lastSeen()) + 1;
        while (next < uids.count()) {
            var requests = new ArrayList<FetchRequest>(CHUNKS);
            for (int i = 0; i < CHUNKS && next < uids.count(); i++) {
                int end = Math.min(uids.count(), next + CHUNK);
                requests.add(request(uids, next, end, items));
                next = end;
            }
            for (var answer : mailbox.fetch(requests)) {
                answer.forEach(message -> index.add(message.uid(), read.apply(message)));
            }
            index.seen(uids.at(next - 1));
        }
    }

    private static FetchRequest request(Uids uids, int from, int to, FetchItems items) {
        var chunk = IntStream.range(from, to).mapToLong(uids::at).toArray();
        return FetchRequest.uids(UidSet.of(chunk), items);
    }

    static ReferenceHeader header(FetchedMessage message) {
        byte @Nullable [] octets = message.sections().get(ReferenceHeader.SECTION);
        return ReferenceHeader.parse(octets);
    }
}
