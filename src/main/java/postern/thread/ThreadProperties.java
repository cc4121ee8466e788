package postern.thread;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of this feature.
 *
 * @param cacheSize how much memory may hold which messages belong together; 0 for none
 * @param accountMessages how many of an account's messages, the newest of each mailbox, are looked
 *     at for those that belong to a conversation of another mailbox
 */
@ConfigurationProperties("postern.thread")
record ThreadProperties(
        @DefaultValue("64MB") DataSize cacheSize, @DefaultValue("200000") int accountMessages) {}
