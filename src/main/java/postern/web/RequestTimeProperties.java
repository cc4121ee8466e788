package postern.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a mail server may keep a request busy.
 *
 * @param requestTimeout How long the commands of one request may take together; after that no
 *     further one is sent, and the answer is 504 {@code server-timed-out}, or 502 {@code
 *     outcome-unknown} when something may have been changed. Unit: time. Interplay: each command
 *     has at most {@code postern.imap.connection.command-timeout}. Time that the gateway waits for
 *     the client or for a connection does not count, and downloads, exports and imports, once their
 *     transfer has begun, have no such limit.
 */
@ConfigurationProperties("postern.imap")
record RequestTimeProperties(@DefaultValue("5m") Duration requestTimeout) {}
