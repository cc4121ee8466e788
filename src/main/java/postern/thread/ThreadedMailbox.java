package postern.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import postern.imap.FetchItems;
import postern.imap.FetchRequest;
import postern.imap.FetchedMessage;
import postern.imap.SearchTerm;
import postern.imap.SelectedMailbox;
import postern.imap.UidSet;

/** Finds out which messages of an open mailbox belong together, from what is known already on. */
final class ThreadedMailbox {

    /** So many headers are asked for at once, and so many times at once in a flush. */
    private static final int CHUNK = 500;

    private static final int CHUNKS = 4;

    private static final FetchItems NOTHING = FetchItems.of();

    private final SelectedMailbox mailbox;
    private final KnownMailbox known;

    ThreadedMailbox(SelectedMailbox mailbox, KnownMailbox known) {
        this.mailbox = mailbox;
        this.known = known;
    }

    /** By the mail server where it threads by references, else by what the headers say. */
    Conversations conversations() {
        return mailbox.capabilities().threadRefs() ? byServer() : byReferences();
    }

    private Conversations byServer() {
        var before = known.byServer();
        if (before != null && before.uids().equals(present(before.uids()))) {
            return before;
        }
        if (before == null) {
            hear();
        }
        var threads = mailbox.thread();
        var uids = Uids.of(IntStream.range(0, threads.size()).mapToLong(threads::uid));
        var now = Conversations.of(uids, threads);
        known.byServer(now);
        return now;
    }

    /** Reads the headers of all messages that are not known yet. */
    Conversations byReferences() {
        return byReferences(0, present());
    }

    /** Reads the headers of no more than so many of the newest messages. */
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
        complete(index, uids);
        var now = index.conversations(uids);
        known.byReferences(now);
        return now;
    }

    private Uids present() {
        var before = known.byReferences();
        if (before != null) {
            return present(before.uids());
        }
        hear();
        return all();
    }

    /**
     * What is in the mailbox now: what was before and what has come since, if the number of
     * messages agrees; else something has gone, and it is asked for the whole.
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
            hear();
        }
        return uids.count() == mailbox.state().messages() ? uids : all();
    }

    /** A connection that has had the mailbox open for long learns what came meanwhile. */
    private void hear() {
        mailbox.fetch(List.of());
    }

    private Uids all() {
        return Uids.of(mailbox.search(new SearchTerm.All()));
    }

    private void complete(ReferenceIndex index, Uids uids) {
        int next = uids.indexUpTo(index.lastSeen()) + 1;
        while (next < uids.count()) {
            var requests = new ArrayList<FetchRequest>(CHUNKS);
            for (int i = 0; i < CHUNKS && next < uids.count(); i++) {
                int end = Math.min(uids.count(), next + CHUNK);
                requests.add(headers(uids, next, end));
                next = end;
            }
            for (var answer : mailbox.fetch(requests)) {
                answer.forEach(message -> index.add(message.uid(), header(message)));
            }
            index.seen(uids.at(next - 1));
        }
    }

    private static FetchRequest headers(Uids uids, int from, int to) {
        var chunk = IntStream.range(from, to).mapToLong(uids::at).toArray();
        return FetchRequest.uids(UidSet.of(chunk), NOTHING.with(ReferenceHeader.SECTION));
    }

    static ReferenceHeader header(FetchedMessage message) {
        byte @Nullable [] octets = message.sections().get(ReferenceHeader.SECTION);
        return ReferenceHeader.parse(octets);
    }
}
