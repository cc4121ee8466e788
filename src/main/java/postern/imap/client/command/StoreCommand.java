package postern.imap.client.command;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;

/**
 * UID STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE where a mod-sequence is given (RFC 7162 §3.1.3).
 */
public final class StoreCommand extends Command {

    /** How the flags are changed. */
    public enum Action {
        ADD("+FLAGS.SILENT"),
        REMOVE("-FLAGS.SILENT"),
        REPLACE("FLAGS.SILENT");

        private final String words;

        Action(String words) {
            this.words = words;
        }
    }

    private final UidSet uids;
    private final Action action;
    private final Collection<Flag> flags;
    private final @Nullable Long unchangedSince;

    public StoreCommand(
            UidSet uids, Action action, Collection<Flag> flags, @Nullable Long unchangedSince) {
        super("STORE");
        this.uids = uids;
        this.action = action;
        this.flags = flags;
        this.unchangedSince = unchangedSince;
    }

    @Override
    public void write(CommandLine line) {
        line.uid("STORE", uids).space();
        if (unchangedSince != null) {
            line.words("(UNCHANGEDSINCE " + unchangedSince + ") ");
        }
        line.words(action.words + " ").flags(flags);
    }

    /** MODIFIED also comes with an OK, when some of the messages were changed. */
    @Override
    public void throwUnlessOk() {
        if (hasCode("MODIFIED")) {
            throw new ImapException.MessageModified(code());
        }
        super.throwUnlessOk();
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return inWords(
                "the mail server does not store these flags here", super.refusal(code, text));
    }
}
