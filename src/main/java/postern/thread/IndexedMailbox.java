package postern.thread;

import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MessageRef;

/** A mailbox of which it is known what its messages refer to. */
record IndexedMailbox(
        AccountTag accountTag,
        MailboxName name,
        long uidValidity,
        Conversations conversations,
        ReferenceIndex index) {

    boolean contains(long uid) {
        return conversations.uids().contains(uid);
    }

    /** Whether there are messages that were not looked at. */
    boolean partial() {
        return conversations.uids().indexUpTo(index.floor()) >= 0;
    }

    MessageRef message(long uid) {
        return new MessageRef(name, uidValidity, uid, accountTag);
    }
}
