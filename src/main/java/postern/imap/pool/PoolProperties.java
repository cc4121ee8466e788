package postern.imap.pool;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How many connections are kept, and for how long.
 *
 * @param maxConnectionsPerAccount per user of a server, whatever the credential
 * @param maxConnectionsPerServer of all users of one server
 * @param maxConnections in all
 * @param maxWaitingPerAccount how many borrowers may wait in each lane; the next is refused at once
 * @param borrowTimeout how long a borrower waits for a connection of others; for its own new one it
 *     waits as long as connecting may take
 * @param idleTimeout after which a connection that nobody borrows is closed
 * @param maxLifetime after which a connection is closed even if it is in use all the time, give or
 *     take a tenth
 * @param maxLease after which an interactive borrower is taken for lost and its connection closed
 * @param probeAfter idle time after which a NOOP goes ahead of a command that changes something
 * @param refusalPause how long an account goes without a further connection after the server
 *     refused one, and then again for each one more
 * @param transferRateBesideOthers how much a second each download reads while interactive
 *     borrowers, of whatever account, wait for answers
 * @param shutdownGrace for borrowers to finish and for LOGOUT
 */
@ConfigurationProperties("postern.imap.pool")
record PoolProperties(
        @DefaultValue("5") int maxConnectionsPerAccount,
        @DefaultValue("1000") int maxConnectionsPerServer,
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
