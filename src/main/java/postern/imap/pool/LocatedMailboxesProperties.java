package postern.imap.pool;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is remembered of the ids that mail servers give to mailboxes.
 *
 * @param cacheSize The memory for which mailbox has which MAILBOXID (RFC 8474), for an hour after
 *     the last use. Without it the mailboxes are listed for each request that names one by its id.
 *     Unit: bytes, 0 for none. Interplay: a mailbox takes about 300 bytes.
 */
@ConfigurationProperties("postern.imap.mailbox-ids")
record LocatedMailboxesProperties(@DefaultValue("32MB") DataSize cacheSize) {}
