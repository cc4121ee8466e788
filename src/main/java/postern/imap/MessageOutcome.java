package postern.imap;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;

/** What became of one message among many. */
public sealed interface MessageOutcome {

    long uid();

    /**
     * It was done.
     *
     * @param flags as they are now; of a message that went, as they were
     * @param successor where it or its copy is now; null where the server did not say, or there is
     *     none
     */
    record Done(long uid, @Nullable Set<Flag> flags, @Nullable MessageRef successor)
            implements MessageOutcome {}

    /** There is no such message. */
    record Gone(long uid) implements MessageOutcome {}

    /**
     * It was not done.
     *
     * @param successor a copy that was made all the same
     */
    record Refused(long uid, ImapException reason, @Nullable MessageRef successor)
            implements MessageOutcome {}

    /** The connection was lost when the server may have done it or not. */
    record Unknown(long uid, ImapException reason, @Nullable MessageRef successor)
            implements MessageOutcome {}
}
