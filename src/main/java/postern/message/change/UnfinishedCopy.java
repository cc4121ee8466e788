package postern.message.change;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapException;
import postern.imap.MessageRef;
import postern.web.idempotency.UnfinishedRequest;

/** A copy of one message with an unknown outcome. */
record UnfinishedCopy(CopyTrace trace) implements UnfinishedRequest {

    @Override
    public int octets() {
        return trace.octets();
    }

    /** Null when the copy was not made; throws OutcomeUnknown when that cannot be determined. */
    @Nullable CopiedMessage find(Account account, MessageRef message, LostCopyFinder copies) {
        var open = new HashMap<MessageRef, @Nullable MessageRef>();
        open.put(message, null);
        var found = copies.find(account, new LostCopyFinder.Lost(trace, open, Map.of(), false));
        return switch (found.get(message)) {
            case CopyOutcome.Made(var copy, var _, var _) ->
                    CopiedMessage.of(copy, trace.destination());
            case CopyOutcome.NotMade _ -> null;
            case null, default -> throw new ImapException.OutcomeUnknown(null);
        };
    }
}
