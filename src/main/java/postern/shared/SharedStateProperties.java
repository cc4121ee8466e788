package postern.shared;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Where the replicas share what they must all know.
 *
 * @param url The Valkey or Redis server: {@code redis://valkey:6379}, {@code
 *     rediss://user:password@valkey:6379/1} with TLS and a login. When none is set, each process
 *     keeps it in memory: logouts and sign-ins by code are then known to one replica, and end with
 *     it. Unit: URL. Interplay: needs the same {@code postern.session.keys} on all replicas. Give
 *     the server a {@code maxmemory} with the policy {@code noeviction}, so that it loses nothing
 *     silently, and an append-only file where sign-ins shall survive its restart.
 * @param prefix What its keys begin with, so that several gateways can use one server. Unit: text.
 *     Interplay: the same on all replicas.
 * @param timeout How long the gateway waits for an answer of that server; after a failure it does
 *     without for a second, and then tries again. Unit: time. Interplay: a request may ask more
 *     than once, so that it is far below {@code postern.imap.request-timeout}.
 */
@ConfigurationProperties("postern.shared")
record SharedStateProperties(
        @Nullable URI url,
        @DefaultValue("postern") String prefix,
        @DefaultValue("500ms") Duration timeout) {

    SharedStateProperties {
        Assert.isTrue(timeout.isPositive(), "postern.shared.timeout must be positive");
        Assert.isTrue(
                prefix.matches("[A-Za-z0-9_-]{1,40}"),
                "postern.shared.prefix must be letters, digits, - and _");
        Assert.isTrue(
                url == null || "redis".equals(url.getScheme()) || "rediss".equals(url.getScheme()),
                "postern.shared.url must begin with redis:// or rediss://");
    }

    /** Without the URL, which may have a password. */
    @Override
    public String toString() {
        return "SharedStateProperties[prefix=%s, timeout=%s]".formatted(prefix, timeout);
    }
}
