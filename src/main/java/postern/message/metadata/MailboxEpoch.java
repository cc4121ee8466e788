package postern.message.metadata;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;

/**
 * A mailbox under one UIDVALIDITY.
 *
 * <p>Name and UIDVALIDITY alone may match an earlier mailbox of that name: Cyrus uses the time in
 * seconds as UIDVALIDITY, and a renamed mailbox keeps its own.
 */
public record MailboxEpoch(
        AccountKey account,
        AccountTag accountTag,
        MailboxName mailbox,
        long uidValidity,
        @Nullable String mailboxId) {

    public static MailboxEpoch of(Account account, SelectedMailbox mailbox) {
        return of(account, mailbox.accountTag(), mailbox.name(), mailbox.state());
    }

    /**
     * The epoch of a mailbox that is not selected any more.
     *
     * @param accountTag the tag of the account, which takes a hash to compute
     */
    public static MailboxEpoch of(
            Account account, AccountTag accountTag, MailboxName mailbox, SelectedState state) {
        return new MailboxEpoch(
                AccountKey.ofCached(account),
                accountTag,
                mailbox,
                state.uidValidity(),
                state.mailboxId());
    }

    /** Computed for each message of a list, so it uses only the fields that differ most. */
    @Override
    public int hashCode() {
        return 31 * account.user().hashCode() + Long.hashCode(uidValidity);
    }

    public MessageRef message(long uid) {
        return new MessageRef(mailbox, uidValidity, uid, accountTag);
    }
}
