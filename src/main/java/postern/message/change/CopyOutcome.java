package postern.message.change;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.imap.message.Flag;

/** What was found out about a copy of which nobody knew whether it was made. */
public sealed interface CopyOutcome {

    /**
     * It is there.
     *
     * @param copy null where it cannot be told which of several equal ones it is
     * @param flags of the copy, where they were seen
     * @param originalLeft whether the original is there, too
     */
    record Made(@Nullable MessageRef copy, @Nullable Set<Flag> flags, boolean originalLeft)
            implements CopyOutcome {}

    /**
     * It is not there.
     *
     * @param originalLeft whether the original is there
     */
    record NotMade(boolean originalLeft) implements CopyOutcome {}

    /** It cannot be found out. */
    record Undecided() implements CopyOutcome {}
}
