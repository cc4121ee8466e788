package postern.imap.watch;

import postern.imap.MailboxName;

/** A mailbox that was renamed, with those below it, and its name now. */
public record RenamedMailbox(MailboxName from, MailboxName to) {}
