package postern.testserver;

import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MessageRef;

/** An account for tests in which the account does not matter. */
public final class SomeAccount {

    public static final AccountTag TAG = new AccountTag((short) 0x1234);

    private SomeAccount() {}

    public static MessageRef message(MailboxName mailbox, long uidValidity, long uid) {
        return new MessageRef(mailbox, uidValidity, uid, TAG);
    }
}
