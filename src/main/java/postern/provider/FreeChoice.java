package postern.provider;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import postern.account.ImapServer;
import postern.account.Security;
import postern.egress.DomainName;
import postern.egress.JndiDns;
import postern.egress.PublicHosts;

/**
 * Which mail servers callers may name by host, where the operator has switched that on: those with
 * a name of the public DNS, on the ports of IMAP, with TLS before a password is sent. Their
 * addresses are judged when they are connected to.
 */
final class FreeChoice {

    /** Those of IMAP (RFC 9051, RFC 8314), so that no other service is talked to. */
    private static final Set<Integer> PORTS = Set.of(143, 993);

    private static final int REGISTERED_LABELS = 2;

    private final FreeChoiceProperties properties;
    private final PublicHosts hosts;

    FreeChoice(FreeChoiceProperties properties) {
        this.properties = properties;
        this.hosts = new PublicHosts(new JndiDns(properties.dns()));
    }

    boolean enabled() {
        return properties.enabled();
    }

    int maxConnections() {
        return properties.maxConnections();
    }

    boolean permits(ImapServer server) {
        return enabled()
                && PORTS.contains(server.port())
                && server.security() != Security.NONE
                && name(server).isPresent();
    }

    /** The address to connect to. Any failure is an IOException, without details. */
    InetSocketAddress address(ImapServer server) throws IOException {
        if (!permits(server)) {
            throw new UnknownHostException();
        }
        return hosts.address(name(server).orElseThrow(), server.port());
    }

    /**
     * The last labels of the host. One server may have many names below a domain, with a
     * certificate for all of them.
     */
    static String domain(ImapServer server) {
        var labels = server.host().split("\\.");
        return labels.length <= REGISTERED_LABELS
                ? server.host()
                : labels[labels.length - 2] + "." + labels[labels.length - 1];
    }

    private static Optional<DomainName> name(ImapServer server) {
        return DomainName.parse(server.host()).filter(it -> it.text().equals(server.host()));
    }
}
