package postern.submission;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Scope;
import postern.compose.SaveCopy;
import postern.compose.SendOptions;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.message.change.MessageLocks;

/** Puts the mailboxes in order when an app has sent a draft by itself. */
@Component
final class SentElsewhere {

    private final StoredDrafts mailboxes;
    private final StoredRequests stored;
    private final SentCopies copies;
    private final SubmissionServers servers;
    private final DraftClaims claims;
    private final Filing filing;
    private final MessageLocks locks;

    SentElsewhere(
            StoredDrafts mailboxes,
            StoredRequests stored,
            SentCopies copies,
            SubmissionServers servers,
            DraftClaims claims,
            Filing filing,
            MessageLocks locks) {
        this.mailboxes = mailboxes;
        this.stored = stored;
        this.copies = copies;
        this.servers = servers;
        this.claims = claims;
        this.filing = filing;
        this.locks = locks;
    }

    /** Marked again, a draft is filed that was kept before. */
    MarkedSent mark(Account account, MessageRef draft, MarkSentRequest wishes) {
        var options =
                new SendOptions(null, null, null, null, null, wishes.answers(), wishes.forwards());
        try (var _ = locks.take(account, draft)) {
            // what it is removed from may be called the drafts mailbox by the token alone
            boolean drafts =
                    account.limits().permits(Scope.DELETE)
                            && draft.mailbox().equals(mailbox(account, MailboxRole.DRAFTS));
            var id = claims.ifThere(account, draft, () -> declaredSent(account, draft, drafts));
            var filed = file(account, draft, id.orElse(null), wishes.saveCopy());
            return new MarkedSent(filed.copy(), filed.draft(), filing.mark(account, options));
        }
    }

    /** Returns its Message-ID; empty where it has none that can be looked for. */
    private Optional<String> declaredSent(Account account, MessageRef draft, boolean drafts) {
        var id = Optional.ofNullable(stored.messageId(account, draft));
        claims.declareSent(account, draft, drafts);
        return id;
    }

    private @Nullable MailboxName mailbox(Account account, MailboxRole role) {
        try {
            return mailboxes.mailbox(account, role);
        } catch (ImapException.OutOfScope _) {
            return null;
        }
    }

    private Filing.Filed file(
            Account account, MessageRef draft, @Nullable String id, @Nullable SaveCopy wish) {
        if (wish == SaveCopy.NEVER) {
            return new Filing.Filed(
                    CopyResult.without(CopyResult.Outcome.NONE), filing.remove(account, draft));
        }
        var sent = mailbox(account, MailboxRole.SENT);
        if (wish == SaveCopy.ALWAYS || sent == null || id == null || sent.equals(draft.mailbox())) {
            return filing.move(account, draft);
        }
        boolean byProvider = servers.storesCopyItself(account);
        var copy =
                byProvider
                        ? copies.await(account, sent, List.of(id))
                        : copies.find(account, sent, List.of(id));
        if (copy != null) {
            return new Filing.Filed(
                    CopyResult.byProvider(copy.message()), filing.remove(account, draft));
        }
        return byProvider
                ? new Filing.Filed(
                        CopyResult.without(CopyResult.Outcome.BY_PROVIDER),
                        new DraftResult(
                                DraftResult.Outcome.KEPT, "the provider's copy is not there yet"))
                : filing.move(account, draft);
    }
}
