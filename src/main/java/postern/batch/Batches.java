package postern.batch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ChangeWatch;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.Outcome;
import postern.imap.Rights;
import postern.imap.SelectedMailbox;
import postern.message.MessageLocks;
import postern.search.MatchingMessages;
import postern.web.MailboxId;
import postern.web.MailboxResolver;
import postern.web.MessageId;
import postern.web.Problem;
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
        try (var mailbox = connections.select(account, name, change.access(), Lane.INTERACTIVE)) {
            found = matching.newest(mailbox, account, wanted.criteria(), wanted.limit());
            uidValidity = mailbox.state().uidValidity();
            if (change.dryRun()) {
                return result(change.of(mailbox, uidValidity, found.uids()), found);
            }
        }
        var refs =
                found.uids().stream()
                        .mapToObj(uid -> new MessageRef(name, uidValidity, uid))
                        .toList();
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
        Function<MessageRef, BatchItem> items;
        try (var _ = locks.take(account, changed(ids, change))) {
            items =
                    groups.size() == 1
                            ? inOne(account, groups, change)
                            : inAll(account, groups, change);
        }
        var results = new ArrayList<BatchItem>(ids.size());
        for (var id : ids) {
            results.add(items.apply(id.ref()));
        }
        return BatchResult.of(results, null);
    }

    private static List<MessageRef> changed(List<MessageId> ids, Change change) {
        return change.dryRun() || change.action() instanceof Batch.Copy
                ? List.of()
                : ids.stream().map(MessageId::ref).toList();
    }

    /** On the connection that has this mailbox open, if there is one. */
    private Function<MessageRef, BatchItem> inOne(Account account, Groups groups, Change change) {
        var name = groups.mailboxes().getFirst();
        var items = new LinkedHashMap<MessageRef, BatchItem>();
        try (var mailbox = connections.select(account, name, change.access(), Lane.INTERACTIVE)) {
            run(mailbox, groups, change, items);
        } catch (ImapException.MailboxNotFound | ImapException.PermissionDenied e) {
            return message -> BatchItem.failed(MessageId.of(message), null, Problem.of(e));
        }
        return message -> requireNonNull(items.get(message));
    }

    /**
     * A mail server that fails as a whole fails the request while nothing was done; later it costs
     * those messages that had not had their turn.
     */
    private Function<MessageRef, BatchItem> inAll(Account account, Groups groups, Change change) {
        var items = new ConcurrentHashMap<MessageRef, BatchItem>();
        var refusals = new ConcurrentHashMap<MailboxName, ImapException>();
        var undo = ChangeWatch.change(); // others' threads change what this one answers for
        ImapException failure = null;
        try {
            var outcomes =
                    connections.each(
                            account,
                            groups.mailboxes(),
                            change.access(),
                            mailbox -> {
                                run(mailbox, groups, change, items);
                                return mailbox.name();
                            });
            for (var outcome : outcomes) {
                if (outcome instanceof Outcome.Refused<MailboxName>(var name, var reason)) {
                    refusals.put(name, reason);
                }
            }
        } catch (ImapException e) {
            if (items.isEmpty()) {
                undo.run();
                throw e;
            }
            failure = e;
        }
        var others = failure;
        return message -> {
            var item = items.get(message);
            return item != null
                    ? item
                    : BatchItem.failed(
                            MessageId.of(message),
                            null,
                            Problem.of(reason(refusals.get(message.mailbox()), others)));
        };
    }

    private static ImapException reason(
            @Nullable ImapException refusal, @Nullable ImapException failure) {
        if (refusal != null) {
            return refusal;
        }
        return failure != null ? failure : new ImapException.MailboxNotFound(null);
    }

    private static void run(
            SelectedMailbox mailbox,
            Groups groups,
            Change change,
            Map<MessageRef, BatchItem> items) {
        groups.in(mailbox.name())
                .forEach(
                        (uidValidity, uids) -> items.putAll(change.of(mailbox, uidValidity, uids)));
    }
}
