package postern.batch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.ChangeWatch;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.Rights;
import postern.mailbox.directory.MailboxResolver;
import postern.message.change.CopyOutcome;
import postern.message.change.CopyTrace;
import postern.message.change.LostCopyFinder;
import postern.message.change.MessageLocks;
import postern.search.MatchingMessages;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.idempotency.MessageTrail;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Carries out batches mailbox by mailbox, with as many in parallel as the account has free
 * connections.
 */
@Component
class Batches {

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MatchingMessages matching;
    private final MessageLocks locks;
    private final LostCopyFinder lostCopies;

    Batches(
            ImapConnections connections,
            MailboxResolver mailboxes,
            MatchingMessages matching,
            MessageLocks locks,
            LostCopyFinder lostCopies) {
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.matching = matching;
        this.locks = locks;
        this.lostCopies = lostCopies;
    }

    BatchResult run(Account account, Batch batch) {
        var trail = MessageTrail.current();
        var earlier = trail == null ? null : trail.earlier(UnfinishedBatch.class);
        var change = earlier == null ? change(account, batch) : earlier.change();
        var result = earlier == null ? run(account, batch, change) : repeat(account, earlier);
        if (trail != null && unfinished(result)) {
            if (change.trace() != null) {
                change.trace().ended();
            }
            trail.leave(new UnfinishedBatch(change, result.results(), result.matched()));
        }
        return result;
    }

    private static boolean unfinished(BatchResult result) {
        return result.results().stream().anyMatch(item -> item.unknown() || item.repeatable());
    }

    private BatchResult run(Account account, Batch batch, MailboxChange change) {
        return switch (batch.messages()) {
            case Batch.ByIds(var ids) -> byIds(account, ids, change);
            case Batch.Matching wanted -> matching(account, wanted, change);
        };
    }

    /** Determines unknown outcomes of an earlier attempt, and does what was not done. */
    private BatchResult repeat(Account account, UnfinishedBatch earlier) {
        var change = earlier.change();
        var repeated = new RepeatedBatch(earlier, copies(account, earlier));
        var left = repeated.left();
        if (left.isEmpty()) {
            return repeated.result(_ -> {
                throw new IllegalStateException("there was nothing left to do");
            });
        }
        try (var _ = locks.take(account, changed(left, change))) {
            return repeated.result(run(account, left, repeated)::of);
        }
    }

    private Map<MessageRef, CopyOutcome> copies(Account account, UnfinishedBatch earlier) {
        var change = earlier.change();
        var trace = change.trace();
        var open = earlier.unknown();
        open.keySet().removeIf(ref -> !change.copies(ref.mailbox()));
        return trace == null || open.isEmpty()
                ? Map.of()
                : lostCopies.find(
                        account,
                        new LostCopyFinder.Lost(trace, open, earlier.made(), change.moves()));
    }

    private BatchProgress run(Account account, List<MessageId> ids, MailboxWork work) {
        var groups = MessagesByMailbox.of(ids);
        var progress = new BatchProgress(AccountTag.of(account), groups, work);
        if (groups.size() == 1) {
            inOne(account, groups.mailboxes().getFirst(), work, progress);
        } else {
            inAll(account, groups, work, progress);
        }
        return progress;
    }

    private MailboxChange change(Account account, Batch batch) {
        var destination =
                switch (batch.action()) {
                    case Batch.Move(var to) -> mailboxes.resolveDestination(account, to);
                    case Batch.Copy(var to) -> mailboxes.resolveDestination(account, to);
                    case Batch.Trash _ -> trash(account);
                    case Batch.Nothing _, Batch.Expunge _ -> null;
                };
        if (batch.dryRun()) {
            var rights = rights(account, batch.messages(), destination);
            return new MailboxChange(
                    batch.keywords(), batch.action(), destination, true, rights, null);
        }
        if (destination != null && !batch.keywords().empty()) {
            requireMailbox(account, destination);
        }
        return new MailboxChange(
                batch.keywords(),
                batch.action(),
                destination,
                false,
                Map.of(),
                trace(account, destination));
    }

