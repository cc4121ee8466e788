package postern.imap.message;

/** One FETCH of a flush: the messages and the items. */
public record FetchRequest(Messages messages, FetchItems items) {

    /** The messages of a FETCH. */
    public sealed interface Messages {}

    /** Messages by UID; expunged ones are left out of the answer. */
    public record ByUid(UidSet uids) implements Messages {}

    /**
     * Messages by sequence number, both ends included; {@link #END} is the last message when the
     * server runs the command. Sequence numbers change when messages are expunged, so that these
     * are valid for one flush only.
     */
    public record BySequenceNumber(long first, long last) implements Messages {

        public static final long END = Long.MAX_VALUE;

        public BySequenceNumber {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException("%d:%d are no places".formatted(first, last));
            }
        }
    }

    public static FetchRequest uids(UidSet uids, FetchItems items) {
        return new FetchRequest(new ByUid(uids), items);
    }

    public static FetchRequest places(long first, long last, FetchItems items) {
        return new FetchRequest(new BySequenceNumber(first, last), items);
    }
}
