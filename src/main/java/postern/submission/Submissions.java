package postern.submission;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.compose.NewMessages;
import postern.compose.SaveCopy;
import postern.compose.SendOptions;
import postern.imap.ChangeWatch;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.mailbox.directory.MailboxResolver;
import postern.message.change.MessageLocks;
import postern.message.part.StoredParts;
import postern.smtp.Envelope;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpException;
import postern.smtp.Submission;
import postern.smtp.Submitter;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Sends messages, and puts the mailboxes in order afterwards. */
@Component
class Submissions {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_OCTETS = 18;

    private final SmtpConnector submission;
    private final SubmissionServers servers;
    private final Envelopes envelopes;
    private final NewMessages newMessages;
    private final DraftClaims claims;
    private final Filing filing;
    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final StoredParts stored;
    private final MessageLocks locks;
    private final SpoolSpace space;
    private final InstantSource clock = InstantSource.system();

    Submissions(
            SmtpConnector submission,
            SubmissionServers servers,
            Envelopes envelopes,
            NewMessages newMessages,
            DraftClaims claims,
            Filing filing,
            ImapConnections connections,
            MailboxResolver mailboxes,
            StoredParts stored,
            MessageLocks locks,
            SpoolSpace space) {
        this.submission = submission;
        this.servers = servers;
        this.envelopes = envelopes;
        this.newMessages = newMessages;
        this.claims = claims;
        this.filing = filing;
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.stored = stored;
        this.locks = locks;
        this.space = space;
    }

    /**
     * @param options null where the body says them
     */
    SentMessage sendNew(
            Account account, HttpServletRequest request, @Nullable SendOptions options) {
        var submitter = servers.submitter(account);
        // the mail server knows whether the caller is the user; the submission server is not asked
        // about a password that is not proven
        connections.borrow(account, Lane.INTERACTIVE).close();
        var received = newMessages.receive(account, request);
        try (var message = ReadyMessage.of(received.octets())) {
            var wishes = options == null ? received.options() : options;
            return sendNew(account, submitter, message, Objects.requireNonNull(wishes));
        }
    }

    private SentMessage sendNew(
            Account account, Submitter submitter, ReadyMessage message, SendOptions options) {
        message.addMissing(
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        clock.instant().atOffset(ZoneOffset.UTC)),
                newMessageId());
        message.requireComplete();
        var envelope = envelopes.of(account, message, options);
        var sent = submit(submitter, envelope, message, Claiming.NONE);
        var copy =
                servers.storesCopy(submitter.server(), options.saveCopy())
                        ? filing.store(account, message)
                        : withoutCopy(submitter, options);
        return answer(message, sent, copy, null, filing.mark(account, options));
    }

    SentMessage sendDraft(Account account, MessageRef draft, SendOptions options, boolean force) {
        var submitter = servers.submitter(account);
        boolean inDrafts = draft.mailbox().equals(drafts(account));
        try (var _ = locks.take(account, draft)) {
            claims.requireUnsent(account, draft, inDrafts, force);
            try (var message = ReadyMessage.of(spooled(account, draft))) {
                message.requireComplete();
                var envelope = envelopes.of(account, message, options);
                return sendDraft(account, draft, submitter, envelope, message, options, force);
            }
        }
    }

    private SentMessage sendDraft(
            Account account,
            MessageRef draft,
            Submitter submitter,
            Envelope envelope,
            ReadyMessage message,
            SendOptions options,
            boolean force) {
        var claiming = new DraftClaiming(account, draft, force);
        var sent = submit(submitter, envelope, message, claiming);
        var unmarked = filing.failureOf(claiming::settle);
        CopyResult copy;
        DraftResult rest;
        if (servers.storesCopy(submitter.server(), options.saveCopy())) {
            var filed = filing.move(account, draft);
            copy = filed.copy();
            rest = filed.draft();
        } else {
            copy = withoutCopy(submitter, options);
            rest = filing.remove(account, draft);
        }
        if (rest.detail() == null && unmarked != null) {
            rest = new DraftResult(rest.outcome(), unmarked);
        }
        return answer(message, sent, copy, rest, filing.mark(account, options));
    }

    /** Reserves a message before it leaves. */
    private interface Claiming {

        Claiming NONE =
                new Claiming() {
                    @Override
                    public void take() {}

                    @Override
                    public boolean release() {
                        return true;
                    }
                };

        void take();

        /** Returns whether everything is as before. */
        boolean release();
    }

    private final class DraftClaiming implements Claiming {

        private final Account account;
        private final MessageRef draft;
        private final boolean force;
        private DraftClaims.@Nullable Claim taken;

        DraftClaiming(Account account, MessageRef draft, boolean force) {
            this.account = account;
            this.draft = draft;
            this.force = force;
        }

        @Override
        public void take() {
            taken = claims.take(account, draft, force);
        }

        @Override
        public boolean release() {
            return taken == null || claims.release(taken);
        }

        void settle() {
            claims.settle(Objects.requireNonNull(taken));
        }
    }

    /** After every exception but that of an unknown outcome, nothing was sent. */
    private Submission submit(
            Submitter submitter, Envelope envelope, ReadyMessage message, Claiming claiming) {
        try (var connection = submission.connect(submitter)) {
            var undo = ChangeWatch.change();
            try {
                claiming.take();
                return connection.send(envelope, message);
            } catch (SmtpException.OutcomeUnknown | ImapException.OutcomeUnknown e) {
                throw e;
            } catch (RuntimeException e) {
                if (claiming.release()) {
                    undo.run();
                }
                throw e;
            }
        } catch (SmtpException e) {
            throw SubmissionProblems.of(e);
        }
    }

    private SpooledOctets spooled(Account account, MessageRef draft) {
        var octets = new SpooledOctets(space);
        boolean whole = false;
        try {
            stored.copy(account, draft, "", null, octets);
            whole = true;
            return octets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!whole) {
                ReadyMessage.discard(octets);
            }
        }
    }

    private @Nullable MailboxName drafts(Account account) {
        try {
            return mailboxes.resolve(account, MailboxId.parse(MailboxRole.DRAFTS.id()));
        } catch (ImapException.OutOfScope _) {
            return null;
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.MAILBOX_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private CopyResult withoutCopy(Submitter submitter, SendOptions options) {
        return CopyResult.without(
                options.saveCopy() != SaveCopy.NEVER || servers.storesCopyItself(submitter.server())
                        ? CopyResult.Outcome.BY_PROVIDER
                        : CopyResult.Outcome.NONE);
    }

    private static SentMessage answer(
            ReadyMessage message,
            Submission sent,
            CopyResult copy,
            @Nullable DraftResult draft,
            @Nullable OriginalResult original) {
        return new SentMessage(
                Objects.requireNonNull(message.messageId()),
                sent.queueId(),
                sent.reply().status(),
                sent.recipients().stream().map(SubmissionProblems::answer).toList(),
                copy,
                draft,
                original);
    }

    /** As of a composed message, and in a reserved domain (RFC 2606 §2). */
    private static String newMessageId() {
        var octets = new byte[ID_OCTETS];
        RANDOM.nextBytes(octets);
        return Base64.getUrlEncoder().encodeToString(octets) + "@postern.invalid";
    }
}
