package postern.events;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Streams of events.
 *
 * @param heartbeat How often a comment is sent when there is nothing else, so that proxies keep the
 *     connection and a client that left is noticed; then it is also looked whether the session has
 *     ended. Unit: time. Interplay: shorter than {@code server.jetty.connection-idle-timeout} (30
 *     seconds by default) and than the idle timeouts of proxies in front of the gateway.
 * @param writeTimeout How long a client may take to read what is sent; then its stream is cut, and
 *     it comes again with {@code Last-Event-ID}. Unit: time.
 * @param retry How long a browser waits before it connects again ({@code retry} of the stream).
 *     Unit: time.
 * @param idLifetime How long an event id is good whose states are too long for it, which is so on
 *     mail servers without QRESYNC; after that all mailboxes of the stream are told with {@code
 *     resync}. Unit: time. Interplay: the memory for all of them is 16 MB.
 */
@ConfigurationProperties("postern.events")
record EventsProperties(
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("30s") Duration writeTimeout,
        @DefaultValue("2s") Duration retry,
        @DefaultValue("7d") Duration idLifetime) {

    EventsProperties {
        if (!heartbeat.isPositive() || !writeTimeout.isPositive() || retry.isNegative()) {
            throw new IllegalArgumentException(
                    "postern.events.heartbeat and write-timeout must be more than nothing");
        }
    }
}
