package postern.discovery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import postern.cache.MeasuredCache;
import postern.egress.Deadline;
import postern.egress.Dialer;
import postern.egress.DomainName;
import postern.egress.HttpsFetch;
import postern.egress.JndiDns;
import postern.egress.TlsSockets;
import postern.oauth.OAuthClients;
import postern.provider.MailServer;
import postern.provider.MailServers;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Finds the mail server of an address: that of a configured server, of a preset, and else, where
 * the operator has switched that on, the one that the domain itself names.
 */
@Component
final class Discovery implements MeasuredCache {

    private static final int CACHE_OCTETS = 4 * 1024 * 1024;

    /** Approximate memory of a domain: its name, what was found, Caffeine's node. */
    private static final int ENTRY_OCTETS = 600;

    private final MailServers servers;
    private final OAuthClients clients;
    private final DiscoveryProperties properties;
    private final RemoteDiscovery remote;
    private final Semaphore places;
    private final Cache<DomainName, Optional<FoundServers>> remembered;

    Discovery(
            MailServers servers,
            OAuthClients clients,
            DiscoveryProperties properties,
            Dialer dialer,
            SslBundles sslBundles) {
        this.servers = servers;
        this.clients = clients;
        this.properties = properties;
        var dns = new JndiDns(properties.dns());
        var web =
                new HttpsFetch(
                        dns,
                        dialer,
                        TlsSockets.trusting(
                                "postern.discovery.ssl-bundle",
                                properties.sslBundle(),
                                sslBundles));
        this.remote = new RemoteDiscovery(dns, web, servers);
        this.places = new Semaphore(properties.maxConcurrent());
        this.remembered =
                Caffeine.newBuilder()
                        .expireAfterWrite(properties.remembered())
                        .maximumWeight(CACHE_OCTETS)
                        .weigher((DomainName _, Optional<FoundServers> _) -> ENTRY_OCTETS)
                        .recordStats()
                        .build();
    }

    @Override
    public String cacheName() {
        return "discovery";
    }

    @Override
    public Cache<?, ?> cache() {
        return remembered;
    }

    DiscoveredServers find(DiscoveryRequest request) {
        var domain = domain(request.email());
        return known(domain)
                .or(() -> properties.remote() ? remote(domain) : Optional.empty())
                .map(found -> DiscoveredServers.of(found, clients, servers))
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.SERVER_NOT_FOUND,
                                "the mail server of this domain is not known"));
    }

    private static DomainName domain(String email) {
        int at = email.lastIndexOf('@');
        return (at < 1 ? Optional.<DomainName>empty() : DomainName.parse(email.substring(at + 1)))
                .orElseThrow(() ->
                        InvalidRequest.at("/email", "must be an address of an Internet domain"));
    }

    private Optional<FoundServers> known(DomainName domain) {
        return servers.ofDomain(domain.text())
                .map(server ->
                        new FoundServers.Known(
                                server.source() == MailServer.Source.SERVER
                                        ? FoundServers.Source.SERVER
                                        : FoundServers.Source.PRESET,
                                server));
    }

    private Optional<FoundServers> remote(DomainName domain) {
        var before = remembered.getIfPresent(domain);
        if (before != null) {
            return before;
        }
        if (!places.tryAcquire()) {
            throw new TooManyDiscoveries();
        }
        var deadline = Deadline.in(properties.timeout());
        // It goes on when the caller has given up: it keeps its place until the last step ends.
        var task =
                new FutureTask<>(() -> {
                    try {
                        var found = remote.find(domain, deadline);
                        remembered.put(domain, found);
                        return found;
                    } finally {
                        places.release();
                    }
                });
        Thread.ofVirtual().name("discovery").start(task);
        return await(task);
    }

    private Optional<FoundServers> await(FutureTask<Optional<FoundServers>> task) {
        try {
            return task.get(properties.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw tooSlow();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException) {
                throw tooSlow();
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw tooSlow();
        }
    }

    private static ProblemException tooSlow() {
        return new ProblemException(
                ProblemCode.SERVER_TIMED_OUT, "the hosts of this domain do not answer in time");
    }
}
