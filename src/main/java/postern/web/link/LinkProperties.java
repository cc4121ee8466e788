package postern.web.link;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Signed links: URLs of single files that need no {@code Authorization} header.
 *
 * @param lifetime How long a link can be opened when the client does not ask for another time, and
 *     how long the pictures of a page with {@code links=signed} can. Unit: time, one second at
 *     least. Interplay: a link that was made in a session ends with the session at the latest
 *     ({@code postern.session.lifetime}).
 * @param longestLifetime The longest lifetime that a client may ask for. Unit: time. Interplay: not
 *     shorter than {@code lifetime}.
 * @param baseUrl The public address of the gateway, with its context path, which every link then
 *     starts with. When it is not set, links start with the context path ({@code
 *     server.servlet.context-path}) and have no host. Unit: absolute URL. Interplay: needed when
 *     pages of another host show the links.
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
