package postern.search;

import postern.message.metadata.SortedWalk.Hit;

/** A message of a page of search results. */
record PageEntry(MailboxResults source, Hit hit) {

    long uid() {
        return hit.uid();
    }
}
