package postern.search;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.SortedWalk.Position;

/**
 * What all steps of one search need.
 *
 * @param cursor where to continue; null for the first page
 * @param capabilities of the mail server
 */
record SearchContext(
        ImapConnections connections,
        MetadataCache cache,
        Account account,
        SearchQuery query,
        @Nullable SearchCursor cursor,
        Capabilities capabilities) {

    MessageSort sort() {
        return query.sort();
    }

    SearchTerm term() {
        return query.criteria().term(capabilities);
    }

    /** Where to continue in this mailbox; null at the beginning. */
    @Nullable Position position(MailboxName mailbox) {
        return cursor == null ? null : cursor.position(mailbox, sort());
    }

    SelectedMailbox select(MailboxName mailbox) {
        return connections.select(account, mailbox, Access.READ_ONLY, Lane.INTERACTIVE);
    }

    /** Selects the mailbox of these results; throws MailboxReset if it was renumbered. */
    SelectedMailbox select(MailboxEpoch epoch) {
        var mailbox = select(epoch.mailbox());
        try {
            mailbox.requireUidValidity(epoch.uidValidity());
            return mailbox;
        } catch (RuntimeException e) {
            mailbox.close();
            throw e;
        }
    }
}
