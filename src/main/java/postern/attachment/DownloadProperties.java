package postern.attachment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * When a client is so slow that it may no longer hold a connection to the mail server.
 *
 * @param warmUp how much is sent before the speed is judged; what socket buffers swallow says
 *     nothing
 * @param slowest how much a second a client must take
 * @param longestWrite after which a client is slow, whatever it took before
 */
@ConfigurationProperties("postern.download")
record DownloadProperties(
        @DefaultValue("4MB") DataSize warmUp,
        @DefaultValue("512KB") DataSize slowest,
        @DefaultValue("2s") Duration longestWrite) {}
