package postern.thread;

import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MessageRef;

/** A mailbox whose messages' references are indexed. */
record IndexedMailbox(
        AccountTag accountTag,
        MailboxName name,
        long uidValidity,
        Conversations conversations,
        ReferenceIndex index) {

    boolean contains(long uid) {
        return conversations.uids().contains(uid);
    }

    /** Whether older messages were not indexed. */
    boolean partial() {
        return conversations.uids().indexUpTo(index.floor()) >= 0;
    }

    MessageRef message(long uid) {
        return new MessageRef(name, uidValidity, uid, accountTag);
    }
}
