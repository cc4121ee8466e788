package postern.batch;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.MessageRef;
import postern.imap.Rights;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.message.change.CopyTrace;
import postern.message.metadata.Keywords;
import postern.web.id.MessageId;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;

/**
 * The change that a batch makes in each mailbox. Once it has begun it throws nothing: each message
 * has its own result.
 *
 * @param destination of a move or a copy; null for other actions
 * @param rights the user's rights by mailbox, for a dry run, as far as known
 * @param trace how to find copies again; null if no repetition can ask for them
 */
record MailboxChange(
        FlagChange keywords,
        Batch.Action action,
        @Nullable MailboxName destination,
        boolean dryRun,
        Map<MailboxName, Rights> rights,
        @Nullable CopyTrace trace)
        implements MailboxWork {

    private static final FetchItems FLAGS = FetchItems.of(FetchItem.FLAGS);

    /** A dry run also selects for writing, to learn which flags can be stored. */
    @Override
    public Access access() {
        return action instanceof Batch.Copy ? Access.READ_ONLY : Access.READ_WRITE;
    }

    @Override
    public Map<MessageRef, BatchItem> of(SelectedMailbox mailbox, long uidValidity, UidSet uids) {
        var accountTag = mailbox.accountTag();
        LongFunction<MessageRef> ref =
                uid -> new MessageRef(mailbox.name(), uidValidity, uid, accountTag);
        if (mailbox.state().uidValidity() != uidValidity) {
            return all(uids, ref, Problem.of(new ImapException.MailboxReset()));
        }
        if (action instanceof Batch.Trash && to().same(mailbox.name())) {
            return all(
                    uids,
                    ref,
                    Problem.of(
                            ProblemCode.NOT_POSSIBLE,
                            "the message is in the trash already; `permanent` deletes it for"
                                    + " good"));
        }
        if (uids.isEmpty()) {
            return Map.of();
        }
        var ending = ending(mailbox, uids);
        var items = new LinkedHashMap<MessageRef, BatchItem>();
        for (var fate : ending.fates()) {
            var message = ref.apply(fate.uid());
            boolean stored = ending.stored().contains(fate.uid());
            items.put(message, item(MessageId.of(message), fate, stored));
        }
        return items;
    }

    /**
     * The outcome of each message.
     *
     * @param stored the UIDs whose keywords were stored before the action
     */
    private record Ending(List<MessageOutcome> fates, Set<Long> stored) {}

    private Ending ending(SelectedMailbox mailbox, UidSet uids) {
        var change = bulkChange(mailbox.name());
        if (trace != null && change != null) {
            trace.note(mailbox, uids);
        }
        if (dryRun || change == null && keywords.empty()) {
            return new Ending(look(mailbox, uids, change), Set.of());
        }
        if (change == null) {
            return new Ending(mailbox.apply(uids, new BulkChange.Store(keywords)), Set.of());
        }
        return keywords.empty()
                ? new Ending(mailbox.apply(uids, change), Set.of())
                : storeFirst(mailbox, uids, change);
    }

    private Ending storeFirst(SelectedMailbox mailbox, UidSet uids, BulkChange change) {
        var fates = new TreeMap<Long, MessageOutcome>();
        var stored = new TreeSet<Long>();
        for (var fate : mailbox.apply(uids, new BulkChange.Store(keywords))) {
            fates.put(fate.uid(), fate);
            if (fate instanceof MessageOutcome.Done) {
                stored.add(fate.uid());
            }
        }
        if (!stored.isEmpty()) {
            mailbox.apply(UidSet.of(stored), change).forEach(fate -> fates.put(fate.uid(), fate));
        }
        return new Ending(List.copyOf(fates.values()), stored);
    }

    private static Map<MessageRef, BatchItem> all(
            UidSet uids, LongFunction<MessageRef> ref, Problem problem) {
        var items = new LinkedHashMap<MessageRef, BatchItem>();
        uids.stream()
                .mapToObj(ref)
                .forEach(message ->
                        items.put(message, BatchItem.failed(MessageId.of(message), null, problem)));
        return items;
    }

    /** The expected outcome of each message in a dry run. */
    private List<MessageOutcome> look(
            SelectedMailbox mailbox, UidSet uids, @Nullable BulkChange change) {
        var obstacle = obstacle(mailbox, change);
        var lost =
                keywords.added().stream()
                        .filter(flag -> !mailbox.state().keeps(flag))
                        .collect(Collectors.toSet());
        var fates = new TreeMap<Long, MessageOutcome>();
        uids.stream().forEach(uid -> fates.put(uid, new MessageOutcome.Gone(uid)));
        for (var piece : uids.pieces()) {
            for (var message : mailbox.fetch(piece, FLAGS)) {
                long uid = message.uid();
                var flags = message.flags();
                boolean kept = flags == null ? lost.isEmpty() : flags.containsAll(lost);
                var reason = kept ? obstacle : notKept();
                fates.put(
                        uid,
                        reason == null
                                ? new MessageOutcome.Done(
                                        uid, flags == null ? null : after(flags), null)
                                : new MessageOutcome.Refused(uid, reason, null));
            }
        }
        return List.copyOf(fates.values());
    }

    /**
     * The reason for which the mail server would refuse the change of any message; null if there is
     * none.
     */
    private @Nullable ImapException obstacle(SelectedMailbox mailbox, @Nullable BulkChange change) {
        boolean removes = change != null && !(change instanceof BulkChange.Copy);
        boolean writes = removes || !keywords.empty();
        if (writes && mailbox.state().readOnly()) {
            return new ImapException.NotPossible("the mailbox can only be read", null);
        }
        var here = rights.get(mailbox.name());
        var there = change == null || destination == null ? null : rights.get(destination);
        boolean allowed =
                (here == null || (!removes || here.removeMessages()) && allows(here))
                        && (there == null || there.insert());
        return allowed ? null : new ImapException.PermissionDenied(null);
    }

    private boolean allows(Rights here) {
        return Stream.concat(keywords.added().stream(), keywords.removed().stream())
                .allMatch(flag -> flag.equals(Flag.SEEN) ? here.setSeen() : here.setFlags());
    }

    private static ImapException notKept() {
        return new ImapException.NotPossible("the mailbox does not keep these keywords", null);
    }

    private Set<Flag> after(Set<Flag> before) {
        var flags = new HashSet<Flag>(before);
        flags.addAll(keywords.added());
        flags.removeAll(keywords.removed());
        return flags;
    }

    /** Whether it moves messages to another mailbox. */
    boolean moves() {
        return action instanceof Batch.Move || action instanceof Batch.Trash;
    }

    /** Whether it copies the messages of this mailbox. */
    boolean copies(MailboxName where) {
        return bulkChange(where) instanceof BulkChange.Copy
                || bulkChange(where) instanceof BulkChange.Move;
    }

    private @Nullable BulkChange bulkChange(MailboxName where) {
        return switch (action) {
            case Batch.Nothing _ -> null;
            case Batch.Expunge _ -> new BulkChange.Expunge();
            case Batch.Copy _ -> new BulkChange.Copy(to());
            case Batch.Move _, Batch.Trash _ -> to().same(where) ? null : new BulkChange.Move(to());
        };
    }

    private MailboxName to() {
        if (destination == null) {
            throw new IllegalStateException("a move or a copy without a destination");
        }
        return destination;
    }

    static BatchItem item(MessageId id, MessageOutcome fate, boolean stored) {
        return switch (fate) {
            case MessageOutcome.Done(long _, var flags, var successor) ->
                    BatchItem.done(id, id(successor), flags == null ? null : Keywords.of(flags));
            case MessageOutcome.Gone _ ->
                    BatchItem.failed(id, null, Problem.of(new ImapException.MessageNotFound()));
            case MessageOutcome.Refused(long _, var reason, var successor) ->
                    BatchItem.failed(
                            id, id(successor), stored ? halfway(reason) : Problem.of(reason));
            case MessageOutcome.Unknown(long _, var _, var successor) ->
                    BatchItem.failed(
                            id,
                            id(successor),
                            Problem.of(
                                    ProblemCode.OUTCOME_UNKNOWN,
                                    "the connection to the mail server was lost meanwhile"));
        };
    }

    static Problem halfway(ImapException reason) {
        if (reason instanceof ImapException.OutcomeUnknown) {
            return Problem.of(reason);
        }
        return Problem.of(
                ProblemCode.of(reason),
                "the keywords are stored, but the message was not moved: " + reason.getMessage());
    }

    private static @Nullable MessageId id(@Nullable MessageRef message) {
        return message == null ? null : MessageId.of(message);
    }
}
