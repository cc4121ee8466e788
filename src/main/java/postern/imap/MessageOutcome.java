package postern.imap;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;

/** The outcome of one message in a bulk change. */
public sealed interface MessageOutcome {

    long uid();

    /**
     * The change was made.
     *
     * @param flags the current flags; of a message that was moved or expunged, the last ones
     * @param successor the message or its copy in the destination; null where there is none or the
     *     server did not say
     */
    record Done(long uid, @Nullable Set<Flag> flags, @Nullable MessageRef successor)
            implements MessageOutcome {}

    /** There is no such message. */
    record Gone(long uid) implements MessageOutcome {}

    /**
     * The change was not made.
     *
     * @param successor a copy that was made nevertheless
     */
    record Refused(long uid, ImapException reason, @Nullable MessageRef successor)
            implements MessageOutcome {}

    /** The connection was lost; the server may or may not have made the change. */
    record Unknown(long uid, ImapException reason, @Nullable MessageRef successor)
            implements MessageOutcome {}
}
