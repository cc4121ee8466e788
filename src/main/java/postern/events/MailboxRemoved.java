package postern.events;

/** The data of {@code mailbox.removed}. */
record MailboxRemoved(String mailboxId) {}
