package postern.web.idempotency;

import java.time.Instant;
import postern.imap.MailboxName;

/**
 * A message that may have been stored, with the properties by which to find it.
 *
 * @param uidNext the mailbox's UIDNEXT before the APPEND: the message has this UID or a higher one
 * @param size in octets
 * @param beginning a hash of its first octets
 * @param sent when it was sent to the mail server
 */
public record UnconfirmedMessage(
        MailboxName mailbox,
        long uidValidity,
        long uidNext,
        long size,
        String beginning,
        Instant sent) {}
