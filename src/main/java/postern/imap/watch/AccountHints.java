package postern.imap.watch;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;

/**
 * Hears that something may have changed in an account; called on any thread, and must be quick. A
 * token for certain mailboxes hears of these alone.
 */
public interface AccountHints {

    /**
     * Messages of that mailbox may have changed.
     *
     * @param mailbox with its MAILBOXID where that is known
     */
    void messagesMayHaveChanged(MailboxName mailbox);

    /**
     * Mailboxes may have been created, renamed or deleted.
     *
     * @param renamed a rename that is known of; null where none is
     */
    void mailboxesMayHaveChanged(@Nullable RenamedMailbox renamed);

    /**
     * A client may know of this mailbox from a list, and it is not known whether it still exists.
     */
    void seen(MailboxName mailbox);

    /** There was a gap: anything may have changed. */
    void anythingMayHaveChanged();
}
