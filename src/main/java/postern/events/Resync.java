package postern.events;

import postern.web.id.MailboxId;

/** The data of {@code resync}: the client is to ask for changes of this mailbox itself. */
record Resync(MailboxId mailboxId) {}
