package postern.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import postern.egress.Deadline;
import postern.egress.Dialer;
import postern.egress.Endpoint;
import postern.egress.HttpAnswer;
import postern.egress.HttpPost;
import postern.egress.JndiDns;
import postern.egress.TlsSockets;
import postern.webhook.DeliveryOutcome.Kind;

/**
 * Delivers to URLs of apps, signed as Standard Webhooks says. One attempt each: what failed, and
 * when it is tried again, is for the caller to remember.
 */
@Component
public final class Webhooks {

    private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
    private static final int LONGEST = 2_000;
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,%d}".formatted(LONGEST));

    private final WebhookProperties properties;
    private final Set<String> permitted;
    private final HttpPost posts;
    private final MeterRegistry meters;
    private final InstantSource clock = InstantSource.system();

    // Guarded by the monitor.
    private final Map<String, Integer> byHost = new HashMap<>();
    private int inAll;

    @Autowired
    Webhooks(
            WebhookProperties properties,
            Dialer dialer,
            SslBundles sslBundles,
            MeterRegistry meters) {
        this(
                properties,
                new HttpPost(
                        new JndiDns(null),
                        dialer,
                        TlsSockets.trusting(
                                "postern.webhooks.ssl-bundle", properties.sslBundle(), sslBundles)),
                meters);
    }

    Webhooks(WebhookProperties properties, HttpPost posts, MeterRegistry meters) {
        this.properties = properties;
        this.permitted =
                properties.permittedHosts().stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        this.posts = posts;
        this.meters = meters;
        // from the start, or Prometheus would not see the first failure as an increase
        Stream.of(DeliveryOutcome.Kind.values()).forEach(this::deliveries);
    }

    /** Throws IllegalArgumentException, whose message continues "the URL". */
    public Endpoint endpoint(String url) {
        if (!VISIBLE.matcher(url).matches()) {
            throw new IllegalArgumentException(
                    "has other characters than visible ASCII, or more than " + LONGEST);
        }
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("is no URL");
        }
        return permitted(uri) ? Endpoint.atPermittedHost(uri) : Endpoint.atPublicHost(uri);
    }

    private boolean permitted(URI uri) {
        if (uri.getHost() == null) {
            return false;
        }
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        return permitted.contains(host) || permitted.contains(host + ":" + uri.getPort());
    }

    /**
     * Sends a body once.
     *
     * @param id the same whenever the same is delivered again
     * @param secrets the present one first, and one that it has replaced lately
     */
    public DeliveryOutcome deliver(
            String url, String id, byte[] body, List<SigningSecret> secrets) {
        var outcome = attempt(url, id, body, secrets);
        deliveries(outcome.kind()).increment();
        return outcome;
    }

    private Counter deliveries(DeliveryOutcome.Kind kind) {
        return Counter.builder("postern.webhook.deliveries")
                .description("Attempts to deliver to webhooks, by outcome.")
                .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
                .register(meters);
    }

    private DeliveryOutcome attempt(
            String url, String id, byte[] body, List<SigningSecret> secrets) {
        Endpoint endpoint;
        try {
            endpoint = endpoint(url);
        } catch (IllegalArgumentException _) {
            // The operator does not permit the host any more.
            return DeliveryOutcome.without(Kind.UNREACHABLE);
        }
        if (!take(endpoint.host())) {
            return DeliveryOutcome.without(Kind.BUSY);
        }
        try {
            var answer = post(endpoint, id, body, secrets);
            return DeliveryOutcome.of(answer.status(), answer.retryAfter());
        } catch (IOException e) {
            // The JDK's messages may have addresses in them.
            log.debug("a webhook cannot be reached: {}", e.getClass().getSimpleName());
            return DeliveryOutcome.without(Kind.UNREACHABLE);
        } finally {
            give(endpoint.host());
        }
    }

    private HttpAnswer post(Endpoint endpoint, String id, byte[] body, List<SigningSecret> secrets)
            throws IOException {
        long timestamp = clock.instant().getEpochSecond();
        var fields = new LinkedHashMap<String, String>();
        fields.put("Content-Type", "application/json");
        fields.put("webhook-id", id);
        fields.put("webhook-timestamp", Long.toString(timestamp));
        fields.put(
                "webhook-signature",
                secrets.stream()
                        .map(secret -> secret.sign(id, timestamp, body))
                        .collect(Collectors.joining(" ")));
        return posts.notify(endpoint, fields, body, Deadline.in(properties.timeout()));
    }

    private synchronized boolean take(String host) {
        if (inAll >= properties.concurrency()
                || byHost.getOrDefault(host, 0) >= properties.perHost()) {
            return false;
        }
        inAll++;
        byHost.merge(host, 1, Integer::sum);
        return true;
    }

    private synchronized void give(String host) {
        inAll--;
        byHost.computeIfPresent(host, (_, n) -> n == 1 ? null : n - 1);
    }
}
