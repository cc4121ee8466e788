package postern.message;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of this feature.
 *
 * @param cacheSize how much memory may hold what lists show of messages and never changes; 0 for
 *     none
 */
@ConfigurationProperties("postern.message")
record MessageProperties(@DefaultValue("64MB") DataSize cacheSize) {}
