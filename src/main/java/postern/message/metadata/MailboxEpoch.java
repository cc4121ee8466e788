package postern.message.metadata;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;

/**
 * A mailbox for as long as it keeps its numbering.
 *
 * <p>Name and UIDVALIDITY alone do not tell a mailbox from a former one: Cyrus takes the time in
 * seconds for UIDVALIDITY, and a mailbox that is renamed keeps its own.
 */
public record MailboxEpoch(
        ImapServer server,
        String user,
        AccountTag accountTag,
        MailboxName mailbox,
        long uidValidity,
        @Nullable String mailboxId) {

    public static MailboxEpoch of(Account account, SelectedMailbox mailbox) {
        return of(account, mailbox.name(), mailbox.state());
    }

    public static MailboxEpoch of(Account account, MailboxName mailbox, SelectedState state) {
        return new MailboxEpoch(
                account.server(),
                account.user(),
                AccountTag.of(account),
                mailbox,
                state.uidValidity(),
                state.mailboxId());
    }

    /** Reckoned anew for each message of a list; what else there is hardly tells any apart. */
    @Override
    public int hashCode() {
        return 31 * user.hashCode() + Long.hashCode(uidValidity);
    }

    public MessageRef message(long uid) {
        return new MessageRef(mailbox, uidValidity, uid, accountTag);
    }
}
