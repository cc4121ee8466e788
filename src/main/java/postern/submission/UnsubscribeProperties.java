package postern.submission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How mailing lists are left ({@code unsubscribe}).
 *
 * @param oneClick Whether the gateway itself sends the request of RFC 8058 to the web server that a
 *     message names, which must be a public host, by HTTPS on port 443. Without it only messages
 *     are sent. Unit: {@code true} or {@code false}. Interplay: web servers are not asked through
 *     {@code postern.proxies}.
 * @param timeout How long such a request may take; after that the web server counts as one that has
 *     not answered. Unit: time.
 * @param maxConcurrent How many such requests run at once; the next one is answered 429 {@code
 *     connection-limit}. Unit: requests.
 * @param dns The DNS server that is asked for the web servers. When it is not set, those of the
 *     system. Unit: host and port, such as {@code 10.0.0.2:53}.
 * @param sslBundle The name of a Spring SSL bundle ({@code spring.ssl.bundle.*}) whose certificates
 *     are trusted. When it is not set, the authorities of the JVM are trusted. Unit: name.
 */
@ConfigurationProperties("postern.unsubscribe")
record UnsubscribeProperties(
        @DefaultValue("true") boolean oneClick,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("16") int maxConcurrent,
        @Nullable String dns,
        @Nullable String sslBundle) {

    UnsubscribeProperties {
        if (!timeout.isPositive() || maxConcurrent < 1) {
            throw new IllegalArgumentException(
                    "timeout and max-concurrent must be more than nothing");
        }
    }
}
