package postern.discovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the mail server of an address is found ({@code discoverServer}).
 *
 * @param remote Whether the DNS and the web server of an address's domain are asked when neither a
 *     configured server nor a preset has the domain. Anybody who reaches the gateway can then make
 *     it ask public hosts, by DNS and by HTTPS on port 443. Unit: {@code true} or {@code false}.
 *     Interplay: an account that is found that way can be opened only if {@code postern.presets} or
 *     {@code postern.servers} has its server, or {@code postern.free-choice.enabled} is on.
 * @param timeout How long all remote steps together may take; after that 504 {@code
 *     server-timed-out}. Unit: time.
 * @param maxConcurrent How many addresses are looked for remotely at once; the next one is answered
 *     429 {@code connection-limit}. Unit: requests.
 * @param remembered How long it is remembered what was found remotely for a domain, or that nothing
 *     was. Unit: time.
 * @param dns The DNS server that is asked. When it is not set, those of the system. Unit: host and
 *     port, such as {@code 10.0.0.2:53}.
 * @param sslBundle The name of a Spring SSL bundle ({@code spring.ssl.bundle.*}) whose certificates
 *     are trusted. When it is not set, the authorities of the JVM are trusted. Unit: name.
 */
@ConfigurationProperties("postern.discovery")
record DiscoveryProperties(
        @DefaultValue("false") boolean remote,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("16") int maxConcurrent,
        @DefaultValue("10m") Duration remembered,
        @Nullable String dns,
        @Nullable String sslBundle) {

    DiscoveryProperties {
        if (!timeout.isPositive() || !remembered.isPositive() || maxConcurrent < 1) {
            throw new IllegalArgumentException(
                    "timeout, remembered and max-concurrent must be more than nothing");
        }
    }
}
