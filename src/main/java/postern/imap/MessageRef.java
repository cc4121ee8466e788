package postern.imap;

import postern.account.AccountTag;

/**
 * Identifies a message by mailbox, UIDVALIDITY and UID (RFC 9051 §2.3.1.1). Valid while the mailbox
 * keeps its UIDVALIDITY.
 *
 * @param accountTag of the account that the reference was made for. It is not part of equality and
 *     is not checked while the UIDVALIDITY matches: a user who signs in by an alias of the login
 *     name has another tag but means the same message.
 */
public record MessageRef(MailboxName mailbox, long uidValidity, long uid, AccountTag accountTag) {

    /**
     * Why the message is not in the mailbox of this account, whose UIDVALIDITY differs: the server
     * changed the UIDVALIDITY, or the reference was made for another account.
     */
    public ImapException absence(AccountTag account) {
        return accountTag.equals(account)
                ? new ImapException.MailboxReset()
                : new ImapException.MessageNotFound();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageRef that
                && uid == that.uid
                && uidValidity == that.uidValidity
                && mailbox.equals(that.mailbox);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * mailbox.hashCode() + Long.hashCode(uidValidity)) + Long.hashCode(uid);
    }
}
