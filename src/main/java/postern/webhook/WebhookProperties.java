package postern.webhook;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Requests to the URLs that apps have subscribed with.
 *
 * @param permittedHosts Hosts that may be on the operator's own network, each as {@code host} or
 *     {@code host:port}: with any address and port, and also by http. When none is set, a URL is
 *     https on port 443 of a host whose addresses are all public. Unit: list of hosts.
 * @param timeout How long a server may take for one delivery, from the lookup of its host to the
 *     head of its response, whose body is not read. Unit: time.
 * @param concurrency How many deliveries this process makes at the same time; others wait. Unit:
 *     deliveries, at least 1.
 * @param perHost How many of them go to the same host, so that a slow one does not take all. Unit:
 *     deliveries, at least 1. Interplay: {@code postern.webhooks.concurrency}.
 * @param sslBundle The Spring SSL bundle whose authorities are trusted for these URLs. When none is
 *     set, those of the JDK are. Unit: name of a bundle.
 */
@ConfigurationProperties("postern.webhooks")
record WebhookProperties(
        @DefaultValue List<String> permittedHosts,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("64") int concurrency,
        @DefaultValue("8") int perHost,
        @Nullable String sslBundle) {

    WebhookProperties {
        permittedHosts = List.copyOf(permittedHosts);
        if (!timeout.isPositive() || concurrency < 1 || perHost < 1) {
            throw new IllegalArgumentException(
                    "postern.webhooks.timeout, concurrency and per-host must be more than nothing");
        }
    }
}