    /** Null without an idempotency key, or if the batch neither moves nor copies. */
    private @Nullable CopyTrace trace(Account account, @Nullable MailboxName destination) {
        if (destination == null || MessageTrail.current() == null) {
            return null;
        }
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return CopyTrace.before(connection, destination);
        }
    }

    /** The user's rights to the mailboxes; throws if the destination does not exist. */
    private Map<MailboxName, Rights> rights(
            Account account, Batch.Messages messages, @Nullable MailboxName destination) {
        var concerned = new LinkedHashSet<MailboxName>();
        switch (messages) {
            case Batch.ByIds(var ids) -> ids.forEach(id -> concerned.add(id.ref().mailbox()));
            case Batch.Matching wanted ->
                    concerned.add(mailboxes.resolve(account, wanted.mailbox()));
        }
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            if (destination != null) {
                connection.status(destination);
                concerned.add(destination);
            }
            return connection.rights(concerned);
        }
    }

    /** Checks the destination first: otherwise keywords would be stored although the move fails. */
    private void requireMailbox(Account account, MailboxName mailbox) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.status(mailbox);
        }
    }

    private MailboxName trash(Account account) {
        try {
            return mailboxes.resolve(account, MailboxId.parse(MailboxRole.TRASH.id()));
        } catch (ProblemException e) {
            throw e.code() == ProblemCode.MAILBOX_NOT_FOUND
                    ? new ProblemException(
                            ProblemCode.NOT_POSSIBLE,
                            "the account has no trash mailbox; `permanent` deletes for good")
                    : e;
        }
    }

    private BatchResult matching(Account account, Batch.Matching wanted, MailboxChange change) {
        var name = mailboxes.resolve(account, wanted.mailbox());
        MatchingMessages.Newest found;
        long uidValidity;
        List<MessageRef> refs;
        try (var mailbox = connections.select(account, name, change.access(), Lane.INTERACTIVE)) {
            found = matching.newest(mailbox, account, wanted.criteria(), wanted.limit());
            uidValidity = mailbox.state().uidValidity();
            if (change.dryRun()) {
                return result(change.of(mailbox, uidValidity, found.uids()), found);
            }
            refs = found.uids().stream().mapToObj(mailbox::message).toList();
        }
        try (var _ = locks.take(account, refs);
                var mailbox =
                        connections.select(account, name, change.access(), Lane.INTERACTIVE)) {
            return result(change.of(mailbox, uidValidity, found.uids()), found);
        }
    }

    private static BatchResult result(
            Map<MessageRef, BatchItem> items, MatchingMessages.Newest found) {
        return BatchResult.of(List.copyOf(items.values()).reversed(), found.matched());
    }

    private BatchResult byIds(Account account, List<MessageId> ids, MailboxChange change) {
        BatchProgress progress;
        try (var _ = locks.take(account, changed(ids, change))) {
            progress = run(account, ids, change);
        }
        return BatchResult.of(ids.stream().map(progress::of).toList(), null);
    }

    private static List<MessageRef> changed(List<MessageId> ids, MailboxChange change) {
        return change.dryRun() || change.action() instanceof Batch.Copy
                ? List.of()
                : ids.stream().map(MessageId::ref).toList();
    }

    /** Uses a connection on which this mailbox is already selected, if there is one. */
    private void inOne(
            Account account, MailboxName name, MailboxWork work, BatchProgress progress) {
        try (var mailbox = connections.select(account, name, work.access(), Lane.INTERACTIVE)) {
            progress.in(mailbox);
        } catch (ImapException.MailboxNotFound | ImapException.PermissionDenied e) {
            progress.refused(name, e);
        }
    }

    /**
     * If the mail server fails before any message was processed, the request fails; later, only the
     * messages not processed yet fail.
     */
    private void inAll(
            Account account, MessagesByMailbox groups, MailboxWork work, BatchProgress progress) {
        var undo = ChangeWatch.change(); // the changes are made on other threads
        try {
            var outcomes =
                    connections.each(
                            account,
                            groups.mailboxes(),
                            work.access(),
                            mailbox -> {
                                progress.in(mailbox);
                                return mailbox.name();
                            });
            for (var outcome : outcomes) {
                if (outcome instanceof MailboxOutcome.Refused<MailboxName>(var name, var reason)) {
                    progress.refused(name, reason);
                }
            }
        } catch (ImapException e) {
            if (progress.nothingDone()) {
                undo.run();
                throw e;
            }
            progress.failed(e);
        }
    }
}
