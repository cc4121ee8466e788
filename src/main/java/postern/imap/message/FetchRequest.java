package postern.imap.message;

/** One FETCH of a flush: which messages, and what of each. */
public record FetchRequest(Messages messages, FetchItems items) {

    /** Which messages a command names. */
    public sealed interface Messages {}

    /** Messages by UID; those that are gone are left out of the answer. */
    public record ByUid(UidSet uids) implements Messages {}

    /**
     * Messages by their place in the mailbox, from the first to the last place; {@link #END} is
     * wherever the mailbox ends by then. Places move when messages are expunged: good for one
     * flush, never to be kept.
     */
    public record ByPlace(long first, long last) implements Messages {

        public static final long END = Long.MAX_VALUE;

        public ByPlace {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException("%d:%d are no places".formatted(first, last));
            }
        }
    }

    public static FetchRequest uids(UidSet uids, FetchItems items) {
        return new FetchRequest(new ByUid(uids), items);
    }

    public static FetchRequest places(long first, long last, FetchItems items) {
        return new FetchRequest(new ByPlace(first, last), items);
    }
}
