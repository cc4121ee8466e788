package postern.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountTag;
import postern.attachment.MessageStream;
import postern.attachment.MessageStreams;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.ReceivedRange;
import postern.web.id.Cursor;

/**
 * Reads a mailbox from its first message to its last. Small messages are fetched in batches and
 * held in memory while they are written; large ones are streamed. No connection is held while a
 * batch is written.
 */
@Component
class Exports {

    /** Messages per FETCH of sizes or dates. */
    private static final int LOOK_AHEAD = 1_000;

    private static final FetchItems SIZES = FetchItems.of(FetchItem.SIZE);
    private static final FetchItems ARRIVALS = FetchItems.of(FetchItem.INTERNAL_DATE);

    private final ImapConnections connections;
    private final MessageStreams streams;

    Exports(ImapConnections connections, MessageStreams streams) {
        this.connections = connections;
        this.streams = streams;
    }

    /**
     * Determines the next page: in UID order, after the cursor, bounded by messages and octets, but
     * with at least one message if any in the range is left. Throws MailboxReset if the cursor has
     * another UIDVALIDITY.
     */
    ExportPage page(
            Account account,
            MailboxName mailbox,
            @Nullable Cursor cursor,
            ReceivedRange arrival,
            int limit,
            @Nullable Long maxBytes) {
        var begin = ExportCursor.of(cursor);
        long after = begin.uid();
        try (var selected = connections.select(account, mailbox, Access.READ_ONLY, Lane.BULK)) {
            begin.requireSameNumbering(selected);
            var left = after == UidSet.MAX ? UidSet.EMPTY : left(selected, after, arrival);
            long uidValidity = selected.state().uidValidity();
            long last = last(selected, left, limit, maxBytes);
            boolean more = !left.isEmpty() && last < left.ranges().getLast().last();
            var uids = more ? upTo(left, last) : left;
            long end = uids.isEmpty() ? after : uids.ranges().getLast().last();
            var resume = new ExportCursor(uidValidity, end).toCursor();
            return new ExportPage(mailbox, uidValidity, uids, more ? resume : null, resume);
        }
    }

    /** The UIDs after this one whose INTERNALDATE is in the range. */
    private static UidSet left(SelectedMailbox mailbox, long after, ReceivedRange arrival) {
        var behind = new SearchTerm.Uids(UidSet.from(after + 1));
        if (!arrival.exact()) {
            return mailbox.search(all(behind, arrival.terms()));
        }
        // SEARCH knows only days: INTERNALDATE is fetched only for messages of the days at the
        // boundaries.
        var certain = mailbox.search(all(behind, arrival.certain()));
        var doubtful = new ArrayList<>(arrival.terms());
        doubtful.add(new SearchTerm.Not(new SearchTerm.And(arrival.certain())));
        var looked = arrived(mailbox, mailbox.search(all(behind, doubtful)), arrival);
        return certain.with(looked);
    }

    private static SearchTerm all(SearchTerm behind, List<SearchTerm> others) {
        var terms = new ArrayList<SearchTerm>(List.of(behind));
        terms.addAll(others);
        return terms.size() == 1 ? behind : new SearchTerm.And(terms);
    }

    private static UidSet arrived(SelectedMailbox mailbox, UidSet uids, ReceivedRange arrival) {
        var ranges = new ArrayList<UidSet.Range>();
        var all = uids.iterator();
        while (all.hasNext()) {
            var chunk = UidSet.of(next(all, LOOK_AHEAD));
            var arrived =
                    mailbox.fetch(chunk, ARRIVALS).stream()
                            .filter(message -> arrival.accepts(message.internalDate()))
                            .map(FetchedMessage::uid)
                            .toList();
            ranges.addAll(UidSet.of(arrived).ranges());
        }
        return new UidSet(ranges);
    }

    /** The last UID of the page; arbitrary if the page is empty. */
    private static long last(
            SelectedMailbox mailbox, UidSet left, int limit, @Nullable Long maxBytes) {
        long last = 0;
        long octets = 0;
        int messages = 0;
        var uids = left.iterator();
        while (uids.hasNext() && messages < limit) {
            var chunk = next(uids, Math.min(LOOK_AHEAD, limit - messages));
            messages += chunk.size();
            if (maxBytes != null) {
                for (var message : mailbox.fetch(UidSet.of(chunk), SIZES)) {
                    octets += Objects.requireNonNullElse(message.size(), 0L);
                    if (octets > maxBytes && last > 0) {
                        return last;
                    }
                    last = message.uid();
                }
            }
            last = chunk.getLast();
        }
        return last;
    }

    private static UidSet upTo(UidSet uids, long last) {
        return new UidSet(
                uids.ranges().stream()
                        .filter(range -> range.first() <= last)
                        .map(range -> new UidSet.Range(range.first(), Math.min(range.last(), last)))
                        .toList());
    }

    private static List<Long> next(PrimitiveIterator.OfLong uids, int count) {
        var chunk = new ArrayList<Long>(count);
        while (chunk.size() < count && uids.hasNext()) {
            chunk.add(uids.nextLong());
        }
        return chunk;
    }

    /** Writes the messages of the page that still exist. */
    void write(Account account, ExportPage page, MessageArchive archive) throws IOException {
        ExportBatches.Mailbox mailbox = (uids, items) -> fetch(account, page, uids, items);
        try (var batches = new ExportBatches(mailbox, page.uids())) {
            for (var batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
                for (var item : batch) {
                    if (item.octets() != null) {
                        archive.add(item.facts(), new ByteArrayInputStream(item.octets()));
                    } else {
                        stream(account, page, item.facts(), archive);
                    }
                }
            }
        }
    }

    private void stream(
            Account account, ExportPage page, FetchedMessage message, MessageArchive archive)
            throws IOException {
        var ref =
                new MessageRef(
                        page.mailbox(), page.uidValidity(), message.uid(), AccountTag.of(account));
        MessageStream octets;
        try {
            octets = streams.open(account, ref);
        } catch (ImapException.MessageNotFound _) {
            return; // expunged meanwhile; after its first octet that would be a failure
        }
        try (octets) {
            archive.add(message, octets);
        }
    }

    /** Borrows a connection for each fetch and returns it before anything is written. */
    private List<FetchedMessage> fetch(
            Account account, ExportPage page, UidSet uids, FetchItems items) {
        try (var mailbox =
                connections.select(account, page.mailbox(), Access.READ_ONLY, Lane.BULK)) {
            mailbox.requireUidValidity(page.uidValidity());
            return mailbox.fetch(uids, items);
        }
    }
}
