package postern.events;

import postern.web.id.MailboxId;

/**
 * The data of {@code mailbox.renamed}.
 *
 * @param previousId the same as the id where the mail server has OBJECTID
 * @param path its whole name now
 */
record MailboxRenamed(String previousId, MailboxId id, String path) {}
