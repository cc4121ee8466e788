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
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.Outcome;
import postern.imap.Rights;
import postern.message.MessageLocks;
import postern.search.MatchingMessages;
import postern.web.MailboxId;
import postern.web.MailboxResolver;
import postern.web.MessageId;
import postern.web.ProblemCode;
import postern.web.ProblemException;

/** Carries batches out: mailbox by mailbox, in as many at a time as the account can spare. */
@Component
class Batches {

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MatchingMessages matching;
    private final MessageLocks locks;

    Batches(
            ImapConnections connections,
            MailboxResolver mailboxes,
            MatchingMessages matching,
            MessageLocks locks) {
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.matching = matching;
        this.locks = locks;
    }

    BatchResult run(Account account, Batch batch) {
        var change = change(account, batch);
        return switch (batch.messages()) {
            case Batch.ByIds(var ids) -> byIds(account, ids, change);
            case Batch.Matching wanted -> matching(account, wanted, change);
        };
    }

    private Change change(Account account, Batch batch) {
        var destination =
                switch (batch.action()) {
                    case Batch.Move(var to) -> mailboxes.resolve(account, to);
                    case Batch.Copy(var to) -> mailboxes.resolve(account, to);
                    case Batch.Trash _ -> trash(account);
                    case Batch.Nothing _, Batch.Expunge _ -> null;
                };
        if (batch.dryRun()) {
            var rights = rights(account, batch.messages(), destination);
            return new Change(batch.keywords(), batch.action(), destination, true, rights);
        }
        if (destination != null && !batch.keywords().empty()) {
            requireMailbox(account, destination);
        }
        return new Change(batch.keywords(), batch.action(), destination, false, Map.of());
    }

    /** What the user may do where; throws when there is nowhere to move to. */
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

    /** Or keywords would be stored of messages that cannot be moved. */
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

    private BatchResult matching(Account account, Batch.Matching wanted, Change change) {
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

    private BatchResult byIds(Account account, List<MessageId> ids, Change change) {
        var groups = Groups.of(ids);
        var progress = new BatchProgress(AccountTag.of(account), groups, change);
        try (var _ = locks.take(account, changed(ids, change))) {
            if (groups.size() == 1) {
                inOne(account, groups.mailboxes().getFirst(), change, progress);
            } else {
                inAll(account, groups, change, progress);
            }
        }
        return BatchResult.of(ids.stream().map(progress::of).toList(), null);
    }

    private static List<MessageRef> changed(List<MessageId> ids, Change change) {
        return change.dryRun() || change.action() instanceof Batch.Copy
                ? List.of()
                : ids.stream().map(MessageId::ref).toList();
    }

    /** On the connection that has this mailbox open, if there is one. */
    private void inOne(Account account, MailboxName name, Change change, BatchProgress progress) {
        try (var mailbox = connections.select(account, name, change.access(), Lane.INTERACTIVE)) {
            progress.in(mailbox);
        } catch (ImapException.MailboxNotFound | ImapException.PermissionDenied e) {
            progress.refused(name, e);
        }
    }

    /**
     * A mail server that fails as a whole fails the request while nothing was done; later it costs
     * those messages that had not had their turn.
     */
    private void inAll(Account account, Groups groups, Change change, BatchProgress progress) {
        var undo = ChangeWatch.change(); // others' threads change what this one answers for
        try {
            var outcomes =
                    connections.each(
                            account,
                            groups.mailboxes(),
                            change.access(),
                            mailbox -> {
                                progress.in(mailbox);
                                return mailbox.name();
                            });
            for (var outcome : outcomes) {
                if (outcome instanceof Outcome.Refused<MailboxName>(var name, var reason)) {
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
