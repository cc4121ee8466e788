package postern.mailbox.directory;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is remembered of the mailboxes of an account.
 *
 * @param cacheSize The memory for which mailbox has which role, such as sent mail, for a minute.
 *     Without it the mailboxes are listed for each request that names one by its role. Unit: bytes,
 *     0 for none. Interplay: an account takes about 1 KB.
 */
@ConfigurationProperties("postern.mailbox")
record MailboxProperties(@DefaultValue("16MB") DataSize cacheSize) {}
