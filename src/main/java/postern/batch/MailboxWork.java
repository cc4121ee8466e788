package postern.batch;

import java.util.Map;
import postern.imap.Access;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.UidSet;

/**
 * The work of a batch in each mailbox. Once it has begun it throws nothing: each message has its
 * own result.
 */
interface MailboxWork {

    Access access();

    /** Processes these messages; returns the results in ascending UID order. */
    Map<MessageRef, BatchItem> of(SelectedMailbox mailbox, long uidValidity, UidSet uids);
}
