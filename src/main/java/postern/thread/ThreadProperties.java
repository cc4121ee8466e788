package postern.thread;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Conversations on mail servers that do not know them.
 *
 * @param cacheSize The memory for knowledge of which messages belong together. Without it the
 *     headers of a mailbox are read again for every list of conversations. Unit: bytes, 0 for none.
 * @param accountMessages How many messages of the other mailboxes of an account are searched for
 *     the rest of a conversation: the inbox and sent mail first, of each mailbox the newest.
 *     Mailboxes beyond that are named in {@code partialMailboxes}. Unit: messages. Interplay: not
 *     used where the mail server has thread ids (RFC 8474, Gmail); more messages need a larger
 *     {@code cache-size}.
 */
@ConfigurationProperties("postern.thread")
record ThreadProperties(
        @DefaultValue("64MB") DataSize cacheSize, @DefaultValue("200000") int accountMessages) {}
