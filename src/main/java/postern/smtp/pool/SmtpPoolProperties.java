package postern.smtp.pool;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connections to submission servers that are kept after a message, for the next one of the same
 * user.
 *
 * @param maxIdle The most connections that this process keeps; beyond it the one idle for longest
 *     is closed, of whatever user. Unit: connections. Interplay: each counts at the submission
 *     server, which may permit few from one address. When it refuses another one for a while, those
 *     kept to it are closed.
 * @param maxIdlePerAccount The most connections that are kept for one user. Unit: connections.
 *     Interplay: part of {@code postern.submission.pool.max-idle}.
 * @param idleTimeout After what time a connection that was kept is closed; with {@code 0s} none is
 *     kept. Unit: time. Interplay: shorter than the time after which the submission server ends
 *     idle connections.
 * @param maxLifetime After what time since its login a connection is not kept any more. Unit: time.
 */
@ConfigurationProperties("postern.submission.pool")
record SmtpPoolProperties(
        @DefaultValue("2") int maxIdlePerAccount,
        // First in the Javadoc: the annotation processor takes the first @param that begins so.
        @DefaultValue("20") int maxIdle,
        @DefaultValue("30s") Duration idleTimeout,
        @DefaultValue("5m") Duration maxLifetime) {

    SmtpPoolProperties {
        if (maxIdlePerAccount < 0 || maxIdle < 0 || idleTimeout.isNegative()) {
            throw new IllegalArgumentException("fewer connections than none cannot be kept");
        }
    }

    boolean keepsNone() {
        return maxIdlePerAccount == 0 || maxIdle == 0 || idleTimeout.isZero();
    }
}
