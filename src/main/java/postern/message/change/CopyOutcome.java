package postern.message.change;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.imap.message.Flag;

/** The outcome of a copy whose tagged response was lost with the connection. */
public sealed interface CopyOutcome {

    /**
     * The copy was made.
     *
     * @param copy null when several equal messages could be the copy
     * @param flags of the copy, if they were read
     * @param originalLeft whether the original still exists
     */
    record Made(@Nullable MessageRef copy, @Nullable Set<Flag> flags, boolean originalLeft)
            implements CopyOutcome {}

    /**
     * The copy was not made.
     *
     * @param originalLeft whether the original still exists
     */
    record NotMade(boolean originalLeft) implements CopyOutcome {}

    /** It cannot be determined whether the copy was made. */
    record Undecided() implements CopyOutcome {}
}
