package postern.imap.pool;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.ImapServer;
import postern.imap.ImapException;

/**
 * Logs that a mail server cannot be reached, and why. Each server and cause is logged once a minute
 * at most, so that an outage does not flood the log.
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
        if (!(failure instanceof ImapException.ServerUnreachable
                || failure instanceof ImapException.CertificateNotTrusted
                || failure instanceof ImapException.ServerTimedOut)) {
            return;
        }
        var cause = cause(failure);
        if (due(server.host() + ":" + server.port() + " " + cause, now)) {
            log.warn(
                    "mail server {}:{} ({}) cannot be reached: {}",
                    server.host(),
                    server.port(),
                    server.security(),
                    cause);
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

    /** The cause in fixed words: messages of a server or the JDK may contain addresses. */
    static String cause(Throwable failure) {
        @Nullable String found = null;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var word = word(cause);
            found = word == null ? found : word; // the innermost cause is the most specific
        }
        if (found != null) {
            return found;
        }
        return failure instanceof ImapException.ServerTimedOut
                ? "timeout"
                : "the connection was closed";
    }

    private static @Nullable String word(Throwable cause) {
        return switch (cause) {
            case UnknownHostException _ -> "dns: no such host";
            case ConnectException _ -> "refused";
            case NoRouteToHostException _ -> "no route to host";
            case SocketTimeoutException _ -> "timeout";
            case CertificateExpiredException _ -> "certificate expired";
            case CertificateNotYetValidException _ -> "certificate not yet valid";
            case CertPathBuilderException _, CertPathValidatorException _ ->
                    "certificate untrusted";
            case CertificateException _ -> "certificate of another name";
            case SSLException _ -> "no proper TLS";
            default -> null;
        };
    }
}
