package postern.submission;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Scope;
import postern.compose.NewMessageId;
import postern.compose.NewMessages;
import postern.compose.SendOptions;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.message.change.MessageLocks;
import postern.smtp.Envelope;
import postern.smtp.Submission;
import postern.smtp.Submitter;
import postern.web.idempotency.KeyedRequest;

/** Sends messages, and puts the mailboxes in order afterwards. */
@Component
class Submissions {

    private final MessageSender sender;
    private final SubmissionServers servers;
    private final Envelopes envelopes;
    private final NewMessages newMessages;
    private final DraftClaims claims;
    private final Filing filing;
    private final ImapConnections connections;
    private final StoredDrafts stored;
    private final KeyedSubmissions keyed;
    private final MessageLocks locks;
    private final InstantSource clock = InstantSource.system();

    Submissions(
            MessageSender sender,
            SubmissionServers servers,
            Envelopes envelopes,
            NewMessages newMessages,
            DraftClaims claims,
            Filing filing,
            ImapConnections connections,
            StoredDrafts stored,
            KeyedSubmissions keyed,
            MessageLocks locks) {
        this.sender = sender;
        this.servers = servers;
        this.envelopes = envelopes;
        this.newMessages = newMessages;
        this.claims = claims;
        this.filing = filing;
        this.connections = connections;
        this.stored = stored;
        this.keyed = keyed;
        this.locks = locks;
    }

    /**
     * @param options null where the body says them
     */
    KeyedSubmissions.Answer sendNew(
            Account account, HttpServletRequest request, @Nullable SendOptions options) {
        var submitter = servers.submitter(account);
        // the mail server knows whether the caller is the user; the submission server is not asked
        // about a password that is not proven
        connections.borrow(account, Lane.INTERACTIVE).close();
        var key = KeyedRequest.of(request);
        var names = key == null ? List.<String>of() : keyed.names(account, key);
        var received =
                newMessages.receive(account, request, names.isEmpty() ? null : names.getFirst());
        try (var message = ReadyMessage.of(received.octets())) {
            var wishes = Objects.requireNonNull(options == null ? received.options() : options);
            envelopes.requireSound(
                    wishes,
                    options == null ? Envelopes.Source.SUBMISSION : Envelopes.Source.PARAMETERS);
            return key == null
                    ? new KeyedSubmissions.Answer(
                            sendNew(account, submitter, message, wishes), false)
                    : keyed.send(account, key, names, submitter, message, wishes);
        }
    }

    private SentMessage sendNew(
            Account account, Submitter submitter, ReadyMessage message, SendOptions options) {
        message.addMissing(clock.instant(), NewMessageId.random(NewMessageId.NO_DOMAIN), null);
        message.requireComplete();
        var envelope = envelopes.of(account, message, options);
        Submission sent;
        CopyResult copy;
        if (message.length() >= CopyUnderWay.SMALLEST && storesForCertain(submitter, options)) {
            try (var underWay = new CopyUnderWay(filing, account, message)) {
                sent = sender.send(submitter, envelope, message, underWay);
                copy = underWay.finish();
            }
        } else {
            sent = sender.send(submitter, envelope, message, Claiming.NONE);
            copy =
                    servers.storesCopy(submitter.server(), options.saveCopy())
                            ? store(account, submitter, message, options)
                            : servers.withoutCopy(submitter.server(), options.saveCopy());
        }
        return SentMessage.of(message, sent, copy, null, filing.mark(account, options, message));
    }

    /** Whether the gateway stores the copy, and need not look whether the provider has done so. */
    private boolean storesForCertain(Submitter submitter, SendOptions options) {
        return servers.storesCopy(submitter.server(), options.saveCopy())
                && !servers.mayStoreCopyItself(submitter.server(), options.saveCopy());
    }

    private CopyResult store(
            Account account, Submitter submitter, ReadyMessage message, SendOptions options) {
        return servers.mayStoreCopyItself(submitter.server(), options.saveCopy())
                ? filing.storeIfAbsent(account, message)
                : filing.store(account, message);
    }

    SentMessage sendDraft(Account account, MessageRef draft, SendOptions options, boolean force) {
        envelopes.requireSound(options, Envelopes.Source.BODY);
        var submitter = servers.submitter(account);
        // Sending may remove the draft, and which mailbox is for drafts may be said by the token.
        // A token that deletes nothing sends only what has $draft, which it cannot set.
        boolean inDrafts =
                account.limits().permits(Scope.DELETE) && draft.mailbox().equals(drafts(account));
        try (var _ = locks.take(account, draft)) {
            return claims.ifThere(
                    account,
                    draft,
                    () -> sendDraft(account, draft, submitter, options, inDrafts, force));
        }
    }

    private SentMessage sendDraft(
            Account account,
            MessageRef draft,
            Submitter submitter,
            SendOptions options,
            boolean inDrafts,
            boolean force) {
        var looked = claims.requireUnsent(account, draft, inDrafts, force);
        try (var message = stored.read(account, draft)) {
            message.requireComplete();
            var envelope = envelopes.of(account, message, options);
            return sendDraft(
                    account, draft, submitter, envelope, message, options, force ? looked : null);
        }
    }

    private SentMessage sendDraft(
            Account account,
            MessageRef draft,
            Submitter submitter,
            Envelope envelope,
            ReadyMessage message,
            SendOptions options,
            DraftClaims.@Nullable Looked forced) {
        Submission sent;
        String unmarked;
        try (var claiming = new DraftClaiming(account, draft, forced)) {
            sent = sender.send(submitter, envelope, message, claiming);
            unmarked = filing.failureOf(claiming::settle);
        }
        CopyResult copy;
        DraftResult rest;
        if (servers.storesCopy(submitter.server(), options.saveCopy())) {
            var filed =
                    servers.mayStoreCopyItself(submitter.server(), options.saveCopy())
                            ? filing.moveIfAbsent(account, draft, message.messageId())
                            : filing.move(account, draft);
            copy = filed.copy();
            rest = filed.draft();
        } else {
            copy = servers.withoutCopy(submitter.server(), options.saveCopy());
            rest = filing.remove(account, draft);
        }
        return SentMessage.of(
                message,
                sent,
                copy,
                rest.orUnmarked(unmarked),
                filing.mark(account, options, message));
    }

    private final class DraftClaiming implements Claiming, AutoCloseable {

        private final Account account;
        private final MessageRef draft;
        private final DraftClaims.@Nullable Looked forced;
        private DraftClaims.@Nullable Claim taken;

        DraftClaiming(Account account, MessageRef draft, DraftClaims.@Nullable Looked forced) {
            this.account = account;
            this.draft = draft;
            this.forced = forced;
        }

        @Override
        public void take() {
            taken = claims.take(account, draft, forced);
        }

        @Override
        public boolean release() {
            return taken == null || claims.release(taken);
        }

        void settle() {
            claims.settle(Objects.requireNonNull(taken));
        }

        @Override
        public void close() {
            if (taken != null) {
                claims.end(taken);
            }
        }
    }

    private @Nullable MailboxName drafts(Account account) {
        try {
            return stored.mailbox(account, MailboxRole.DRAFTS);
        } catch (ImapException.OutOfScope _) {
            return null;
        }
    }
}
