package postern.imap.client.command;

import postern.imap.Capabilities;
import postern.imap.client.wire.CommandLine;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;

/** UID SORT (RFC 5256 §3), with its result as ranges where the server has ESORT (RFC 5267). */
public final class SortCommand extends UidResultCommand {

    private final SortKey key;
    private final boolean ranges;
    private final SortedUids.Builder found = new SortedUids.Builder();

    public SortCommand(
            SearchTerm term, SortKey key, Capabilities capabilities, SearchCharset charset) {
        super("SORT", term, charset);
        this.key = key;
        this.ranges = capabilities.eSort();
    }

    @Override
    public void write(CommandLine line) {
        line.words("UID SORT ");
        if (ranges) {
            line.words("RETURN (ALL) ");
        }
        line.words("(" + key.wire() + ") " + charset() + " ");
        writeTerm(line);
    }

    /** Keeps the order of the UIDs; a descending range stays descending. */
    @Override
    void addRange(long first, long last) {
        found.add(first, last);
    }

    public SortedUids uids() {
        return found.build();
    }
}
