package postern.batch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ImapException;
import postern.imap.MessageOutcome;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.UidSet;
import postern.message.change.CopyOutcome;
import postern.message.metadata.Keywords;
import postern.web.id.MessageId;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;

/**
 * The repetition of a batch with the same idempotency key, once it is known which copies exist.
 * Completed changes are not repeated, unless they are idempotent; missing ones are made; and a
 * message that was copied for a move is removed.
 */
final class RepeatedBatch implements MailboxWork {

    private final UnfinishedBatch earlier;
    private final Map<MessageRef, CopyOutcome> copies;
    private final Map<MessageRef, @Nullable MessageRef> unknown;

    /**
     * @param copies the outcomes of all copies that were unknown; empty if the batch makes no
     *     copies
     */
    RepeatedBatch(UnfinishedBatch earlier, Map<MessageRef, CopyOutcome> copies) {
        this.earlier = earlier;
        this.copies = copies;
        this.unknown = earlier.unknown();
    }

    /** The messages that still need work; the others are not touched. */
    List<MessageId> left() {
        return earlier.items().stream().filter(this::left).map(BatchItem::id).toList();
    }

    private boolean left(BatchItem item) {
        if (!item.unknown()) {
            return item.repeatable();
        }
        var ref = item.id().ref();
        if (!earlier.change().copies(ref.mailbox())) {
            return true;
        }
        boolean moves = earlier.change().moves();
        return switch (copies.get(ref)) {
            case CopyOutcome.Made(var _, var _, boolean originalLeft) -> moves && originalLeft;
            case CopyOutcome.NotMade(boolean originalLeft) -> !moves || originalLeft;
            case null, default -> false;
        };
    }

    @Override
    public Access access() {
        return earlier.change().access();
    }

    @Override
    public Map<MessageRef, BatchItem> of(SelectedMailbox mailbox, long uidValidity, UidSet uids) {
        var copied = new LinkedHashMap<Long, CopyOutcome.Made>();
        var rest = new ArrayList<Long>();
        uids.stream()
                .forEach(uid -> {
                    var ref =
                            new MessageRef(mailbox.name(), uidValidity, uid, mailbox.accountTag());
                    if (copies.get(ref) instanceof CopyOutcome.Made made) {
                        copied.put(uid, made);
                    } else {
                        rest.add(uid);
                    }
                });
        var items = new LinkedHashMap<MessageRef, BatchItem>();
        copied.forEach((uid, made) -> {
            var ref = new MessageRef(mailbox.name(), uidValidity, uid, mailbox.accountTag());
            items.put(ref, moved(MessageId.of(ref), made));
        });
        if (!copied.isEmpty() && mailbox.state().uidValidity() == uidValidity) {
            for (var fate : mailbox.apply(UidSet.of(copied.keySet()), new BulkChange.Expunge())) {
                var ref =
                        new MessageRef(
                                mailbox.name(), uidValidity, fate.uid(), mailbox.accountTag());
                var made = copied.get(fate.uid());
                if (made != null) {
                    items.put(ref, removed(MessageId.of(ref), made, fate));
                }
            }
        }
        if (!rest.isEmpty()) {
            earlier.change()
                    .of(mailbox, uidValidity, UidSet.of(rest))
                    .forEach((ref, item) -> items.put(ref, again(ref, item)));
        }
        return items;
    }

    /** The result of removing a message that had already been copied. */
    private static BatchItem removed(MessageId id, CopyOutcome.Made made, MessageOutcome fate) {
        var newId = id(made.copy());
        return switch (fate) {
            case MessageOutcome.Done _, MessageOutcome.Gone _ -> moved(id, made);
            case MessageOutcome.Refused(var _, var reason, var _) ->
                    BatchItem.failed(
                            id,
                            newId,
                            Problem.of(
                                    ProblemCode.halfway(reason),
                                    "the message was copied, but not removed where it was: "
                                            + reason.getMessage()));
            case MessageOutcome.Unknown(var _, var reason, var _) ->
                    BatchItem.failed(
                            id, newId, Problem.of(new ImapException.OutcomeUnknown(reason)));
        };
    }

    private static BatchItem moved(MessageId id, CopyOutcome.Made made) {
        var flags = made.flags();
        return BatchItem.done(id, id(made.copy()), flags == null ? null : Keywords.of(flags));
    }

    /** If the message may have been removed by the earlier attempt, its absence is a success. */
    private BatchItem again(MessageRef ref, BatchItem item) {
        boolean gone =
                item.problem() != null
                        && item.problem().code().equals(ProblemCode.MESSAGE_NOT_FOUND.toString());
        return gone
                        && unknown.containsKey(ref)
                        && earlier.change().action() instanceof Batch.Expunge
                ? BatchItem.done(item.id(), null, null)
                : item;
    }

    /**
     * The results of all messages.
     *
     * @param worked the results of the messages in {@link #left()}
     */
    BatchResult result(Function<MessageId, BatchItem> worked) {
        var items = new ArrayList<BatchItem>();
        for (var item : earlier.items()) {
            if (left(item)) {
                items.add(worked.apply(item.id()));
            } else if (item.unknown()
                    && copies.get(item.id().ref()) instanceof CopyOutcome.Made made) {
                items.add(moved(item.id(), made));
            } else {
                items.add(item);
            }
        }
        return BatchResult.of(items, earlier.matched());
    }

    private static @Nullable MessageId id(@Nullable MessageRef message) {
        return message == null ? null : MessageId.of(message);
    }
}
