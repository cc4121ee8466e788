package postern.web;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Links to files that need no header.
 *
 * @param lifetime of a link where nothing else is asked for
 * @param longestLifetime that may be asked for
 * @param baseUrl where browsers find the gateway, to make links absolute; links are relative to it
 *     when null
 */
@ConfigurationProperties("postern.link")
public record LinkProperties(
        @DefaultValue("10m") Duration lifetime,
        @DefaultValue("1h") Duration longestLifetime,
        @Nullable URI baseUrl) {

    public LinkProperties {
        if (lifetime.toSeconds() < 1 || longestLifetime.compareTo(lifetime) < 0) {
            throw new IllegalArgumentException(
                    "postern.link.lifetime is a second at least, and longest-lifetime not below it");
        }
        if (baseUrl != null && !baseUrl.isAbsolute()) {
            throw new IllegalArgumentException("postern.link.base-url must be absolute");
        }
    }
}
