package postern.thread;

import java.util.List;
import postern.imap.MailboxName;

/**
 * What is known of an account's mailboxes.
 *
 * @param mailboxes the first is that which was asked for
 * @param partial those of which only the newest messages were looked at, or none
 */
record IndexedAccount(List<IndexedMailbox> mailboxes, List<MailboxName> partial) {

    IndexedMailbox first() {
        return mailboxes.getFirst();
    }
}
