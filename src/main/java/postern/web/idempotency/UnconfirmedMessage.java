package postern.web.idempotency;

import java.time.Instant;
import postern.imap.MailboxName;

/**
 * A message that may have been stored, by what it can be found again.
 *
 * @param uidNext the mailbox's UIDNEXT before: the message has this UID or a higher one
 * @param size in octets
 * @param beginning a hash of its first octets
 * @param sent when the mail server was being sent it
 */
public record UnconfirmedMessage(
        MailboxName mailbox,
        long uidValidity,
        long uidNext,
        long size,
        String beginning,
        Instant sent) {}
