package postern.discovery;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.ImapServer;
import postern.account.Security;
import postern.egress.Deadline;
import postern.egress.Dns;
import postern.egress.DomainName;
import postern.egress.HttpsFetch;
import postern.provider.MailServer;
import postern.provider.MailServers;
import postern.provider.SignIn;
import postern.provider.SmtpServer;
import postern.provider.UsernameForm;

/**
 * Asks the hosts of a domain where its mail is: autoconfig (two URLs), SRV (RFC 6186, RFC 8314),
 * then the MX host, which tells the provider, or whose domain has an autoconfig file. A step that
 * fails is one that found nothing.
 */
final class RemoteDiscovery {

    private static final Logger log = LoggerFactory.getLogger(RemoteDiscovery.class);
    private static final int LARGEST_FILE = 64 * 1024;

    private final Dns dns;
    private final HttpsFetch web;
    private final MailServers servers;

    RemoteDiscovery(Dns dns, HttpsFetch web, MailServers servers) {
        this.dns = dns;
        this.web = web;
        this.servers = servers;
    }

    /** Throws an IOException if the time is over. */
    Optional<FoundServers> find(DomainName domain, Deadline deadline) throws IOException {
        var autoconfig = autoconfig(domain, domain, deadline);
        if (autoconfig.isPresent()) {
            return autoconfig;
        }
        var srv = srv(domain, deadline);
        if (srv.answered()) {
            return Optional.ofNullable(srv.servers());
        }
        return mailExchanger(domain, deadline);
    }

    /** The file at this host, for addresses of that domain. */
    private Optional<FoundServers> autoconfig(DomainName host, DomainName domain, Deadline deadline)
            throws IOException {
        var file =
                file(host.child("autoconfig"), "/mail/config-v1.1.xml", deadline)
                        .or(() ->
                                file(
                                        Optional.of(host),
                                        "/.well-known/autoconfig/mail/config-v1.1.xml",
                                        deadline));
        deadline.left();
        return file.flatMap(it -> Autoconfig.read(it, domain)).map(this::recognised);
    }

    private Optional<byte[]> file(Optional<DomainName> host, String path, Deadline deadline) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(web.get(host.get(), path, LARGEST_FILE, deadline));
        } catch (IOException e) {
            log.debug("no autoconfig file: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * @param answered whether the domain has a record, which may say that there is no IMAP
     */
    private record SrvAnswer(boolean answered, @Nullable FoundServers servers) {}

    private SrvAnswer srv(DomainName domain, Deadline deadline) throws IOException {
        var tls = service("_imaps._tcp", domain, deadline);
        var startTls = service("_imap._tcp", domain, deadline);
        var imap = server(tls, Security.TLS).or(() -> server(startTls, Security.STARTTLS));
        if (imap.isEmpty()) {
            return new SrvAnswer(tls.isPresent() || startTls.isPresent(), null);
        }
        var found =
                new FoundServers.Foreign(
                        FoundServers.Source.SRV,
                        imap.get(),
                        submission(domain, deadline),
                        UsernameForm.ADDRESS,
                        Set.of(SignIn.PASSWORD));
        return new SrvAnswer(true, recognised(found));
    }

    private @Nullable SmtpServer submission(DomainName domain, Deadline deadline)
            throws IOException {
        var tls = service("_submissions._tcp", domain, deadline);
        var startTls = service("_submission._tcp", domain, deadline);
        return server(tls, Security.TLS)
                .or(() -> server(startTls, Security.STARTTLS))
                .map(it -> new SmtpServer(it.host(), it.port(), it.security()))
                .orElse(null);
    }

    private Optional<Dns.Service> service(String name, DomainName domain, Deadline deadline)
            throws IOException {
        deadline.left();
        try {
            return dns.services(name + "." + domain).stream().findFirst();
        } catch (IOException e) {
            log.debug("no SRV records: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<ImapServer> server(Optional<Dns.Service> service, Security security) {
        return service.filter(it -> it.port() >= 1 && it.port() <= 65_535)
                .flatMap(it ->
                        it.host().map(host -> new ImapServer(host.text(), it.port(), security)));
    }

    private Optional<FoundServers> mailExchanger(DomainName domain, Deadline deadline)
            throws IOException {
        deadline.left();
        var host = firstMailExchanger(domain);
        if (host.isEmpty()) {
            return Optional.empty();
        }
        var known = servers.ofMailExchanger(host.get().text());
        if (known.isPresent()) {
            return known.map(it -> new FoundServers.Known(FoundServers.Source.MX, it));
        }
        var parent = host.get().parent().filter(it -> !it.equals(domain));
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        var byDomain = servers.ofDomain(parent.get().text());
        return byDomain.isPresent()
                ? byDomain.map(it -> new FoundServers.Known(FoundServers.Source.MX, it))
                : autoconfig(parent.get(), domain, deadline);
    }

    private Optional<DomainName> firstMailExchanger(DomainName domain) {
        try {
            return dns.mailExchangers(domain).stream().findFirst();
        } catch (IOException e) {
            log.debug("no MX records: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** What a stranger's host named may be a server that the gateway knows. */
    private FoundServers recognised(FoundServers.Foreign found) {
        Optional<MailServer> known = servers.at(found.imap());
        return known.<FoundServers>map(it -> new FoundServers.Known(found.source(), it))
                .orElse(found);
    }
}
