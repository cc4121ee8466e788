package postern.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.FoundUids;
import postern.message.metadata.ListPosition;
import postern.message.metadata.MetadataLoader;

/** Finds one page of a mailbox's list, newest first. */
final class MessageListing {

    private final SelectedMailbox mailbox;
    private final MessageQuery query;
    private final MetadataLoader loader;

    MessageListing(SelectedMailbox mailbox, MessageQuery query, MetadataLoader loader) {
        this.mailbox = mailbox;
        this.query = query;
        this.loader = loader;
    }

    ListPage below(ListPosition anchor) {
        var terms = query.filter().terms();
        return terms.isEmpty()
                ? byPlace(anchor).orElseGet(() -> bySearch(anchor, terms))
                : bySearch(anchor, terms);
    }

    private Optional<ListPage> byPlace(ListPosition anchor) {
        var known = loader.mostlyKnown(anchor, query.limit());
        var items = known ? loader.flags() : loader.everything();
        var walk = new SequenceNumberWalk(mailbox, items, query.limit(), loader::onFetched);
        List<FetchRequest> news =
                known && anchor.top() ? loader.ofNewMail(query.limit()) : List.of();
        var slice = walk.below(anchor, news);
        loader.addFetched(walk.news());
        slice.ifPresent(found -> addFetched(found, known));
        return slice;
    }

    private void addFetched(ListPage found, boolean flagsOnly) {
        if (flagsOnly) {
            loader.complete(found.messages());
        } else {
            loader.addFetched(found.messages());
        }
    }

    private ListPage bySearch(ListPosition anchor, List<SearchTerm> terms) {
        var candidates = new FoundUids(mailbox.search(below(anchor, terms)));
        var found = new ArrayList<FetchedMessage>();
        while (found.size() < needed() && candidates.left()) {
            found.addAll(accepted(candidates.newest(query.limit())));
        }
        int size = Math.min(found.size(), query.limit());
        return new ListPage(found.subList(0, size), found.size() > size || candidates.left());
    }

    /**
     * When results are filtered by arrival time, it takes one more match to know that there is
     * more.
     */
    private int needed() {
        return query.filter().exact() ? query.limit() + 1 : query.limit();
    }

    private static SearchTerm below(ListPosition anchor, List<SearchTerm> terms) {
        if (anchor.top()) {
            return new SearchTerm.And(terms);
        }
        var all = new ArrayList<>(terms);
        var older = anchor.uid() > 1 ? UidSet.range(1, anchor.uid() - 1) : UidSet.EMPTY;
        all.add(new SearchTerm.Uids(older));
        return new SearchTerm.And(all);
    }

    private List<FetchedMessage> accepted(UidSet uids) {
        return loader.fetch(uids).stream().filter(this::accepted).toList();
    }

    private boolean accepted(FetchedMessage message) {
        var known = loader.of(message.uid());
        return known != null && query.filter().accepts(known);
    }
}
