package postern.batch;

import java.util.Map;
import postern.imap.Access;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.UidSet;

/**
 * What there is to do in each mailbox of a batch. Nothing is thrown once it has begun: what failed
 * is told of each message.
 */
interface MailboxWork {

    Access access();

    /** What became of these messages, in ascending UIDs. */
    Map<MessageRef, BatchItem> of(SelectedMailbox mailbox, long uidValidity, UidSet uids);
}
