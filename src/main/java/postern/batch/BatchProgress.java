package postern.batch;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.web.id.MessageId;
import postern.web.problem.Problem;

/**
 * The results of a batch that names messages by their ids. {@link #in} is thread-safe: several
 * mailboxes may be processed at once.
 */
final class BatchProgress {

    private final AccountTag accountTag;
    private final MessagesByMailbox groups;
    private final MailboxWork work;
    private final Map<MessageRef, BatchItem> items = new ConcurrentHashMap<>();
    private final Map<MailboxName, Long> uidValidities = new ConcurrentHashMap<>();
    private final Map<MailboxName, ImapException> refusals = new HashMap<>();
    private @Nullable ImapException failure;

    BatchProgress(AccountTag accountTag, MessagesByMailbox groups, MailboxWork work) {
        this.accountTag = accountTag;
        this.groups = groups;
        this.work = work;
    }

    /** Changes the messages of this mailbox, except those with another UIDVALIDITY. */
    void in(SelectedMailbox mailbox) {
        long uidValidity = mailbox.state().uidValidity();
        uidValidities.put(mailbox.name(), uidValidity);
        var uids = groups.in(mailbox.name()).get(uidValidity);
        if (uids != null) {
            items.putAll(work.of(mailbox, uidValidity, uids));
        }
    }

    void refused(MailboxName mailbox, ImapException reason) {
        refusals.put(mailbox, reason);
    }

    /** Marks all messages that have not been processed as failed. */
    void failed(ImapException reason) {
        failure = reason;
    }

    /** Whether no message has been processed. */
    boolean nothingDone() {
        return items.isEmpty();
    }

    BatchItem of(MessageId id) {
        var item = items.get(id.ref());
        return item != null
                ? item.withId(id)
                : BatchItem.failed(id, null, Problem.of(absence(id.ref())));
    }

    private ImapException absence(MessageRef message) {
        var uidValidity = uidValidities.get(message.mailbox());
        if (uidValidity != null && uidValidity != message.uidValidity()) {
            return message.absence(accountTag);
        }
        var refusal = refusals.get(message.mailbox());
        if (refusal != null) {
            return refusal;
        }
        return failure != null ? failure : new ImapException.MailboxNotFound(null);
    }
}
