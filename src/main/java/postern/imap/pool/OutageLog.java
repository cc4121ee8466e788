package postern.imap.pool;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.ImapServer;
import postern.imap.ImapException;

/**
 * Logs that a mail server cannot be reached or takes no connection, and why. Each server and cause
 * is logged once a minute at most, so that an outage does not flood the log.
 */
final class OutageLog {

    private static final Logger log = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int MOST_SERVERS = 1_000;

    private final Map<String, Long> lastLogged =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MOST_SERVERS;
                }
            };

    /** {@code now} is in nanoseconds, on a monotonic clock. */
    void failed(ImapServer server, Throwable failure, long now) {
        if (!(failure instanceof ImapException known)) {
            return;
        }
        if (known.outage() != null) {
            warn(server, "cannot be reached", known, now);
        } else if (known instanceof ImapException.ServerUnavailable
                || known instanceof ImapException.ConnectionLimit) {
            warn(server, "takes no connection", known, now);
        }
    }

    private void warn(ImapServer server, String what, ImapException failure, long now) {
        var line = "%s %s: %s".formatted(server.logged(), what, failure.word());
        if (due(line, now)) {
            log.warn("mail server {}", line);
        }
    }

    private synchronized boolean due(String line, long now) {
        var last = lastLogged.get(line);
        if (last != null && now - last < INTERVAL.toNanos()) {
            return false;
        }
        lastLogged.put(line, now);
        return true;
    }
}
