package postern.imap.pool;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Connections to mail servers: how many are kept, and for how long.
 *
 * @param maxConnections The most connections of this process. Unit: connections. Interplay: when
 *     all are taken, the one idle for longest is closed, of whatever account; where none is idle,
 *     requests wait ({@code borrow-timeout}).
 * @param maxConnectionsPerAccount The most connections of one user of a mail server. Half of them,
 *     rounded down, may be used by downloads, exports and uploads at a time. Unit: connections.
 *     Interplay: of all replicas that share {@code postern.shared.url} together, otherwise of each
 *     replica; the mail server may permit fewer ({@code refusal-pause}).
 * @param maxConnectionsPerServer The most connections of all users to one mail server. Unit:
 *     connections. Interplay: with one mail server, the lower of this and {@code max-connections}
 *     counts.
 * @param maxWaitingPerAccount How many requests of one user may wait for a connection, counted
 *     apart for short requests and for transfers. The next one is answered 429 {@code
 *     connection-limit} at once. Unit: requests.
 * @param borrowTimeout How long a request waits for a connection that others use, before it is
 *     answered 429 {@code connection-limit}. Unit: time. Interplay: a request whose own connection
 *     is being opened waits for that, {@code postern.imap.connection.login-timeout} at most.
 * @param idleTimeout After what time a connection that nobody uses is closed. Unit: time.
 *     Interplay: shorter than the time after which the mail server or a firewall drops idle
 *     connections.
 * @param maxLifetime After what time a connection is closed even if it is in use again and again;
 *     10 percent more or less, so that not all are closed at once. Unit: time.
 * @param maxLease After what time a connection that a short request has not given back is closed;
 *     transfers have no such bound. Unit: time. Interplay: longer than {@code
 *     postern.imap.connection.command-timeout}, or long commands are cut.
 * @param probeAfter After what idle time a NOOP is sent in front of a command that changes
 *     something, so that a connection that was dropped is noticed before the change. Unit: time.
 * @param refusalPause How long the gateway opens no further connection for an account after the
 *     mail server refused one; after the same time again it tries one more, up to {@code
 *     max-connections-per-account}. Unit: time, more than zero.
 * @param transferRateBesideOthers How fast each download reads while short requests, of any
 *     account, are served. Unit: bytes per second, more than zero. Interplay: bounds nothing while
 *     only downloads run.
 * @param shutdownGrace How long the end of the process waits for requests to finish and for LOGOUT;
 *     after that connections are cut. Unit: time. Interplay: begins when the web server has
 *     stopped, which waits for requests itself ({@code
 *     spring.lifecycle.timeout-per-shutdown-phase}).
 */
@ConfigurationProperties("postern.imap.pool")
record PoolProperties(
        @DefaultValue("5") int maxConnectionsPerAccount,
        @DefaultValue("1000") int maxConnectionsPerServer,
        // First in the Javadoc: the annotation processor takes the first @param that begins so.
        @DefaultValue("2000") int maxConnections,
        @DefaultValue("500") int maxWaitingPerAccount,
        @DefaultValue("10s") Duration borrowTimeout,
        @DefaultValue("5m") Duration idleTimeout,
        @DefaultValue("1h") Duration maxLifetime,
        @DefaultValue("5m") Duration maxLease,
        @DefaultValue("10s") Duration probeAfter,
        @DefaultValue("1m") Duration refusalPause,
        @DefaultValue("50MB") DataSize transferRateBesideOthers,
        @DefaultValue("5s") Duration shutdownGrace) {

    PoolProperties {
        if (maxConnectionsPerAccount < 1 || maxConnectionsPerServer < 1 || maxConnections < 1) {
            throw new IllegalArgumentException("a pool without connections lends none");
        }
        if (transferRateBesideOthers.toBytes() <= 0) {
            throw new IllegalArgumentException(
                    "transfer-rate-beside-others must be more than nothing");
        }
        if (!refusalPause.isPositive()) {
            throw new IllegalArgumentException("refusal-pause must be longer than nothing");
        }
    }
}
