package postern.web.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many may listen for changes at a time: streams of events, and requests for changes that wait.
 *
 * @param perAccount The listeners of one account; beyond it 429 {@code too-many-requests}. Unit:
 *     listeners, 0 for no limit.
 * @param perClient The listeners from one client address; beyond it 429 {@code too-many-requests}.
 *     Unit: listeners, 0 for no limit. Interplay: a backend that listens for all of its users has
 *     one address; behind a proxy, {@code server.forward-headers-strategy} decides whose address
 *     counts.
 * @param most The listeners of this process; beyond it 503 {@code listeners-full}. Unit: listeners,
 *     at least 1. Interplay: each has a connection of the client, so that the limit of open files
 *     must be higher; a request that waits has a thread of {@code server.jetty.threads.max}, too.
 */
@ConfigurationProperties("postern.listeners")
record ListenerProperties(
        @DefaultValue("50") int perAccount,
        @DefaultValue("5000") int perClient,
        @DefaultValue("5000") int most) {

    ListenerProperties {
        if (perAccount < 0 || perClient < 0 || most < 1) {
            throw new IllegalArgumentException(
                    "postern.listeners.* must not be negative, and most at least 1");
        }
    }
}
