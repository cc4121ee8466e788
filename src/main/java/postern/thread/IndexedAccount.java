package postern.thread;

import java.util.List;
import postern.imap.MailboxName;

/**
 * The indexed mailboxes of an account.
 *
 * @param mailboxes the first is the requested one
 * @param partial mailboxes of which only the newest messages, or none, were indexed
 */
record IndexedAccount(List<IndexedMailbox> mailboxes, List<MailboxName> partial) {

    IndexedMailbox first() {
        return mailboxes.getFirst();
    }
}
