package postern.attachment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * When a client is too slow to hold a connection to the mail server: the gateway then gives the
 * connection back, and fetches the rest of the file in pieces of 512 KB. And what is remembered of
 * downloaded files.
 *
 * @param warmUp How much is sent before the speed of the client is judged: the first bytes only
 *     fill the buffers of the sockets. Unit: bytes.
 * @param slowest The average speed that a client must keep up after {@code warm-up}. Unit: bytes
 *     per second. Interplay: clients slower than that need no connection of {@code
 *     postern.imap.pool.max-connections-per-account} for most of the time.
 * @param longestWrite How long a client may take nothing at all; after that it is slow, whatever
 *     its average. Unit: time.
 * @param structureCacheSize The memory for which parts messages have. Without it the mail server is
 *     asked again for each file of a message. Unit: bytes, 0 for none. Interplay: a part takes
 *     about 600 bytes.
 * @param lengthCacheSize The memory for how long files are, as a sample of each has shown. Without
 *     it the sample is read again for each range of a file. Unit: bytes, 0 for none. Interplay: a
 *     file takes about 1 KB.
 */
@ConfigurationProperties("postern.download")
record DownloadProperties(
        @DefaultValue("4MB") DataSize warmUp,
        @DefaultValue("512KB") DataSize slowest,
        @DefaultValue("2s") Duration longestWrite,
        @DefaultValue("64MB") DataSize structureCacheSize,
        @DefaultValue("16MB") DataSize lengthCacheSize) {}
