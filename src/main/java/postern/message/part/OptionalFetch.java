package postern.message.part;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;

/**
 * FETCHes of optional data, without which a list or a message can be shown. When the server refuses
 * a FETCH, it is split in halves until the messages that cause the refusal are isolated; the number
 * of refusals is bounded. When the connection is lost, the remaining requests are dropped.
 */
public final class OptionalFetch {

    /** Enough for a binary search of one message among a thousand. */
    private static final int MOST_REFUSALS = 16;

    private final SelectedMailbox mailbox;
    private int refusals;
    private boolean failed;

    public OptionalFetch(SelectedMailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** Whether a request failed that may succeed later. */
    boolean failed() {
        return failed;
    }

    /**
     * Sends all of these in one flush.
     *
     * @param answered called with each answer
     * @param refused called with each UID for which the server refuses the FETCH
     */
    public void fetch(
            List<FetchRequest> requests,
            Consumer<List<FetchedMessage>> answered,
            LongConsumer refused) {
        if (failed) {
            return;
        }
        if (refusals >= MOST_REFUSALS) {
            requests.forEach(request -> uids(request).stream().forEach(refused));
            return;
        }
        List<List<FetchedMessage>> answers;
        try {
            answers = mailbox.fetchExtras(requests);
        } catch (ImapException e) {
            if (refuses(e)) {
                refusals++;
                inParts(requests, answered, refused);
            } else {
                failed = true;
            }
            return;
        }
        answers.forEach(answered);
    }

    private void inParts(
            List<FetchRequest> requests,
            Consumer<List<FetchedMessage>> answered,
            LongConsumer refused) {
        if (requests.size() > 1) {
            requests.forEach(request -> fetch(List.of(request), answered, refused));
            return;
        }
        var items = requests.getFirst().items();
        var uids = uids(requests.getFirst()).stream().toArray();
        if (uids.length == 1) {
            refused.accept(uids[0]);
            return;
        }
        int middle = uids.length / 2;
        var lower = UidSet.of(Arrays.copyOfRange(uids, 0, middle));
        var upper = UidSet.of(Arrays.copyOfRange(uids, middle, uids.length));
        fetch(List.of(FetchRequest.uids(lower, items)), answered, refused);
        fetch(List.of(FetchRequest.uids(upper, items)), answered, refused);
    }

    /** Whether a retry would fail in the same way. */
    public static boolean refuses(ImapException reason) {
        return switch (reason) {
            case ImapException.NotPossible _,
                    ImapException.ProtocolError _,
                    ImapException.PermissionDenied _,
                    ImapException.MessageNotFound _,
                    ImapException.PartNotFound _,
                    ImapException.UnknownEncoding _ ->
                    true;
            default -> false;
        };
    }

    private static UidSet uids(FetchRequest request) {
        return request.messages() instanceof FetchRequest.ByUid(var uids) ? uids : UidSet.EMPTY;
    }
}
