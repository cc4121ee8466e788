package postern.web.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests are taken in a minute. They come back evenly, so that one who has used them up
 * waits for a moment and not for a minute.
 *
 * @param perAccount The requests of one account; beyond it 429 {@code too-many-requests}. Unit:
 *     requests per minute, 0 for no limit. Interplay: how many run at once is bounded by {@code
 *     postern.imap.pool.max-waiting-per-account}.
 * @param perClient The requests of one client address without a session, and with no password that
 *     the mail server has accepted since the gateway was started; beyond it 429 {@code
 *     too-many-requests}. Unit: requests per minute, 0 for no limit. Interplay: behind a proxy,
 *     {@code server.forward-headers-strategy} decides whose address counts.
 * @param perApp The requests of one app; beyond it 429 {@code too-many-requests}. Unit: requests
 *     per minute, 0 for no limit. Interplay: apps are told apart by {@code postern.app-keys}.
 */
@ConfigurationProperties("postern.rate")
record RateProperties(
        @DefaultValue("60000") int perAccount,
        @DefaultValue("60000") int perClient,
        @DefaultValue("0") int perApp) {

    RateProperties {
        if (perAccount < 0 || perClient < 0 || perApp < 0) {
            throw new IllegalArgumentException("postern.rate.* must not be negative");
        }
    }
}
