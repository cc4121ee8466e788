package postern.login;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many passwords may be tried. A password that the mail server has accepted since the gateway
 * was started is always passed on. Each submission server counts as a mail server of its own.
 *
 * @param maxFailuresPerAccount How many logins of one account may fail within {@code window}, from
 *     wherever they come; the next one is answered 429 {@code too-many-logins}, and the mail server
 *     is not asked, so that nobody makes it lock the account. The same password counts once a
 *     minute. A submission server counts for itself. Unit: logins. Interplay: half of them may come
 *     from one client address; more than {@code postern.imap.pool.max-connections-per-account}, as
 *     many logins run at once.
 * @param maxFailuresPerClient How many logins from one client address may fail within {@code
 *     window}, of whatever accounts; the next one is answered 429 {@code too-many-logins}. Unit:
 *     logins. Interplay: behind a proxy, {@code server.forward-headers-strategy} decides whose
 *     address counts.
 * @param window After what time all failures are forgotten; one is forgotten after its share of it.
 *     Unit: time. Interplay: longer than the mail server counts failures itself.
 * @param refusalTime A refused login is answered after this time or a multiple of it, so that the
 *     time tells little of why it was refused. Unit: time, 0 for at once. Interplay: part of {@code
 *     postern.imap.connection.login-timeout}.
 */
@ConfigurationProperties("postern.login")
public record LoginProperties(
        @DefaultValue("20") int maxFailuresPerAccount,
        @DefaultValue("2000") int maxFailuresPerClient,
        @DefaultValue("15m") Duration window,
        @DefaultValue("250ms") Duration refusalTime) {

    public LoginProperties {
        if (maxFailuresPerAccount < 1 || maxFailuresPerClient < 1 || !window.isPositive()) {
            throw new IllegalArgumentException(
                    "postern.login.max-failures-per-account, max-failures-per-client and window"
                            + " must be positive");
        }
        if (refusalTime.isNegative()) {
            throw new IllegalArgumentException("postern.login.refusal-time must not be negative");
        }
    }
}
